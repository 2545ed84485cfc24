import { t } from '@vscode/l10n';
import { css, html, nothing, type TemplateResult } from 'lit';
import { count, exactTime } from '../../../service/protocol/describe.ts';
import type { Finding } from '../../../service/protocol/finding.ts';
import type { App } from '../../app.ts';
import { KIND_SIGNS, kindWord, leadTo, sureOf } from '../../findingView.ts';
import { sentenceOf } from '../../findingWords.ts';
import { icon } from '../../icons.ts';

export const foundStyles = css`
  ul.found {
    list-style: none;
    margin: 8px 0 0;
    padding: 0;
  }
  ul.found li {
    display: flex;
    align-items: flex-start;
    gap: 4px;
    min-height: 24px;
    padding: 2px;
    border: 0;
    overflow-wrap: anywhere;
  }
  ul.found li > span {
    min-width: 0;
  }
  ul.found button {
    white-space: normal;
    text-align: start;
  }
`;

/** What the analysis found, one line each: what it is, what is so, and how sure that is. Each leads to where more stands. */
export function foundList(
  name: string,
  { findings, more }: { findings: readonly Finding[]; more: number },
  app: App,
): TemplateResult {
  return html`<ul class="found" aria-label=${name}>
    ${findings.map((one) => row(one, app))}
    ${more > 0 ? html`<li class="caption">${count(more, t('And {0} more.'), t('And {0} more.'))}</li>` : nothing}
  </ul>`;
}

function row(one: Finding, app: App): TemplateResult {
  return html`<li>
    ${icon(KIND_SIGNS[one.kind])}
    <span
      ><span class="muted">${kindWord(one)}:</span>
      <button
        class="plain link"
        title=${t('Since {0}', exactTime(one.since))}
        @click=${() => leadTo(app, one)}
      >
        <bdi>${sentenceOf(one)}</bdi>
      </button>
      <span class="muted">· ${sureOf(one)}</span></span
    >
  </li>`;
}
