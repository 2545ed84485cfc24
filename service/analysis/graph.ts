/** How the phases of a pipeline depend on each other: as declared, or else as runs show it. */
import { executionTime } from '../core/history.ts';
import type { HistoryRow } from '../core/historyRow.ts';
import type { PhaseRecord } from '../protocol/record.ts';
import type { GraphEdge, GraphNode } from '../protocol/stages.ts';
import { type RunSpans, type Span, observedOrder } from './order.ts';
import { known, meanOf } from './quantile.ts';
import { totals } from './stages.ts';

export interface PipelineRuns {
  pipeline: string;
  /** Phases of the job whose graph it is, in their order; null where only the history is left. */
  phases: readonly PhaseRecord[] | null;
  /** Rows of the history of this pipeline. */
  rows: readonly HistoryRow[];
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** Runs that the order is taken from: the job itself and the newest others. */
const MAX_RUNS = 20;

/**
 * Phases in their order, then what they only name as a dependency. Where the pipeline declares no dependency at all, the
 * edges are those that every known run agrees with. Declared cycles stay as they were declared.
 */
export function pipelineGraph({ pipeline, phases, rows }: PipelineRuns): Graph {
  const rowOf = new Map(rows.map((row) => [row.phase_id, row]));
  const ids = phases?.map((phase) => phase.phase_id) ?? [...rowOf.keys()];
  const declared = declaredEdges(pipeline, phases ?? []);
  const edges = declared.length > 0 ? declared : observedEdges(pipeline, ids, { phases, rows });
  const unknown = new Set(declared.map((edge) => edge.from));
  for (const id of ids) unknown.delete(id);
  const recordOf = new Map(phases?.map((phase) => [phase.phase_id, phase]));
  const nodes = [...ids, ...unknown].map((phase_id) =>
    graphNode({ pipeline, phase_id }, recordOf.get(phase_id), rowOf.get(phase_id)),
  );
  return { nodes, edges };
}

function graphNode(
  { pipeline, phase_id }: { pipeline: string; phase_id: string },
  record: PhaseRecord | undefined,
  row: HistoryRow | undefined,
): GraphNode {
  const { executions_total, success_rate_percent } = totals(row ? [row] : []);
  const executions = row?.executions ?? [];
  return {
    pipeline,
    phase_id,
    name: record?.name ?? row?.name ?? phase_id,
    known: record !== undefined || row !== undefined,
    status: record?.status ?? null,
    executions_total,
    average_execution_time_ms: meanOf(known(executions, executionTime)),
    last_status: executions.at(-1)?.status ?? null,
    success_rate_percent,
  };
}

function declaredEdges(pipeline: string, phases: readonly PhaseRecord[]): GraphEdge[] {
  return phases.flatMap(({ phase_id: to, depends_on }) =>
    [...new Set(depends_on)].map((from) => {
      return { pipeline, from, to, kind: 'declared' as const, runs: null };
    }),
  );
}

function observedEdges(
  pipeline: string,
  ids: readonly string[],
  { phases, rows }: Pick<PipelineRuns, 'phases' | 'rows'>,
): GraphEdge[] {
  const order = observedOrder(ids, runsOf(rows, phases ?? []));
  return order.map((edge) => ({ pipeline, ...edge, kind: 'observed' as const }));
}

/** What each run's phases spanned: the newest runs of the history, and the job itself as it stands now. */
function runsOf(rows: readonly HistoryRow[], phases: readonly PhaseRecord[]): RunSpans[] {
  const runs = new Map<string, { spans: Map<string, Span>; ended_at: number }>();
  // In order of their end: of a phase that ran again in the same job the newest execution stays.
  for (const { phase_id, executions } of rows)
    for (const { job_id, started_at, ended_at } of executions.slice(-2 * MAX_RUNS)) {
      const run = runs.get(job_id) ?? { spans: new Map<string, Span>(), ended_at };
      run.spans.set(phase_id, { started_at, ended_at });
      run.ended_at = Math.max(run.ended_at, ended_at);
      runs.set(job_id, run);
    }
  const current = new Map(
    phases.flatMap((phase) => (phase.started_at === null ? [] : [[phase.phase_id, spanOf(phase)]])),
  );
  const [first] = phases;
  if (first) runs.delete(first.job_id);
  const newest = [...runs.values()].sort((a, b) => b.ended_at - a.ended_at).slice(0, MAX_RUNS - 1);
  return [current, ...newest.map((run) => run.spans)];
}

function spanOf({ started_at, ended_at }: PhaseRecord): Span {
  return {
    started_at: started_at === null ? null : Date.parse(started_at),
    ended_at: ended_at === null ? Infinity : Date.parse(ended_at),
  };
}

/** True when following the edges can lead back to where one began. */
export function hasCycle(edges: readonly GraphEdge[]): boolean {
  const waiting = new Map<string, number>();
  const next = new Map<string, string[]>();
  const key = (pipeline: string, phase_id: string) => JSON.stringify([pipeline, phase_id]);
  for (const edge of edges) {
    const [from, to] = [key(edge.pipeline, edge.from), key(edge.pipeline, edge.to)];
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
    if (!waiting.has(from)) waiting.set(from, 0);
    const known = next.get(from);
    if (known) known.push(to);
    else next.set(from, [to]);
  }
  // Kahn's algorithm: what can never begin is on a cycle, or behind one.
  const ready = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    waiting.delete(id);
    for (const to of next.get(id) ?? []) {
      const left = (waiting.get(to) ?? 0) - 1;
      waiting.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  return waiting.size > 0;
}
