import { duration } from '../../protocol/describe.ts';
import { numeral } from '../../protocol/intl.ts';
import { boundOf } from './bound.ts';
import { type OnSeries, beginning } from './kind.ts';
import { judgeValue } from './seriesVerdict.ts';

export const errorRate: OnSeries<'error_rate'> = {
  kind: 'error_rate',
  watches: 'series',
  unit: () => 'percent',
  bound: ({ threshold_percent }) => ({ direction: 'above', threshold: threshold_percent }),
  scope: ['subject', 'labels'],
  builtin: true,
  // 5 %: reference document 001. One of three requests is no rate: 20 of them at least.
  begin: ({ alert_defaults }) =>
    beginning('error_rate', {
      name: 'Error rate',
      severity: 'ERROR',
      params: {
        threshold_percent: alert_defaults.error_rate_percent,
        range_ms: 300_000,
        least: 20,
      },
    }),
  series: ({ params }) => ({
    metrics: ['request_errors'],
    labels: {},
    group_by: ['endpoint'],
    range_ms: params.range_ms,
    twice: false,
    component: 'endpoint',
    component_label: 'endpoint',
  }),
  limit: 'threshold_percent',
  value: (subject, { params: { least } }) => {
    // 1 for a request that failed, 0 for any other: their mean is the rate.
    const requests = subject.now('request_errors');
    const rate = requests.count < least ? null : requests.value('avg');
    return rate === null ? null : rate * 100;
  },
  judge: (subject, rule) => {
    const { threshold_percent: threshold, range_ms } = rule.params;
    const requests = subject.now('request_errors');
    const bound = boundOf({ direction: 'above', threshold }, rule.recovery);
    return judgeValue(errorRate.value(subject, rule), bound, {
      ...{ unit: 'percent', metric: 'error_rate_percent' },
      describe: (value, limit) => ({
        title: `${subject.labels['endpoint'] ?? 'An endpoint'} has many errors`,
        description: `${value} of ${numeral(requests.count)} requests failed in the last ${duration(range_ms)}; the threshold is ${limit}.`,
      }),
    });
  },
};
