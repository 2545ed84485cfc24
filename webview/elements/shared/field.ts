import { css } from 'lit';

/** `<input class="field">`: a text field. The toolkit's own takes its name away as it is connected. */
export const fieldStyles = css`
  input.field {
    flex: 1 1 160px;
    min-width: 0;
    height: 26px;
    padding: 0 8px;
    color: var(--vscode-input-foreground, inherit);
    background: var(--vscode-input-background, transparent);
    border: 1px solid var(--vscode-dropdown-border, var(--ps-line));
    border-radius: 2px;
    font: inherit;
  }
  input.field::placeholder {
    color: var(--vscode-input-placeholderForeground);
    opacity: 1;
  }
`;
