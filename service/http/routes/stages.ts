/** The reference document's routes of stages (phases): figures over executions, and their history. */
import { Type } from '@sinclair/typebox';
import { stageMetrics } from '../../analysis/stages.ts';
import { historyRows } from '../../core/history.ts';
import type { HistoryRow } from '../../core/historyRow.ts';
import { type RunningPhase, runningPhases } from '../../core/running.ts';
import { StageMetrics } from '../../protocol/stages.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { type Route, param, route } from '../route.ts';
import { HistoryPage, HistoryQuery, historyPage, unknownPhase } from './history.ts';

const BASE = '/api/pipeline';
const OfPipeline = {
  pipeline: Type.Optional(Type.String({ description: 'only of this pipeline' })),
};
const StageQuery = Type.Object({ ...PageQuery, ...OfPipeline });
const StagePage = PageOf('stages', StageMetrics);

const OneStage = Type.Composite([
  StageMetrics,
  Type.Object({ pipelines: Type.Array(StageMetrics, { description: 'one for each pipeline' }) }),
]);
/** Pipelines of one stage that are listed: the ones whose stage ended last. */
const MAX_PIPELINES = 100;

export function stageRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: `${BASE}/stages/metrics`,
      summary: 'Figures of each stage of each pipeline.',
      query: StageQuery,
      response: StagePage,
      handle: ({ query }) => {
        const rows = historyRows(monitor.model.domain, { pipeline: query.pipeline });
        return stagePage(
          monitor,
          rows.sort(byName).map((row) => [row]),
          query,
        );
      },
    }),
    route({
      path: `${BASE}/metrics/stages`,
      summary: 'Figures of each stage, over all pipelines that have one of that id.',
      query: StageQuery,
      response: StagePage,
      handle: ({ query }) => {
        const rows = historyRows(monitor.model.domain, { pipeline: query.pipeline });
        const groups = new Map<string, HistoryRow[]>();
        for (const row of rows.sort(byName)) {
          const group = groups.get(row.phase_id);
          if (group) group.push(row);
          else groups.set(row.phase_id, [row]);
        }
        return stagePage(monitor, [...groups.values()], query);
      },
    }),
    route({
      path: `${BASE}/stages/:phase_id/metrics`,
      summary: 'Figures of one stage, by its id or else its name, over all pipelines and for each.',
      query: Type.Object(OfPipeline),
      response: OneStage,
      fails: ['PHASE_HISTORY_UNKNOWN'],
      handle: (request) => {
        const { pipeline } = request.query;
        return oneStage(monitor, idOf(monitor, param(request, 'phase_id'), pipeline), pipeline);
      },
    }),
    route({
      path: `${BASE}/stages/:phase_id/history`,
      summary: 'Executions of a stage, by its id or else its name, the newest first.',
      query: HistoryQuery,
      response: HistoryPage,
      fails: ['PHASE_HISTORY_UNKNOWN'],
      handle: (request) => {
        const { query } = request;
        const phase_id = idOf(monitor, param(request, 'phase_id'), query.pipeline);
        return historyPage(monitor, phase_id, query);
      },
    }),
  ];
}

/** The id of the stage that people see under the name; of several the one that ended last. What is an id stays one. */
function idOf({ model }: Monitor, text: string, pipeline: string | undefined): string {
  if (historyRows(model.domain, { phase_id: text, pipeline }).length > 0) return text;
  const named = historyRows(model.domain, { pipeline }).filter(({ name }) => name === text);
  return named.sort((a, b) => lastEnd(b) - lastEnd(a))[0]?.phase_id ?? text;
}

function oneStage(monitor: Monitor, phase_id: string, pipeline: string | undefined) {
  const rows = historyRows(monitor.model.domain, { phase_id, pipeline });
  if (rows.length === 0) throw unknownPhase(phase_id, pipeline);
  const running = runningPhases(monitor.model);
  const newest = rows.sort((a, b) => lastEnd(b) - lastEnd(a)).slice(0, MAX_PIPELINES);
  const pipelines = newest.map((row) => figuresOf([row], running));
  return { ...figuresOf(rows, running), pipelines };
}

/** Figures are computed for the page only. */
function stagePage(
  monitor: Monitor,
  groups: readonly HistoryRow[][],
  query: { limit?: number; cursor?: string },
) {
  const { items, ...page } = pageOf(groups, query);
  const running = runningPhases(monitor.model);
  return { stages: items.map((rows) => figuresOf(rows, running)), ...page };
}

function figuresOf(rows: readonly HistoryRow[], running: readonly RunningPhase[]): StageMetrics {
  const [first] = rows;
  const pipelines = new Set(rows.map((row) => row.pipeline));
  const now = running.filter(
    ({ phase, pipeline }) => phase.phase_id === first?.phase_id && pipelines.has(pipeline),
  );
  return stageMetrics(rows, { running: now.length, now: Date.now() });
}

function byName(a: HistoryRow, b: HistoryRow): number {
  return compare(a.pipeline, b.pipeline) || compare(a.phase_id, b.phase_id);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function lastEnd(row: HistoryRow): number {
  return row.executions.at(-1)?.ended_at ?? 0;
}
