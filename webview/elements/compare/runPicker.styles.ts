import { css } from 'lit';

export const runPickerStyles = css`
  :host {
    flex: 0 1 240px;
    min-width: 120px;
  }
  .picker {
    position: relative;
  }
  input {
    width: 100%;
    height: 26px;
    padding: 0 6px;
    color: var(--vscode-input-foreground);
    background: var(--vscode-input-background);
    border: 1px solid var(--vscode-input-border, var(--ps-line));
    border-radius: 2px;
    font: inherit;
  }
  input::placeholder {
    color: var(--vscode-input-placeholderForeground);
    opacity: 1;
  }
  .popup {
    position: absolute;
    inset: 28px auto auto 0;
    z-index: 10;
    width: min(420px, calc(100vw - 32px));
    padding: 6px;
    background: var(--vscode-editorWidget-background, #252526);
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorWidget-border, #454545));
    border-radius: 4px;
  }
  [role='listbox'] {
    max-height: min(300px, 50vh);
    overflow: hidden auto;
  }
  .option {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 28px;
    padding: 2px 6px;
    border: 1px solid transparent;
    border-radius: 2px;
    cursor: pointer;
  }
  .option:hover {
    background: var(--vscode-list-hoverBackground);
  }
  .option.active {
    color: var(--vscode-list-activeSelectionForeground);
    background: var(--vscode-list-activeSelectionBackground);
    border-color: var(--vscode-contrastActiveBorder, transparent);
  }
  .option.active .caption {
    color: inherit;
  }
  .text {
    display: grid;
    min-width: 0;
  }
  p.caption {
    margin: 6px 6px 2px;
  }
`;
