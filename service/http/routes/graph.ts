/** The reference document's dependency graph: of the newest job of each pipeline, of one pipeline, or of one job. */
import { Type } from '@sinclair/typebox';
import { hasCycle, pipelineGraph } from '../../analysis/graph.ts';
import { historyRows } from '../../core/history.ts';
import { newestOfPipelines } from '../../core/list.ts';
import type { JobState } from '../../core/model.ts';
import { phaseRecords } from '../../core/queries.ts';
import { pipelineOf } from '../../core/view.ts';
import { ProductError } from '../../protocol/errors.ts';
import { OrNull } from '../../protocol/schema.ts';
import { GraphEdge, GraphNode } from '../../protocol/stages.ts';
import type { Monitor } from '../../monitor.ts';
import { type Route, route } from '../route.ts';

/** Each pipeline is one job read from disk. */
const MAX_PIPELINES = 20;

const GraphAnswer = Type.Object({
  pipelines: Type.Array(
    Type.Object({
      pipeline: Type.String(),
      job_id: OrNull(Type.String({ description: 'null when only the history is left' })),
    }),
  ),
  nodes: Type.Array(GraphNode),
  edges: Type.Array(GraphEdge),
  has_cycle: Type.Boolean({ description: 'what is declared leads back to where it began' }),
  total: Type.Integer({ description: 'how many pipelines there are' }),
  truncated: Type.Boolean({ description: 'true when only the newest of them are here' }),
});

export function graphRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: '/api/pipeline/dependency-graph',
      summary:
        'How phases depend on each other, as declared, or else as observed: of the newest job of each pipeline.',
      query: Type.Object({
        pipeline: Type.Optional(Type.String({ description: 'only of this pipeline' })),
        job_id: Type.Optional(Type.String({ description: 'of this job instead of the newest' })),
      }),
      response: GraphAnswer,
      fails: ['JOB_UNKNOWN'],
      handle: async ({ query: { pipeline, job_id } }) => {
        if (job_id !== undefined) return graphOf(monitor, [await chosen(monitor, job_id)], 1);
        const all = pipelinesOf(monitor).filter(
          (one) => pipeline === undefined || one.pipeline === pipeline,
        );
        const newest = all.slice(0, MAX_PIPELINES);
        const loaded = newest.map(async (one) => ({
          ...one,
          job: await jobOrNull(monitor, one.job_id),
        }));
        return graphOf(monitor, await Promise.all(loaded), all.length);
      },
    }),
  ];
}

interface Pipeline {
  pipeline: string;
  job: JobState | null;
}

async function chosen(monitor: Monitor, job_id: string): Promise<Pipeline> {
  const job = await monitor.job(job_id);
  return { pipeline: pipelineOf(job), job };
}

/** Pipelines with their newest job, the newest first; then those of which only the history is left. */
function pipelinesOf(monitor: Monitor): { pipeline: string; job_id: string | null }[] {
  const { model } = monitor;
  const newest = newestOfPipelines(model);
  const left = new Set(historyRows(model.domain).map((row) => row.pipeline));
  for (const pipeline of newest.keys()) left.delete(pipeline);
  return [
    ...[...newest].map(([pipeline, job_id]) => ({ pipeline, job_id })),
    ...[...left].map((pipeline) => ({ pipeline, job_id: null })),
  ];
}

/** A job may be removed while others are read. */
async function jobOrNull(monitor: Monitor, job_id: string | null): Promise<JobState | null> {
  if (job_id === null) return null;
  try {
    return await monitor.job(job_id);
  } catch (error) {
    if (error instanceof ProductError && error.code === 'JOB_UNKNOWN') return null;
    throw error;
  }
}

function graphOf(monitor: Monitor, pipelines: readonly Pipeline[], total: number) {
  const graphs = pipelines.map(({ pipeline, job }) =>
    pipelineGraph({
      pipeline,
      phases: job && phaseRecords(job),
      rows: historyRows(monitor.model.domain, { pipeline }),
    }),
  );
  const edges = graphs.flatMap((graph) => graph.edges);
  return {
    pipelines: pipelines.map(({ pipeline, job }) => ({ pipeline, job_id: job?.job_id ?? null })),
    nodes: graphs.flatMap((graph) => graph.nodes),
    edges,
    has_cycle: hasCycle(edges),
    total,
    truncated: pipelines.length < total,
  };
}
