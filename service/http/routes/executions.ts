/** The reference document's routes of executions (jobs) and the stages (phases) of one. The same records as elsewhere. */
import { type Static, Type } from '@sinclair/typebox';
import { executionStatistics } from '../../analysis/executions.ts';
import { listAlerts, listJobs } from '../../core/list.ts';
import { jobSnapshot, phaseRecords } from '../../core/queries.ts';
import { JobRecord, JobSnapshot, PhaseRecord } from '../../protocol/record.ts';
import { ExecutionStatistics } from '../../protocol/stages.ts';
import { STATUSES, isEnded } from '../../protocol/states.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { ChoicesOf, choicesOf, timesOf, wrongQuery } from '../query.ts';
import { type Route, param, route } from '../route.ts';
import { JobFilters, jobFilterOf } from './jobs.ts';

const BASE = '/api/pipeline/executions';

const Filters = Type.Object({
  ...JobFilters.properties,
  type: Type.Optional(Type.String({ description: 'the same as kind' })),
  job_type: Type.Optional(Type.String({ description: 'the same as kind' })),
});

const ExecutionPage = PageOf('executions', JobRecord, { statistics: ExecutionStatistics });

const StagePage = PageOf('stages', PhaseRecord, { job_id: Type.String() });

export function executionRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: BASE,
      summary: 'Executions: running ones first, then the newest; with figures over all that match.',
      query: Filters,
      response: ExecutionPage,
      handle: ({ query }) => {
        timesOf(query);
        const jobs = listJobs(monitor.model, { ...jobFilterOf(query), kind: kindOf(query) });
        const { items, ...page } = pageOf(jobs, query);
        return { executions: items, ...page, statistics: executionStatistics(jobs) };
      },
    }),
    route({
      path: `${BASE}/active`,
      summary: 'Executions that have not ended.',
      query: Type.Object({ ...PageQuery, pipeline: JobFilters.properties.pipeline }),
      response: PageOf('executions', JobRecord),
      handle: ({ query }) => {
        const active = activeOf(listJobs(monitor.model, { pipeline: query.pipeline }));
        const { items, ...page } = pageOf(active, query);
        return { executions: items, ...page };
      },
    }),
    route({
      path: `${BASE}/:job_id`,
      summary: 'Everything about an execution: stages, resources, errors, artifacts and timeline.',
      response: JobSnapshot,
      fails: ['JOB_UNKNOWN'],
      handle: async (request) => {
        const job = await monitor.job(param(request, 'job_id'));
        return jobSnapshot(job, listAlerts(monitor.model, { job_id: job.job_id }));
      },
    }),
    route({
      path: `${BASE}/:job_id/stages`,
      summary: 'The stages of an execution, in their order.',
      query: Type.Object({ ...PageQuery, status: ChoicesOf(STATUSES) }),
      response: StagePage,
      fails: ['JOB_UNKNOWN'],
      handle: async (request) => {
        const wanted = choicesOf(request.query.status, 'status', STATUSES);
        const job = await monitor.job(param(request, 'job_id'));
        const stages = phaseRecords(job).filter(({ status }) => wanted?.includes(status) ?? true);
        const { items, ...page } = pageOf(stages, request.query);
        return { job_id: job.job_id, stages: items, ...page };
      },
    }),
  ];
}

/** The kind under any of its names. */
function kindOf({ kind, type, job_type }: Static<typeof Filters>): string | undefined {
  const given = new Set([kind, type, job_type].filter((name) => name !== undefined));
  if (given.size > 1) throw wrongQuery('kind', 'Give one of kind, type and job_type.');
  return [...given][0];
}

/** Those that have not ended: stored jobs that fell silent are among them. */
export function activeOf(jobs: readonly JobRecord[]): JobRecord[] {
  return jobs.filter((job) => !isEnded(job.status));
}
