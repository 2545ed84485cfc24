import { duration } from '../../protocol/describe.ts';
import { boundOf } from './bound.ts';
import { type KindPart, beginning } from './kind.ts';
import { judgeValue } from './seriesVerdict.ts';
import { aggregated, aggregatedUnit, componentOf, unlessPartial } from './seriesWords.ts';

/** Any series over or under a bound. */
export const threshold: KindPart<'threshold'> = {
  kind: 'threshold',
  watches: 'series',
  unit: () => null,
  bound: ({ direction, value }) => ({ direction, threshold: value }),
  scope: ['pipeline', 'phase', 'worker', 'subject', 'labels'],
  builtin: false,
  begin: () =>
    beginning('threshold', {
      name: 'New rule',
      for_ms: 60_000,
      params: {
        metric: 'cpu_percent',
        labels: { source: 'host' },
        group_by: [],
        aggregation: 'avg',
        range_ms: 300_000,
        direction: 'above',
        value: 90,
      },
    }),
  series: ({ params: { metric, labels, group_by, range_ms } }) => ({
    ...{ metrics: [metric], labels, group_by, range_ms, twice: false },
    ...componentOf(group_by),
  }),
  limit: 'value',
  value: (subject, { params: { metric, aggregation } }) => subject.now(metric).value(aggregation),
  judge: (subject, { params, recovery }) => {
    const { metric, aggregation, range_ms, direction, value: limit } = params;
    const unit = aggregatedUnit(subject.unit, aggregation);
    const bound = boundOf({ direction, threshold: limit }, recovery, unit);
    const verdict = judgeValue(subject.now(metric).value(aggregation), bound, {
      ...{ unit, metric },
      describe: (value, text) => ({
        title: `${subject.name} is ${direction === 'above' ? 'high' : 'low'}`,
        description: `${aggregated(aggregation)} of ${subject.name} over the last ${duration(range_ms)} is ${value}; the threshold is ${text}.`,
      }),
    });
    return unlessPartial(verdict, subject, { aggregation, direction });
  },
};
