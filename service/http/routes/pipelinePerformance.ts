/** One pipeline over its runs: what dashboards draw of it, in one answer. */
import { Type } from '@sinclair/typebox';
import { pipelinePerformance } from '../../analysis/pipelinePerformance.ts';
import { historyRows } from '../../core/history.ts';
import { listJobs } from '../../core/list.ts';
import type { JobState } from '../../core/model.ts';
import { outlookOf } from '../../core/outlook.ts';
import { TREND_METRICS } from '../../protocol/domain.ts';
import {
  MAX_PERFORMANCE_DAYS,
  MAX_PERFORMANCE_PHASES,
  MAX_PERFORMANCE_RUNS,
  type PerformanceRun,
  PipelinePerformance,
} from '../../protocol/pipelinePerformance.ts';
import type { Monitor } from '../../monitor.ts';
import { type Route, route } from '../route.ts';
import { metricOf } from './history.ts';

const MINUTE_MS = 60_000;
const USUAL_RUNS = 30;
const USUAL_DAYS = 14;

const upTo = (maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum, description }));

const Query = Type.Object({
  pipeline: Type.String({ minLength: 1, description: 'whose runs' }),
  metric: Type.Optional(
    Type.String({ description: `${TREND_METRICS.join(', ')}; default execution_time` }),
  ),
  last: upTo(MAX_PERFORMANCE_RUNS, `how many runs; default ${USUAL_RUNS}`),
  phase_id: Type.Optional(
    Type.String({ description: 'runs and hours of this phase instead of whole runs' }),
  ),
  job_id: Type.Optional(
    Type.String({ description: 'a run to be held against the completed ones before it' }),
  ),
  phases: upTo(MAX_PERFORMANCE_PHASES, `how many phases; default ${MAX_PERFORMANCE_PHASES}`),
  days: upTo(MAX_PERFORMANCE_DAYS, `how many days of hours; default ${USUAL_DAYS}`),
  offset_minutes: Type.Optional(
    Type.Integer({
      ...{ minimum: -840, maximum: 840 },
      description: 'how far days and hours are ahead of UTC; default 0',
    }),
  ),
});

export function pipelinePerformanceRoutes({ model }: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/performance',
      summary:
        'The newest runs of a pipeline with what was usual before each; its phases in these runs; and hours and days.',
      query: Query,
      response: PipelinePerformance,
      handle: ({ query }) => {
        const { pipeline, phase_id = null, job_id = null } = query;
        const rows = historyRows(model.domain, { pipeline });
        const jobs = listJobs(model, { pipeline });
        return pipelinePerformance(
          { jobs, rows, phaseRange: (id) => phaseRange(model.jobs.get(id), phase_id ?? '') },
          {
            ...{ pipeline, phase_id, job_id, metric: metricOf(query.metric ?? 'execution_time') },
            last: query.last ?? USUAL_RUNS,
            limit: query.phases ?? MAX_PERFORMANCE_PHASES,
            days: query.days ?? USUAL_DAYS,
            offset_ms: (query.offset_minutes ?? 0) * MINUTE_MS,
          },
        );
      },
    }),
  ];
}

/** As the record of the phase says, while its job is in memory. */
function phaseRange(job: JobState | undefined, phase_id: string): PerformanceRun['range'] {
  const expected = job && outlookOf(job)?.phases.get(phase_id)?.expected;
  if (expected === undefined || expected === null) return null;
  return { low: Math.round(expected.low), high: Math.round(expected.high) };
}
