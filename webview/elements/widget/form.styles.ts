import { css } from 'lit';

export const formStyles = css`
  dialog {
    width: min(480px, calc(100vw - 32px));
    max-height: calc(100vh - 32px);
    overflow: auto;
  }
  h3 {
    margin: 0 0 8px;
    font-size: 13px;
    font-weight: 600;
  }
  form {
    display: grid;
    gap: 4px;
  }
  label {
    margin-top: 6px;
  }
  input,
  select,
  textarea {
    width: 100%;
    min-height: 28px;
    padding: 4px 6px;
    color: var(--vscode-input-foreground);
    background: var(--vscode-input-background);
    border: 1px solid var(--vscode-input-border, var(--ps-line));
    border-radius: 2px;
    font: inherit;
  }
  textarea {
    min-height: 48px;
    resize: vertical;
  }
  [aria-invalid='true'] {
    border-color: var(--vscode-inputValidation-errorBorder, var(--ps-bad));
  }
  .problem {
    margin: 0;
    color: var(--ps-bad);
    overflow-wrap: anywhere;
  }
  .problem:empty {
    display: none;
  }
  .end {
    display: flex;
    justify-content: flex-end;
    gap: 8px;
    margin-top: 12px;
  }
`;
