/** What is computed over many executions: figures of stages (phases) and executions (jobs), and how phases depend. */
import { type Static, Type } from '@sinclair/typebox';
import { OneOf, OrNull, Time } from './schema.ts';
import { STATUSES } from './states.ts';

const Measure = OrNull(Type.Number());
const Percent = (description: string) => OrNull(Type.Number({ description }));

const Rates = {
  success_rate_percent: Percent('completed of those that completed or failed, 0-100'),
  failure_rate_percent: Percent('failed of those that completed or failed, 0-100'),
};

/** A stage is a phase: of one pipeline, or of all that have one of that id. */
export const StageMetrics = Type.Object({
  phase_id: Type.String(),
  name: Type.String(),
  pipeline: OrNull(Type.String({ description: 'null when it is of several pipelines' })),
  pipelines_total: Type.Integer(),
  running: Type.Integer({ description: 'how many run now' }),
  executions_total: Type.Integer({ description: 'all that ever ended, kept or not' }),
  completed_total: Type.Integer(),
  failed_total: Type.Integer(),
  skipped_total: Type.Integer(),
  cancelled_total: Type.Integer(),
  ...Rates,
  executions_kept: Type.Integer({ description: 'what the figures below are computed from' }),
  average_execution_time_ms: Measure,
  min_execution_time_ms: Measure,
  max_execution_time_ms: Measure,
  p50_execution_time_ms: Measure,
  p95_execution_time_ms: Measure,
  average_cpu_percent: Measure,
  max_cpu_percent: OrNull(Type.Number({ description: 'the highest average of an execution' })),
  average_memory_mb: Measure,
  max_memory_mb: OrNull(Type.Number({ description: 'the highest average of an execution' })),
  error_count: Type.Integer(),
  warning_count: Type.Integer(),
  executions_per_hour: OrNull(
    Type.Number({
      description:
        'of those kept: an hour of the last 24 hours, or since their first start where that is shorter; over one hour at least',
    }),
  ),
  last_status: OrNull(OneOf(STATUSES)),
  last_ended_at: OrNull(Time),
});
export type StageMetrics = Static<typeof StageMetrics>;

/** Over jobs: how many there are, how they ended, and how long those took that ended. */
export const ExecutionStatistics = Type.Object({
  executions_total: Type.Integer(),
  by_status: Type.Record(Type.String(), Type.Integer()),
  ...Rates,
  average_duration_ms: Measure,
  min_duration_ms: Measure,
  max_duration_ms: Measure,
  p50_duration_ms: Measure,
  p95_duration_ms: Measure,
});
export type ExecutionStatistics = Static<typeof ExecutionStatistics>;

/** Over the kept executions of all stages. */
export const StageSummary = Type.Object({
  stages_total: Type.Integer({ description: 'stages of pipelines that have ended at least once' }),
  executions_kept: Type.Integer({ description: 'what all of this is computed from' }),
  completed: Type.Integer(),
  failed: Type.Integer(),
  ...Rates,
  average_execution_time_ms: Measure,
  average_cpu_percent: Measure,
  average_memory_mb: Measure,
  executions_last_hour: Type.Integer({ description: 'that ended in the 60 minutes before now' }),
  executions_last_day: Type.Integer({ description: 'that ended in the 24 hours before now' }),
  executions_per_hour: OrNull(
    Type.Number({
      description:
        'an hour of the 24 hours before now, or before "to"; since the first start where that is shorter; over one hour at least',
    }),
  ),
  slowest: Type.Array(
    Type.Object({
      pipeline: Type.String(),
      phase_id: Type.String(),
      name: Type.String(),
      average_execution_time_ms: Type.Number(),
    }),
    { description: 'the five that take longest on average' },
  ),
});
export type StageSummary = Static<typeof StageSummary>;

export const GraphNode = Type.Object({
  pipeline: Type.String(),
  phase_id: Type.String(),
  name: Type.String(),
  known: Type.Boolean({ description: 'false when it is only named as a dependency' }),
  status: OrNull(OneOf(STATUSES)),
  executions_total: Type.Integer(),
  average_execution_time_ms: Measure,
  last_status: OrNull(OneOf(STATUSES)),
  success_rate_percent: Percent('completed of those that completed or failed, 0-100'),
});
export type GraphNode = Static<typeof GraphNode>;

export const EDGE_KINDS = ['declared', 'observed'] as const;

export const GraphEdge = Type.Object({
  pipeline: Type.String(),
  from: Type.String({ description: 'phase that comes first' }),
  to: Type.String({ description: 'phase that depends on it' }),
  kind: OneOf(EDGE_KINDS),
  runs: OrNull(Type.Integer({ description: 'in how many runs the order was observed' })),
});
export type GraphEdge = Static<typeof GraphEdge>;
