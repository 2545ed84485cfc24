import { css } from 'lit';

export const timePickerStyles = css`
  :host {
    position: relative;
    flex: none;
    max-width: 100%;
  }
  .bar {
    display: flex;
    align-items: center;
    gap: 2px;
  }
  .current {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-height: 24px;
    max-width: 260px;
    padding: 0 6px;
    border: 1px solid var(--vscode-contrastBorder, var(--ps-line));
    border-radius: 4px;
  }
  .current:hover {
    background: var(--vscode-toolbar-hoverBackground);
  }
  .popup {
    position: absolute;
    inset: calc(100% + 2px) 0 auto auto;
    z-index: 10;
    width: 260px;
    max-width: calc(100vw - 16px);
    max-height: 75vh;
    overflow: auto;
    padding: 4px;
    color: var(--vscode-menu-foreground, var(--vscode-foreground));
    background: var(--vscode-menu-background, var(--vscode-editorWidget-background, #252526));
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-menu-border, var(--ps-line)));
    border-radius: 4px;
  }
  [role='option'] {
    display: flex;
    align-items: center;
    justify-content: space-between;
    width: 100%;
    min-height: 26px;
    padding: 2px 8px;
    border-radius: 2px;
    cursor: pointer;
  }
  [role='option']:hover,
  [role='option'].active {
    background: var(
      --vscode-menu-selectionBackground,
      var(--vscode-list-activeSelectionBackground)
    );
    color: var(--vscode-menu-selectionForeground, inherit);
    outline: 1px solid var(--vscode-menu-selectionBorder, transparent);
    outline-offset: -1px;
  }
  form {
    display: grid;
    gap: 4px;
    margin-top: 4px;
    padding: 8px;
    border-top: 1px solid var(--ps-line);
  }
  input {
    width: 100%;
    min-height: 26px;
    padding: 0 6px;
    color: var(--vscode-input-foreground);
    background: var(--vscode-input-background);
    border: 1px solid var(--vscode-input-border, var(--ps-line));
    border-radius: 2px;
    font: inherit;
    color-scheme: inherit;
  }
  input[aria-invalid='true'] {
    border-color: var(--vscode-inputValidation-errorBorder, var(--ps-bad));
  }
  .problem {
    margin: 0;
    color: var(--ps-bad);
  }
  form vscode-button {
    margin-top: 4px;
  }
  p {
    margin: 4px 8px;
  }
  @media (max-width: 599px) {
    .popup {
      position: fixed;
      inset: auto 8px auto auto;
    }
    .current {
      max-width: 170px;
    }
  }
`;
