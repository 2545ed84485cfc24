/** The routes of the reference document under /api/v1/monitoring/jobs: one job, its phases and what belongs to them. */
import { Type } from '@sinclair/typebox';
import { listAlerts } from '../../core/list.ts';
import type { JobState, PhaseState } from '../../core/model.ts';
import {
  artifactRecords,
  jobSnapshot,
  logRecords,
  phaseRecords,
  phaseSnapshot,
  resourceSamples,
  subPhaseRecords,
} from '../../core/queries.ts';
import { jobRecord } from '../../core/view.ts';
import { ProductError } from '../../protocol/errors.ts';
import {
  ArtifactRecord,
  JobSnapshot,
  LogRecord,
  PhaseRecord,
  PhaseSnapshot,
  ResourceSample,
  SubPhaseRecord,
} from '../../protocol/record.ts';
import { STATUSES, type Level } from '../../protocol/states.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { type Route, type RouteRequest, param, route } from '../route.ts';
import { statusesOf } from './jobs.ts';

const BASE = '/api/v1/monitoring/jobs/:job_id';
const ofPhase = { phase_id: Type.Optional(Type.String({ description: 'only of this phase' })) };
const OfJob = { job_id: Type.String() };
const PartQuery = Type.Object({ ...PageQuery, ...ofPhase });

const Progress = Type.Object({
  job_id: Type.String(),
  status: Type.Union(STATUSES.map((status) => Type.Literal(status))),
  progress: Type.Union([Type.Number(), Type.Null()]),
  message: Type.Union([Type.String(), Type.Null()]),
  phases_total: Type.Integer(),
  phases_done: Type.Integer(),
  current_phase: Type.Union([
    Type.Object({ phase_id: Type.String(), name: Type.String() }),
    Type.Null(),
  ]),
  eta_at: Type.Union([Type.String(), Type.Null()]),
  seq: Type.Integer(),
});

export function monitoringRoutes(monitor: Monitor): Route[] {
  const jobOf = (request: RouteRequest<unknown>) => monitor.job(param(request, 'job_id'));
  return [
    route({
      path: `${BASE}/snapshot`,
      summary: 'Everything about a job: phases, resources, errors, artifacts, alerts and timeline.',
      response: JobSnapshot,
      fails: ['JOB_UNKNOWN'],
      handle: async (request) => {
        const job = await jobOf(request);
        return jobSnapshot(job, listAlerts(monitor.model, { job_id: job.job_id }));
      },
    }),
    route({
      path: `${BASE}/progress`,
      summary: 'The progress of a job: small, for frequent polling.',
      response: Progress,
      fails: ['JOB_UNKNOWN'],
      handle: async (request) => {
        const job = await jobOf(request);
        const {
          job_id,
          status,
          progress,
          message,
          phases_total,
          phases_done,
          current_phase,
          eta_at,
          seq,
        } = jobRecord(job, 0);
        return {
          job_id,
          status,
          progress,
          message,
          phases_total,
          phases_done,
          current_phase,
          eta_at,
          seq,
        };
      },
    }),
    ...phaseRoutes(jobOf),
    ...partRoutes(jobOf),
  ];
}

type JobOf = (request: RouteRequest<unknown>) => Promise<JobState>;

function phaseRoutes(jobOf: JobOf): Route[] {
  return [
    route({
      path: `${BASE}/phases`,
      summary: 'The phases of a job, in their order.',
      query: Type.Object({ ...PageQuery, status: Type.Optional(Type.String()) }),
      response: PageOf('phases', PhaseRecord, OfJob),
      fails: ['JOB_UNKNOWN'],
      handle: async (request) => {
        const job = await jobOf(request);
        const wanted = statusesOf(request.query.status);
        const phases = phaseRecords(job).filter((phase) => wanted?.includes(phase.status) ?? true);
        const { items, ...page } = pageOf(phases, request.query);
        return { job_id: job.job_id, phases: items, ...page };
      },
    }),
    route({
      path: `${BASE}/phases/:phase_id`,
      summary: 'One phase with its sub-phases, errors, warnings and artifacts.',
      response: PhaseSnapshot,
      fails: ['JOB_UNKNOWN', 'PHASE_UNKNOWN'],
      handle: async (request) => {
        const job = await jobOf(request);
        const { phase_id } = phaseOf(job, request);
        const [record] = phaseRecords(job, new Set([phase_id]));
        if (!record) throw new ProductError('PHASE_UNKNOWN');
        return phaseSnapshot(job, record);
      },
    }),
    route({
      path: `${BASE}/phases/:phase_id/sub-phases`,
      summary: 'The sub-phases of a phase with their metrics.',
      query: Type.Object(PageQuery),
      response: PageOf('sub_phases', SubPhaseRecord, { ...OfJob, phase_id: Type.String() }),
      fails: ['JOB_UNKNOWN', 'PHASE_UNKNOWN'],
      handle: async (request) => {
        const job = await jobOf(request);
        const phase = phaseOf(job, request);
        const { items, ...page } = pageOf(subPhaseRecords(job, phase), request.query);
        return { job_id: job.job_id, phase_id: phase.phase_id, sub_phases: items, ...page };
      },
    }),
  ];
}

function phaseOf(job: JobState, request: RouteRequest<unknown>): PhaseState {
  const phase = job.phases.get(param(request, 'phase_id'));
  if (!phase) throw new ProductError('PHASE_UNKNOWN');
  return phase;
}

function partRoutes(jobOf: JobOf): Route[] {
  return [
    route({
      path: `${BASE}/resource-usage`,
      summary:
        'The resource timeline of a job, or of one phase: the latest points, each page oldest first.',
      query: PartQuery,
      response: PageOf('resource_usage', ResourceSample, OfJob),
      fails: ['JOB_UNKNOWN'],
      handle: async (request) => {
        const job = await jobOf(request);
        const samples = resourceSamples(job, { phase_id: request.query.phase_id });
        // The latest points are wanted first: pages go back in time.
        const { items, ...page } = pageOf(samples.reverse(), request.query);
        return { job_id: job.job_id, resource_usage: items.reverse(), ...page };
      },
    }),
    logRoute(jobOf, 'errors', 'error'),
    logRoute(jobOf, 'warnings', 'warning'),
    route({
      path: `${BASE}/artifacts`,
      summary: 'The artifacts of a job, grouped by phase.',
      query: PartQuery,
      response: PageOf('artifacts', ArtifactRecord, {
        ...OfJob,
        by_phase: Type.Record(Type.String(), Type.Array(ArtifactRecord)),
      }),
      fails: ['JOB_UNKNOWN'],
      handle: async (request) => {
        const job = await jobOf(request);
        const { items, ...page } = pageOf(
          artifactRecords(job, { phase_id: request.query.phase_id }),
          request.query,
        );
        const by_phase = Object.fromEntries(groupBy(items, (artifact) => artifact.phase_id ?? ''));
        return { job_id: job.job_id, artifacts: items, by_phase, ...page };
      },
    }),
  ];
}

function logRoute(jobOf: JobOf, name: 'errors' | 'warnings', level: Level): Route {
  return route({
    path: `${BASE}/${name}`,
    summary: `The ${name} of a job, oldest first.`,
    query: PartQuery,
    response: PageOf(name, LogRecord, OfJob),
    fails: ['JOB_UNKNOWN'],
    handle: async (request) => {
      const job = await jobOf(request);
      const lines = logRecords(job, { levels: [level], phase_id: request.query.phase_id });
      const { items, ...page } = pageOf(lines, request.query);
      return { job_id: job.job_id, [name]: items, ...page };
    },
  });
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
