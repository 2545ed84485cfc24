import { activeSeverity } from '../core/alertView.ts';
import { deriveJob } from '../core/derive.ts';
import { runningPhases } from '../core/running.ts';
import { pipelineOf } from '../core/view.ts';
import type { Monitor } from '../monitor.ts';
import { SEVERITIES, STATUSES } from '../protocol/states.ts';
import type { Read, Sample } from './read.ts';

/** Pipelines that get a line of their own; the rest is summed up as "other". */
const MAX_PIPELINES = 100;

export function jobMetrics({ model }: Monitor): Read[] {
  return [
    {
      name: 'pipescope_jobs',
      help: 'Jobs that are known, by status.',
      kind: 'gauge',
      labels: ['status'],
      read: () => counted(STATUSES, statusesOf(model), 'status'),
    },
    {
      name: 'pipescope_jobs_running',
      help: 'Jobs that run, by pipeline.',
      kind: 'gauge',
      labels: ['pipeline'],
      read: () => running(model),
    },
    {
      name: 'pipescope_phases_running',
      help: 'Phases that run.',
      kind: 'gauge',
      labels: [],
      read: () => [[{}, runningPhases(model).length]],
    },
    {
      name: 'pipescope_phase_executions_total',
      help: 'Executions of phases that have ended, by how they ended.',
      kind: 'counter',
      labels: ['pipeline', 'phase_id', 'status'],
      read: () => executions(model),
    },
    {
      name: 'pipescope_alerts_active',
      help: 'Alerts that have not been resolved, by severity.',
      kind: 'gauge',
      labels: ['severity'],
      read: () =>
        counted(
          SEVERITIES,
          activeAlerts(model).map(({ severity }) => severity),
          'severity',
        ),
    },
    {
      name: 'pipescope_alerts_unacknowledged',
      help: 'Active alerts that nobody has acknowledged.',
      kind: 'gauge',
      labels: [],
      read: () => [[{}, activeAlerts(model).filter(({ acknowledged }) => !acknowledged).length]],
    },
  ];
}

type Model = Monitor['model'];

function* statusesOf(model: Model): Generator<string> {
  for (const job of model.jobs.values()) yield deriveJob(job).status;
  for (const { status } of model.finished.values()) yield status;
}

/** One sample for each of the keys, those without any as well. */
export function counted(
  keys: readonly string[],
  values: Iterable<string>,
  label: string,
): Sample[] {
  const counts = new Map(keys.map((key) => [key, 0]));
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([key, count]) => [{ [label]: key }, count]);
}

function running(model: Model): Sample[] {
  const counts = new Map<string, number>();
  for (const job of model.jobs.values()) {
    if (deriveJob(job).status !== 'RUNNING') continue;
    const pipeline = pipelineOf(job);
    const key = counts.has(pipeline) || counts.size < MAX_PIPELINES ? pipeline : 'other';
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([pipeline, count]) => [{ pipeline }, count]);
}

function activeAlerts({ alerts }: Model): { severity: string; acknowledged: boolean }[] {
  return [...alerts.values()].flatMap((alert) => {
    const severity = activeSeverity(alert);
    return severity === null ? [] : [{ severity, acknowledged: alert.acknowledged !== null }];
  });
}

function executions({ domain }: Model): Sample[] {
  return [...domain.history.table.rows.values()].flatMap(({ pipeline, phase_id, counts }) =>
    Object.entries(counts).map(([status, count]): Sample => [
      { pipeline, phase_id, status },
      count,
    ]),
  );
}
