import { duration } from '../../protocol/describe.ts';
import { boundOf } from './bound.ts';
import { BETWEEN, type KindPart, beginning } from './kind.ts';
import { judgeValue } from './seriesVerdict.ts';

export const responseTime: KindPart<'response_time'> = {
  kind: 'response_time',
  watches: 'series',
  unit: () => 'ms',
  bound: ({ threshold_ms }) => ({ direction: 'above', threshold: threshold_ms }),
  scope: ['subject', 'labels'],
  builtin: true,
  // 500 ms, of the mean: reference document 001.
  begin: ({ alert_defaults }) =>
    beginning('response_time', {
      name: 'Response time',
      params: {
        threshold_ms: alert_defaults.response_time_ms,
        aggregation: 'avg',
        range_ms: 300_000,
        least: 20,
      },
    }),
  series: ({ params }) => ({
    metrics: ['request_duration_ms'],
    labels: {},
    group_by: ['endpoint'],
    range_ms: params.range_ms,
    twice: false,
    component: 'endpoint',
    component_label: 'endpoint',
  }),
  judge: (subject, { params, recovery }) => {
    const { threshold_ms: threshold, aggregation, range_ms, least } = params;
    const requests = subject.now('request_duration_ms');
    if (requests.count < least) return BETWEEN;
    const bound = boundOf({ direction: 'above', threshold }, recovery);
    const which = { avg: 'on average', max: 'at most', p50: 'p50', p95: 'p95', p99: 'p99' }[
      aggregation
    ];
    return judgeValue(requests.value(aggregation), bound, {
      ...{ unit: 'ms', metric: 'response_time_ms' },
      describe: (value, limit) => ({
        title: `${subject.labels['endpoint'] ?? 'An endpoint'} is slow`,
        description: `${requests.count} requests of the last ${duration(range_ms)} took ${value} (${which}); the threshold is ${limit}.`,
      }),
    });
  },
};
