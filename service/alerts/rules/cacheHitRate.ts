import { duration } from '../../protocol/describe.ts';
import { numeral } from '../../protocol/intl.ts';
import { boundOf } from './bound.ts';
import { type OnSeries, type SeriesSubject, beginning } from './kind.ts';
import { judgeValue } from './seriesVerdict.ts';

export const cacheHitRate: OnSeries<'cache_hit_rate'> = {
  kind: 'cache_hit_rate',
  watches: 'series',
  unit: () => 'percent',
  bound: ({ threshold_percent }) => ({ direction: 'below', threshold: threshold_percent }),
  scope: ['subject'],
  builtin: true,
  // 50 %: reference document 001. A cache that was just started is cold: 100 lookups in ten minutes, and five more.
  begin: ({ alert_defaults }) =>
    beginning('cache_hit_rate', {
      name: 'Cache hit rate',
      params: {
        threshold_percent: alert_defaults.cache_hit_rate_percent,
        range_ms: 600_000,
        least: 100,
      },
      for_ms: 300_000,
    }),
  series: ({ params }) => ({
    metrics: ['cache_hits', 'cache_misses'],
    labels: {},
    group_by: ['cache'],
    range_ms: params.range_ms,
    twice: false,
    component: 'cache',
    component_label: 'cache',
  }),
  limit: 'threshold_percent',
  value: (subject, { params: { least } }) => {
    const { hits, lookups } = lookupsOf(subject);
    return lookups < least ? null : (hits / lookups) * 100;
  },
  judge: (subject, rule) => {
    const { threshold_percent: threshold, range_ms } = rule.params;
    const { lookups } = lookupsOf(subject);
    const bound = boundOf({ direction: 'below', threshold }, rule.recovery, 'percent');
    return judgeValue(cacheHitRate.value(subject, rule), bound, {
      ...{ unit: 'percent', metric: 'cache_hit_rate_percent' },
      describe: (value, limit) => ({
        title: `Cache ${subject.labels['cache'] ?? ''} helps too little`,
        description: `${value} of ${numeral(lookups)} lookups in the last ${duration(range_ms)} were hits; the threshold is ${limit}.`,
      }),
    });
  },
};

/** Both are counters: their increase is what happened in that time. */
function lookupsOf(subject: SeriesSubject): { hits: number; lookups: number } {
  const hits = subject.now('cache_hits').increase;
  return { hits, lookups: hits + subject.now('cache_misses').increase };
}
