import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { Bottleneck } from '../../../service/protocol/bottleneck.ts';
import type { Severity } from '../../../service/protocol/states.ts';
import { duration, exactTime } from '../../../service/protocol/describe.ts';
import { setCss } from '../../cssDirective.ts';
import { asFinding, sentenceOf } from '../../findingWords.ts';
import { icon } from '../../icons.ts';
import type { Content } from '../shared/region.ts';
import { severityLabel } from '../shared/status.ts';
import { clamped, impactWords, KIND_ICONS, sureWords } from './impact.ts';
import { measuredOf, severityOf, type Where, whatOf, whereOf } from './words.ts';

export interface RowActions {
  /** Epoch milliseconds. */
  now: number;
  lead: (where: Where) => void;
  /** Opens or closes the evidence. */
  toggle: () => void;
  /** What is opened below; null while it is closed. */
  evidence: Content | null;
}

/** One bottleneck: what and where, what it costs and how sure that is, and on demand the series that show it. */
export function bottleneckRow(one: Bottleneck, actions: RowActions): TemplateResult {
  const where = whereOf(one);
  const { evidence } = actions;
  const since = duration(actions.now - Date.parse(one.since));
  return html`<li class="bottleneck">
    <span class="label">${severityLabel(severityOf(one))}</span>
    <div class="what">
      ${icon(KIND_ICONS[one.kind])} <strong><bdi>${whatOf(one)}</bdi></strong> ·
      <button class="plain link" @click=${() => actions.lead(where)}>
        <bdi>${where.text}</bdi>
      </button>
      <span class="muted" title=${exactTime(one.since)}>· ${t('for {0}', since)}</span>
      ${cost(one)}
      <span class="number">${measuredOf(one)}</span>
      ${
        one.evidence_series.length === 0
          ? nothing
          : html`<button
              class="plain link"
              aria-expanded=${evidence === null ? 'false' : 'true'}
              aria-label=${t('Evidence of: {0}', `${whatOf(one)}, ${where.text}`)}
              @click=${actions.toggle}
            >
              ${icon(evidence === null ? 'chevronRight' : 'chevronDown')}${t('Evidence')}
            </button>`
      }
      ${evidence === null ? nothing : html`<p class="muted"><bdi>${sentenceOf(asFinding(one))}</bdi></p>`}
    </div>
    ${evidence ?? nothing}
  </li>`;
}

function meter(impact: number, severity: Severity): TemplateResult {
  const width = `${Math.round(clamped(impact) * 100)}%`;
  return html`<div class="meter" aria-hidden="true">
    <div class=${severity} ${setCss({ width })}></div>
  </div>`;
}

/** Its share as a bar and in words: the bar says nothing that the words do not. */
function cost(one: Bottleneck): TemplateResult {
  return html`<div class="cost">
    ${one.impact === null ? nothing : meter(one.impact, severityOf(one))}
    <span class="number"
      >${impactWords(one)}
      <span class="muted" title=${t('How sure it is that this is what holds back')}
        >· ${sureWords(one.confidence)}</span
      ></span
    >
  </div>`;
}
