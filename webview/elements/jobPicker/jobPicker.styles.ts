import { css } from 'lit';

export const pickerStyles = css`
  :host {
    flex: none;
    min-width: 0;
    max-width: 100%;
  }
  .picker {
    position: relative;
    min-width: 0;
  }
  .current {
    display: flex;
    align-items: center;
    gap: 4px;
    max-width: min(360px, calc(100% + 6px));
    height: 28px;
    padding: 0 6px;
    margin-inline-start: -6px;
    border: 1px solid var(--ps-edge);
    border-radius: 4px;
    font-weight: 600;
    font-size: 14px;
  }
  .current:hover {
    background: var(--vscode-toolbar-hoverBackground);
  }
  .popup {
    position: absolute;
    inset: 30px auto auto -6px;
    z-index: 10;
    width: min(420px, calc(100vw - 16px));
    padding: 6px;
    background: var(--vscode-editorWidget-background, #252526);
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorWidget-border, #454545));
    border-radius: 4px;
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
  [role='listbox'] {
    max-height: min(360px, 60vh);
    margin-top: 6px;
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
  .end {
    margin-inline-start: auto;
  }
  p.caption {
    margin: 6px 6px 2px;
  }
`;
