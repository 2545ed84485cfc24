import { duration } from '../../protocol/describe.ts';
import { numeral } from '../../protocol/intl.ts';
import { boundOf } from './bound.ts';
import { type OnSeries, type SeriesSubject, beginning } from './kind.ts';
import { judgeValue } from './seriesVerdict.ts';

export const taskErrorRate: OnSeries<'task_error_rate'> = {
  kind: 'task_error_rate',
  watches: 'series',
  unit: () => 'percent',
  bound: ({ threshold_percent }) => ({ direction: 'above', threshold: threshold_percent }),
  scope: ['subject'],
  builtin: true,
  // 10 %: reference document 002.
  begin: () =>
    beginning('task_error_rate', {
      name: 'Task error rate',
      severity: 'ERROR',
      params: { threshold_percent: 10, range_ms: 600_000, least: 20 },
    }),
  series: ({ params, scope }) => ({
    metrics: ['tasks_failed', 'tasks_completed'],
    labels: {},
    // All queues of the scope together, as the document has it: a queue of its own is a rule with a scope.
    group_by: null,
    range_ms: params.range_ms,
    twice: false,
    component: 'tasks',
    component_label: null,
    component_id: scope.subject ?? 'all',
  }),
  limit: 'threshold_percent',
  value: (subject, { params: { least } }) => {
    const { failed, ended } = endedOf(subject);
    return ended < least ? null : (failed / ended) * 100;
  },
  judge: (subject, rule) => {
    const { threshold_percent: threshold, range_ms } = rule.params;
    const { scope, recovery } = rule;
    const { ended } = endedOf(subject);
    return judgeValue(
      taskErrorRate.value(subject, rule),
      boundOf({ direction: 'above', threshold }, recovery),
      {
        ...{ unit: 'percent', metric: 'task_error_rate_percent' },
        describe: (value, limit) => ({
          title:
            scope.subject === undefined ? 'Many tasks fail' : `Many tasks of ${scope.subject} fail`,
          description: `${value} of ${numeral(ended)} tasks failed in the last ${duration(range_ms)}; the threshold is ${limit}.`,
        }),
      },
    );
  },
};

function endedOf(subject: SeriesSubject): { failed: number; ended: number } {
  const failed = subject.now('tasks_failed').value('sum') ?? 0;
  return { failed, ended: failed + (subject.now('tasks_completed').value('sum') ?? 0) };
}
