import { queueRecords, taskCounts, workerRecords } from '../core/domain/queries.ts';
import { totals } from '../core/domain/statistics.ts';
import type { Monitor } from '../monitor.ts';
import type { Read, Sample } from './read.ts';

export function domainMetrics(monitor: Monitor): Read[] {
  const { domain } = monitor.model;
  return [
    {
      name: 'pipescope_workers',
      help: 'Workers that are known, by state and kind.',
      kind: 'gauge',
      labels: ['state', 'kind'],
      read: () => workers(domain),
    },
    {
      name: 'pipescope_workers_unhealthy',
      help: 'Workers that are offline or fail task after task.',
      kind: 'gauge',
      labels: [],
      read: () => [[{}, workerRecords(domain).filter((worker) => !worker.is_healthy).length]],
    },
    {
      name: 'pipescope_tasks',
      help: 'Tasks that are still known one by one, by status.',
      kind: 'gauge',
      labels: ['status'],
      read: () => Object.entries(taskCounts(domain)).map(([status, count]) => [{ status }, count]),
    },
    {
      name: 'pipescope_tasks_total',
      help: 'What happened to tasks, of all time.',
      kind: 'counter',
      labels: ['state'],
      read: () => outcomes(domain),
    },
    {
      name: 'pipescope_queue_pending',
      help: 'Tasks that wait in a queue, as it was last sampled.',
      kind: 'gauge',
      labels: ['queue', 'kind'],
      read: () => queues(monitor, ({ pending }) => pending),
    },
    {
      name: 'pipescope_queue_oldest_wait_seconds',
      help: 'How long the oldest task of a queue has waited, as it was last sampled, else by the tasks that wait.',
      kind: 'gauge',
      labels: ['queue', 'kind'],
      read: () => queues(monitor, ({ oldest_wait_ms }) => oldest_wait_ms && oldest_wait_ms / 1000),
    },
  ];
}

type Domain = Monitor['model']['domain'];

function workers(domain: Domain): Sample[] {
  const counts = new Map<string, Sample>();
  for (const { state, kind } of workerRecords(domain)) {
    const labels = { state, kind: kind ?? 'unknown' };
    const key = JSON.stringify(labels);
    const sample = counts.get(key) ?? [labels, 0];
    sample[1]++;
    counts.set(key, sample);
  }
  return [...counts.values()];
}

function outcomes(domain: Domain): Sample[] {
  const all = totals(domain);
  return [
    [{ state: 'submitted' }, all.tasks_submitted],
    [{ state: 'completed' }, all.tasks_completed],
    [{ state: 'failed' }, all.tasks_failed],
    [{ state: 'retried' }, all.tasks_retried],
    [{ state: 'timed_out' }, all.tasks_timed_out],
  ];
}

type Queue = ReturnType<typeof queueRecords>[number];

function queues(monitor: Monitor, valueOf: (queue: Queue) => number | null): Sample[] {
  return queueRecords(monitor.model.domain, monitor.now()).flatMap((record): Sample[] => {
    const value = valueOf(record);
    return value === null ? [] : [[{ queue: record.queue, kind: record.kind ?? 'unknown' }, value]];
  });
}
