/** What the analysis says needs attention now. */
import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { Finding } from '../../../service/protocol/finding.ts';
import type { App } from '../../app.ts';
import type { FoundPage } from '../../findingView.ts';
import { foundList } from '../shared/foundList.ts';

const MOST = 5;
export const ATTENTION_PATH = '/api/v1/findings?open=true&limit=50';
/** What comes soon and what holds back now come before what was found over runs. */
const ORDER: readonly Finding['kind'][] = ['prediction', 'bottleneck', 'anomaly', 'change'];

/** The most urgent kinds first, the surest of each kind first. */
export function urgentFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || b.confidence - a.confidence,
  );
}

export function attention({ findings, total }: FoundPage, app: App): TemplateResult {
  if (findings.length === 0)
    return html`<p class="none muted">
      ${t('The analysis finds nothing that is odd, has changed or runs into a limit.')}
    </p>`;
  const shown = urgentFirst(findings).slice(0, MOST);
  return foundList(t('Needs attention'), { findings: shown, more: total - shown.length }, app);
}
