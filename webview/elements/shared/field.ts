import { css } from 'lit';

/** `<input class="field">`: a text field; the same for `select` and `textarea`. The toolkit's own takes its name away as it is connected. */
export const fieldStyles = css`
  .field {
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
  select.field {
    flex: 0 1 auto;
    padding: 0 4px;
    color: var(--vscode-dropdown-foreground, inherit);
    background: var(--vscode-dropdown-background, transparent);
  }
  .field::placeholder {
    color: var(--vscode-input-placeholderForeground);
    opacity: 1;
  }
`;
