import { duration } from '../../protocol/describe.ts';
import { numeral } from '../../protocol/intl.ts';
import type { RuleParams } from '../../protocol/rule.ts';
import { boundOf } from './bound.ts';
import { type OnSeries, beginning } from './kind.ts';
import { judgeValue } from './seriesVerdict.ts';

/** `600 ms on average`. */
const HOW: Record<RuleParams<'response_time'>['aggregation'], (time: string) => string> = {
  avg: (time) => `${time} on average`,
  max: (time) => `up to ${time}`,
  p50: (time) => `${time} (median)`,
  p95: (time) => `${time} (95th percentile)`,
  p99: (time) => `${time} (99th percentile)`,
};

export const responseTime: OnSeries<'response_time'> = {
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
  limit: 'threshold_ms',
  value: (subject, { params: { aggregation, least } }) => {
    const requests = subject.now('request_duration_ms');
    return requests.count < least ? null : requests.value(aggregation);
  },
  judge: (subject, rule) => {
    const { threshold_ms: threshold, aggregation, range_ms } = rule.params;
    const requests = subject.now('request_duration_ms');
    const bound = boundOf({ direction: 'above', threshold }, rule.recovery);
    return judgeValue(responseTime.value(subject, rule), bound, {
      ...{ unit: 'ms', metric: 'response_time_ms' },
      describe: (value, limit) => ({
        title: `${subject.labels['endpoint'] ?? 'An endpoint'} is slow`,
        description: `The ${numeral(requests.count)} requests of the last ${duration(range_ms)} took ${HOW[aggregation](value)}; the threshold is ${limit}.`,
      }),
    });
  },
};
