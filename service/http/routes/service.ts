/** About the service itself: health, readiness, summary. */
import { Type } from '@sinclair/typebox';
import { listAlerts, listJobs } from '../../core/list.ts';
import type { Monitor } from '../../monitor.ts';
import { SEVERITIES, STATUSES } from '../../protocol/states.ts';
import { PROTOCOL, VERSION } from '../../protocol/version.ts';
import { Answer, type Route, route } from '../route.ts';

const Counts = Type.Record(Type.String(), Type.Integer());

export function serviceRoutes(monitor: Monitor, profile: string): Route[] {
  const startedAt = Date.now();
  return [
    route({
      path: '/healthz',
      summary: 'Alive. Needs no token.',
      response: Type.Object({
        status: Type.Literal('ok'),
        service: Type.Literal('pipescope'),
        version: Type.String(),
        protocol: Type.Integer(),
        pid: Type.Integer(),
      }),
      handle: () => ({
        status: 'ok',
        service: 'pipescope',
        version: VERSION,
        protocol: PROTOCOL,
        pid: process.pid,
      }),
    }),
    route({
      path: '/readyz',
      summary: 'Ready: the data is read and events can be written.',
      response: Type.Object({ status: Type.String(), storage: Type.String(), seq: Type.Integer() }),
      otherStatuses: [503],
      handle: () => {
        const { state } = monitor.storage;
        const ready = state === 'open';
        const body = { status: ready ? 'ready' : 'not ready', storage: state, seq: monitor.seq };
        return ready ? body : new Answer(body, { status: 503, headers: { 'retry-after': '5' } });
      },
    }),
    route({
      path: '/api/v1/monitoring/summary',
      summary: 'How many jobs and alerts there are, by state.',
      response: Type.Object({
        version: Type.String(),
        profile: Type.String(),
        uptime_ms: Type.Number(),
        seq: Type.Integer(),
        jobs_total: Type.Integer(),
        jobs_by_status: Counts,
        error_count: Type.Integer(),
        warning_count: Type.Integer(),
        alerts_active: Type.Integer(),
        alerts_unacknowledged: Type.Integer(),
        alerts_by_severity: Counts,
        dropped: Counts,
      }),
      handle: () => summary(monitor, { profile, startedAt }),
    }),
  ];
}

function summary(monitor: Monitor, { profile, startedAt }: { profile: string; startedAt: number }) {
  const jobs = listJobs(monitor.model);
  const alerts = listAlerts(monitor.model, { active: true });
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return {
    version: VERSION,
    profile,
    uptime_ms: Date.now() - startedAt,
    seq: monitor.seq,
    jobs_total: jobs.length,
    jobs_by_status: countBy(
      STATUSES,
      jobs.map((job) => job.status),
    ),
    error_count: sum(jobs.map((job) => job.error_count)),
    warning_count: sum(jobs.map((job) => job.warning_count)),
    alerts_active: alerts.length,
    alerts_unacknowledged: alerts.filter((alert) => !alert.acknowledged).length,
    alerts_by_severity: countBy(
      SEVERITIES,
      alerts.map((alert) => alert.severity),
    ),
    dropped: monitor.dropped,
  };
}

function countBy<T extends string>(
  keys: readonly T[],
  values: readonly T[],
): Record<string, number> {
  const counts = new Map(keys.map((key) => [key, 0]));
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries(counts);
}
