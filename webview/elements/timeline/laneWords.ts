/** What the timeline says of workers and their tasks. */
import { t } from '@vscode/l10n';
import { count, duration, percent } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { TaskStatus } from '../../../service/protocol/states.ts';
import { preciseTime } from '../../format.ts';
import { endOf, type Lane, type PlacedTask } from './lanes.ts';

export function laneName({ worker, workers, bins }: Lane): string {
  if (worker !== null) return worker;
  if (bins !== null && workers > 1)
    return count(workers, t('{0} other worker'), t('{0} other workers'));
  return t('No worker so far');
}

/** Its name, how many tasks, how many of them failed or are open, and how busy it was. */
export function laneFacts(lane: Lane, run: { ms: number; now: number }): string[] {
  const parts = [count(lane.tasks, t('{0} task'), t('{0} tasks'))];
  if (lane.failed > 0) parts.push(count(lane.failed, t('{0} failed'), t('{0} failed')));
  if (lane.open > 0) parts.push(count(lane.open, t('{0} open'), t('{0} open')));
  return [laneName(lane), parts.join(' · '), busyLine(lane, run)];
}

function busyLine(lane: Lane, { ms, now }: { ms: number; now: number }): string {
  const worked = lane.bins
    ? lane.bins.busy.reduce((a, b) => a + b, 0) * lane.bins.width
    : lane.placed.reduce((sum, task) => sum + endOf(task, now) - task.start, 0);
  const share = ms > 0 ? (worked / ms / lane.workers) * 100 : 0;
  return t('worked {0}: {1} of the run', duration(worked), percent(share));
}

const TASK_WORDS: Record<TaskStatus, () => string> = {
  PENDING: () => t('pending'),
  PROCESSING: () => t('running'),
  COMPLETED: () => t('completed'),
  FAILED: () => t('failed'),
};

export function taskWord(status: TaskStatus): string {
  return TASK_WORDS[status]();
}

export function taskFacts(task: PlacedTask, now: number): string[] {
  const time = duration(endOf(task, now) - task.start);
  const lines = [task.id, `${taskWord(task.status)} · ${time}`];
  lines.push(
    task.end === null
      ? t('since {0}', preciseTime(task.start))
      : t('{0} to {1}', preciseTime(task.start), preciseTime(task.end)),
  );
  if (task.submitted !== null && task.start > task.submitted)
    lines.push(t('waited {0} in the queue', duration(task.start - task.submitted)));
  if (task.phase !== null) lines.push(t('phase {0}', task.phase));
  if (task.retries > 0) lines.push(count(task.retries, t('retried once'), t('retried {0} times')));
  if (task.error !== null) lines.push(task.error.split('\n', 1)[0] ?? '');
  return lines;
}

/** What a stretch of time held, where tasks are only counted. */
export function binFacts({ bins }: Lane, time: number): string[] {
  if (bins === null) return [];
  const at = Math.floor((time - bins.from) / bins.width);
  const busy = bins.busy[at];
  if (busy === undefined) return [];
  const waiting = bins.waiting[at] ?? 0;
  const failures = bins.failures[at] ?? 0;
  const short = (value: number): string => numeral(value, { most: 1 });
  return [
    t('{0} at once on average, {1} waiting', short(busy), short(waiting)),
    ...(failures > 0 ? [count(failures, t('{0} failed here'), t('{0} failed here'))] : []),
  ];
}
