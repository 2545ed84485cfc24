import { t } from '@vscode/l10n';
import { css, html, type TemplateResult } from 'lit';

/** What to send so that a region fills: a sentence, and one event of its kind. */
export function hint(nothing: string, example: Record<string, unknown>): TemplateResult {
  const reporting = t(
    'docs/reporting.md lists all events; in VS Code, "Pipescope: Copy Reporting Snippet..." writes the code that sends them.',
  );
  return html`<div class="hint">
    <p>${nothing} ${t('It fills with events such as this one, sent to POST /api/v1/events:')}</p>
    <code>${JSON.stringify(example)}</code>
    <p class="caption">${reporting}</p>
  </div>`;
}

export const hintStyles = css`
  .hint {
    max-width: 720px;
    padding: 8px 0;
    color: var(--ps-muted);
  }
  .hint p {
    margin: 0 0 8px;
  }
  .hint code {
    display: block;
    margin: 0 0 8px;
    padding: 8px;
    color: var(--vscode-foreground);
    background: var(--vscode-textCodeBlock-background, rgba(128, 128, 128, 0.12));
    border: 1px solid var(--ps-edge);
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 12px;
    overflow-wrap: anywhere;
  }
`;
