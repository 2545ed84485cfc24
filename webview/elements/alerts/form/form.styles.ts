import { css } from 'lit';

/** One column of fields, as in the editor of VS Code's settings. */
export const formStyles = css`
  :host {
    container-type: inline-size;
  }
  .form {
    max-width: 720px;
  }
  h3,
  h4 {
    margin: 0 0 8px;
    font-size: 13px;
    font-weight: 600;
  }
  h4 {
    margin: 20px 0 0;
    padding-top: 12px;
    border-top: 1px solid var(--ps-line);
  }
  .item {
    margin: 12px 0;
  }
  .item > label {
    display: block;
    width: fit-content;
    margin-bottom: 4px;
    font-weight: 600;
  }
  .item > label.box {
    display: flex;
    margin: 0;
    font-weight: inherit;
  }
  p {
    margin: 4px 0;
  }
  .help {
    color: var(--ps-muted);
    overflow-wrap: anywhere;
  }
  .item input:not([type='checkbox']),
  select,
  textarea {
    max-width: 100%;
    min-height: 26px;
    padding: 3px 6px;
    color: var(--vscode-input-foreground, inherit);
    background: var(--vscode-input-background, transparent);
    border: 1px solid var(--vscode-input-border, var(--ps-line));
    border-radius: 2px;
    font: inherit;
  }
  .item input:not([type='checkbox']),
  textarea {
    width: 420px;
  }
  .item input.short:not([type='checkbox']) {
    width: 110px;
  }
  select {
    color: var(--vscode-dropdown-foreground, inherit);
    background: var(--vscode-dropdown-background, transparent);
    border-color: var(--vscode-dropdown-border, var(--ps-line));
  }
  textarea {
    display: block;
    min-height: 48px;
    resize: vertical;
  }
  :disabled {
    opacity: 0.7;
  }
  .item [aria-invalid='true']:is(input, select, textarea) {
    border-color: var(--vscode-inputValidation-errorBorder, var(--ps-bad));
    outline-color: var(--vscode-inputValidation-errorBorder, var(--ps-bad));
  }
  .unit {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .box {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 24px;
    overflow-wrap: anywhere;
  }
  .boxes {
    padding-inline-start: 24px;
  }
  input[type='checkbox'] {
    flex: none;
    width: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--vscode-focusBorder, #007fd4);
  }
  .problem {
    color: var(--ps-bad);
    overflow-wrap: anywhere;
  }
  .problem:empty {
    display: none;
  }
  .note {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    margin: 8px 0;
    padding: 8px;
    border: 1px solid var(--vscode-inputValidation-warningBorder, var(--ps-warn));
    border-radius: 2px;
  }
  .note p {
    flex: 1 1 240px;
    margin: 0;
  }
  .end {
    position: sticky;
    bottom: 0;
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 16px;
    padding: 8px 0;
    background: var(--vscode-editor-background, Canvas);
    border-top: 1px solid var(--ps-line);
  }
  @container (max-width: 599px) {
    .item input:not([type='checkbox'], .short),
    textarea {
      width: 100%;
    }
  }
`;
