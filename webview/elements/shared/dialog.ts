import { css } from 'lit';

/** A box over the page, with a heading. */
export const dialogStyles = css`
  dialog {
    padding: 16px;
    max-width: min(480px, calc(100vw - 32px));
    color: var(--vscode-foreground);
    background: var(--vscode-editorWidget-background, #252526);
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorWidget-border, #454545));
    border-radius: 4px;
  }
  h2 {
    margin: 0 0 8px;
    font-size: 13px;
  }
`;
