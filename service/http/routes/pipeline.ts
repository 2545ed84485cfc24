/** The reference document's routes of all pipelines together: what runs now, key figures, and how phases depend. */
import { Type } from '@sinclair/typebox';
import { countByStatus, executionStatistics } from '../../analysis/executions.ts';
import { stageSummary } from '../../analysis/stageSummary.ts';
import { historyRows } from '../../core/history.ts';
import { listJobs } from '../../core/list.ts';
import { phaseRecords } from '../../core/queries.ts';
import { type RunningPhase, runningPhases } from '../../core/running.ts';
import { JobRecord, PhaseRecord } from '../../protocol/record.ts';
import { Time } from '../../protocol/schema.ts';
import { ExecutionStatistics, StageSummary } from '../../protocol/stages.ts';
import type { Monitor } from '../../monitor.ts';
import { TimeRange, timesOf } from '../query.ts';
import { type Route, route } from '../route.ts';
import { activeOf } from './executions.ts';

const BASE = '/api/pipeline';
const OfPipeline = {
  pipeline: Type.Optional(Type.String({ description: 'only of this pipeline' })),
};
/** What the state names; the totals beside it count all. */
const MAX_NAMED = 100;

const State = Type.Object({
  state: Type.Union([Type.Literal('running'), Type.Literal('idle')]),
  at: Time,
  executions_total: Type.Integer(),
  executions_by_status: Type.Record(Type.String(), Type.Integer()),
  executions_active: Type.Integer(),
  stages_running: Type.Integer(),
  executions: Type.Array(JobRecord, { description: 'the first 100 that have not ended' }),
  stages: Type.Array(PhaseRecord, { description: 'the first 100 that run' }),
  truncated: Type.Boolean(),
  seq: Type.Integer(),
});

const Summary = Type.Object({
  at: Time,
  executions_active: Type.Integer(),
  stages_running: Type.Integer(),
  executions: ExecutionStatistics,
  stages: StageSummary,
});

export function pipelineRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: `${BASE}/state`,
      summary: 'What runs now, and how many executions there are by status.',
      query: Type.Object(OfPipeline),
      response: State,
      handle: ({ query }) => stateOf(monitor, query.pipeline),
    }),
    route({
      path: `${BASE}/metrics/summary`,
      summary: 'Key figures of executions and stages, of all times or of a range.',
      query: Type.Object({ ...OfPipeline, ...TimeRange }),
      response: Summary,
      handle: ({ query: { pipeline, ...range } }) => {
        const times = timesOf(range);
        const now = Date.now();
        const { model } = monitor;
        const all = listJobs(model, { pipeline });
        const inRange = (range.from ?? range.to) ? listJobs(model, { pipeline, ...times }) : all;
        return {
          at: new Date(now).toISOString(),
          executions_active: activeOf(all).length,
          stages_running: runningOf(monitor, pipeline).length,
          executions: executionStatistics(inRange),
          stages: stageSummary(historyRows(model.domain, { pipeline }), { ...times, now }),
        };
      },
    }),
  ];
}

function stateOf(monitor: Monitor, pipeline: string | undefined) {
  const jobs = listJobs(monitor.model, { pipeline });
  const active = activeOf(jobs);
  const running = runningOf(monitor, pipeline);
  return {
    state: active.some((job) => job.status === 'RUNNING') ? 'running' : 'idle',
    at: new Date().toISOString(),
    executions_total: jobs.length,
    executions_by_status: countByStatus(jobs),
    executions_active: active.length,
    stages_running: running.length,
    executions: active.slice(0, MAX_NAMED),
    stages: running
      .slice(0, MAX_NAMED)
      .flatMap(({ job, phase }) => phaseRecords(job, new Set([phase.phase_id]))),
    truncated: active.length > MAX_NAMED || running.length > MAX_NAMED,
    seq: monitor.seq,
  };
}

function runningOf(monitor: Monitor, pipeline: string | undefined): RunningPhase[] {
  const running = runningPhases(monitor.model);
  return pipeline === undefined ? running : running.filter((one) => one.pipeline === pipeline);
}
