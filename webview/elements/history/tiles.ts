import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { duration, percent, statusWord } from '../../../service/protocol/describe.ts';
import type { JobStatistics } from '../../../service/protocol/jobStatistics.ts';
import { STATUSES } from '../../../service/protocol/states.ts';
import { number } from '../../format.ts';
import type { Content } from '../shared/region.ts';

/** The runs that match, in numbers. */
export function tiles(statistics: JobStatistics | undefined): Content {
  const is = statistics;
  const say = <T>(value: T | undefined, as: (value: T) => string): string =>
    value === undefined ? '…' : as(value);
  return html`<dl class="tiles">
    ${tile(t('Runs'), say(is?.executions_total, number), is === undefined ? '' : statusLine(is))}
    ${tile(t('Success rate'), say(is?.success_rate_percent, percent), t('of completed and failed runs'))}
    ${tile(t('Median time'), say(is?.p50_duration_ms, duration), averageLine(is))}
    ${tile(t('p95 time'), say(is?.p95_duration_ms, duration), rangeLine(is))}
  </dl>`;
}

function tile(name: string, value: string, more: string): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd class="number">${value}</dd>
    <dd class="caption number">${more}&nbsp;</dd>
  </div>`;
}

function statusLine({ by_status }: JobStatistics): string {
  return STATUSES.filter((status) => (by_status[status] ?? 0) > 0)
    .map((status) => `${number(by_status[status])} ${statusWord(status)}`)
    .join(' · ');
}

function averageLine(is: JobStatistics | undefined): string {
  const average = is?.average_duration_ms ?? null;
  return average === null ? '' : t('average {0}', duration(average));
}

function rangeLine(is: JobStatistics | undefined): string {
  const { min_duration_ms: min = null, max_duration_ms: max = null } = is ?? {};
  return min === null || max === null ? '' : t('{0} to {1}', duration(min), duration(max));
}
