import { duration } from '../../protocol/describe.ts';
import { numeral } from '../../protocol/intl.ts';
import { boundOf } from './bound.ts';
import { type OnSeries, beginning } from './kind.ts';
import { judgeValue } from './seriesVerdict.ts';
import { amount } from './words.ts';

/** Of the last hour, because the mean since the beginning never gets well again; of 10 predictions at least. */
const RANGE_MS = 3_600_000;
const LEAST = 10;

export const modelAccuracy: OnSeries<'model_accuracy'> = {
  kind: 'model_accuracy',
  watches: 'series',
  unit: () => 'percent',
  bound: ({ degradation_percent }) => ({ direction: 'above', threshold: degradation_percent }),
  scope: ['subject'],
  builtin: true,
  // 20 % worse than its baseline: reference document 001.
  begin: ({ alert_defaults }) =>
    beginning('model_accuracy', {
      name: 'Model accuracy',
      params: { degradation_percent: alert_defaults.accuracy_degradation_percent },
    }),
  series: () => ({
    metrics: ['prediction_absolute_error'],
    labels: {},
    group_by: ['model'],
    range_ms: RANGE_MS,
    twice: false,
    component: 'model',
    component_label: 'model',
  }),
  limit: 'degradation_percent',
  value: (subject) => {
    const errors = subject.now('prediction_absolute_error');
    const baseline = subject.baseline(subject.labels['model'] ?? '');
    const mean = errors.value('avg');
    if (errors.count < LEAST || mean === null || baseline === null || baseline <= 0) return null;
    return (mean / baseline - 1) * 100;
  },
  judge: (subject, rule) => {
    const threshold = rule.params.degradation_percent;
    const model = subject.labels['model'] ?? '';
    const errors = subject.now('prediction_absolute_error');
    const baseline = subject.baseline(model) ?? 0;
    const mean = errors.value('avg') ?? NaN;
    const bound = boundOf({ direction: 'above', threshold }, rule.recovery);
    return judgeValue(modelAccuracy.value(subject, rule), bound, {
      ...{ unit: 'percent', metric: 'degradation_percent' },
      describe: (value, limit) => ({
        title: `Model ${model} has become worse`,
        description: `The mean absolute error of the ${numeral(errors.count)} predictions of the last ${duration(RANGE_MS)} is ${amount(mean, null)}, ${value} above the baseline of ${amount(baseline, null)}; the threshold is ${limit}.`,
      }),
    });
  },
};
