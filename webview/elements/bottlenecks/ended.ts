/** Bottlenecks that are over, of the last hour. */
import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { BottleneckKind } from '../../../service/protocol/bottleneck.ts';
import { duration, exactTime, relativeTime } from '../../../service/protocol/describe.ts';
import type { Finding } from '../../../service/protocol/finding.ts';
import { endingOf, sentenceOf, titleOf } from '../../findingWords.ts';
import { icon } from '../../icons.ts';
import type { Content } from '../shared/region.ts';
import { KIND_ICONS } from './impact.ts';

export const ENDED_PATH = '/api/v1/findings?kind=bottleneck&open=false&limit=50';
const HOUR_MS = 3_600_000;
/** More would be a log. */
const MOST = 10;

/** The newest first, of those that ended within the last hour. */
export function endedLately(findings: readonly Finding[], now: number): Finding[] {
  const from = now - HOUR_MS;
  return findings
    .filter(({ until }) => until !== null && Date.parse(until) >= from)
    .sort((a, b) => Date.parse(b.until ?? '') - Date.parse(a.until ?? ''))
    .slice(0, MOST);
}

export interface EndedActions {
  now: number;
  /** The one whose evidence is shown. */
  opened: string | null;
  toggle: (id: string) => void;
  evidence: (one: Finding) => Content;
}

export function endedList(
  findings: readonly Finding[],
  { now, opened, toggle, evidence }: EndedActions,
): TemplateResult {
  return html`<ul class="now" aria-label=${t('Ended in the last hour')}>
    ${findings.map((one) => {
      const { since, until, ended_why: why } = one;
      const lasted = duration(Date.parse(until ?? '') - Date.parse(since));
      const isOpened = opened === one.finding_id;
      const kind = one.class in KIND_ICONS ? (one.class as BottleneckKind) : 'CUSTOM';
      return html`<li>
        ${icon(KIND_ICONS[kind])}
        <span class="what">
          <strong><bdi>${titleOf(one)}</bdi></strong>
          <span class="muted"
            >${t('lasted {0}', lasted)} ·
            <span title=${exactTime(until ?? since)}
              >${t('ended {0}', relativeTime(until ?? since, now))}</span
            ></span
          ><br /><bdi>${sentenceOf(one)}</bdi>
          ${why === null ? '' : html`<span class="muted"><bdi>${endingOf(why)}</bdi></span>`}<br /><button
            class="plain link"
            aria-expanded=${isOpened ? 'true' : 'false'}
            aria-label=${t('Evidence of: {0}', titleOf(one))}
            @click=${() => toggle(one.finding_id)}
          >
            ${icon(isOpened ? 'chevronDown' : 'chevronRight')}${t('Evidence')}
          </button>
        </span>
        ${isOpened ? evidence(one) : ''}
      </li>`;
    })}
  </ul>`;
}
