import { duration } from '../../protocol/describe.ts';
import type { RuleParams } from '../../protocol/rule.ts';
import { boundOf } from './bound.ts';
import { type OnSeries, beginning } from './kind.ts';
import { judgeValue } from './seriesVerdict.ts';
import { aggregated, aggregatedUnit, componentOf, isTotal } from './seriesWords.ts';
import { amount } from './words.ts';

/** Any series that changes much: the last `range_ms` against the same time before it. */
export const rateOfChange: OnSeries<'rate_of_change'> = {
  kind: 'rate_of_change',
  watches: 'series',
  unit: ({ unit }) => (unit === 'percent' ? 'percent' : null),
  bound: ({ change }) => ({ direction: 'above', threshold: change }),
  scope: ['pipeline', 'phase', 'worker', 'subject', 'labels'],
  builtin: false,
  begin: () =>
    beginning('rate_of_change', {
      name: 'New rule',
      params: {
        metric: 'request_duration_ms',
        labels: {},
        group_by: ['endpoint'],
        aggregation: 'avg',
        range_ms: 600_000,
        direction: 'up',
        change: 50,
        unit: 'percent',
      },
    }),
  series: ({ params: { metric, labels, group_by, range_ms } }) => ({
    ...{ metrics: [metric], labels, group_by, range_ms, twice: true },
    ...componentOf(group_by),
  }),
  limit: 'change',
  value: (subject, { params }) => {
    const { metric, aggregation } = params;
    // A total of half the time before would make any present a rise.
    if (!subject.covered && isTotal(aggregation)) return null;
    const now = subject.now(metric).value(aggregation);
    const before = subject.before(metric).value(aggregation);
    return now === null || before === null ? null : changeOf(now, before, params);
  },
  judge: (subject, rule) => {
    const { params, recovery } = rule;
    const { metric, aggregation, range_ms, direction, change } = params;
    const now = subject.now(metric).value(aggregation) ?? NaN;
    const before = subject.before(metric).value(aggregation) ?? NaN;
    const unit = aggregatedUnit(subject.unit, aggregation);
    const bound = boundOf({ direction: 'above', threshold: change }, recovery);
    return judgeValue(rateOfChange.value(subject, rule), bound, {
      ...{ unit: params.unit === 'percent' ? 'percent' : unit, metric },
      describe: (value, limit) => ({
        title: `${subject.name} changes much`,
        description: `${aggregated(aggregation)} of ${subject.name} went from ${amount(before, unit)} to ${amount(now, unit)} within ${duration(range_ms)}: ${words(direction)} ${value}; the threshold is ${limit}.`,
      }),
    });
  },
};

/** Null where there is no percentage: of nothing. */
function changeOf(
  now: number,
  before: number,
  { direction, unit }: RuleParams<'rate_of_change'>,
): number | null {
  const change = now - before;
  const signed = direction === 'any' ? Math.abs(change) : direction === 'down' ? -change : change;
  if (unit === 'value') return signed;
  return before === 0 ? null : (signed / Math.abs(before)) * 100;
}

function words(direction: RuleParams<'rate_of_change'>['direction']): string {
  return { up: 'up by', down: 'down by', any: 'a change of' }[direction];
}
