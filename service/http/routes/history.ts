/** The routes of the reference document under /api/v1/monitoring/phases: what executions of a phase took, and the trend. */
import { type Static, Type } from '@sinclair/typebox';
import {
  type KeptExecution,
  executionRecord,
  findExecutions,
  historyRows,
} from '../../core/history.ts';
import { phaseTrend } from '../../analysis/trend.ts';
import {
  PhaseExecution,
  PhaseTrend,
  TREND_METRICS,
  type TrendMetric,
} from '../../protocol/domain.ts';
import { ProductError } from '../../protocol/errors.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { ChoicesOf, choicesOf, wrongQuery } from '../query.ts';
import { type Route, param, route } from '../route.ts';

const BASE = '/api/v1/monitoring/phases/:phase_id';
const ENDS = ['COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED'] as const;

const Filters = {
  pipeline: Type.Optional(Type.String({ description: 'only of this pipeline' })),
  status: ChoicesOf(ENDS),
};
export const HistoryQuery = Type.Object({ ...PageQuery, ...Filters });
export const HistoryPage = PageOf('history', PhaseExecution, { phase_id: Type.String() });

const TrendQuery = Type.Object({
  ...Filters,
  metric: Type.Optional(
    Type.String({ description: `${TREND_METRICS.join(', ')}; default execution_time` }),
  ),
});

export function historyRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: `${BASE}/history`,
      summary: 'Executions of a phase over all jobs, the newest first.',
      query: HistoryQuery,
      response: HistoryPage,
      fails: ['PHASE_HISTORY_UNKNOWN'],
      handle: (request) => historyPage(monitor, param(request, 'phase_id'), request.query),
    }),
    route({
      path: `${BASE}/trends`,
      summary: 'How a metric of a phase went over its executions.',
      query: TrendQuery,
      response: PhaseTrend,
      fails: ['PHASE_HISTORY_UNKNOWN'],
      handle: (request) => {
        const phase_id = param(request, 'phase_id');
        const { metric = 'execution_time', ...filter } = request.query;
        const wanted = metricOf(metric);
        const executions = knownHistory(monitor, phase_id, filter).map(executionRecord);
        return phaseTrend(executions, phase_id, wanted);
      },
    }),
  ];
}

/** One page of a phase's executions. Throws PHASE_HISTORY_UNKNOWN where there never was one. */
export function historyPage(
  monitor: Monitor,
  phase_id: string,
  query: Static<typeof HistoryQuery>,
) {
  const { items, ...page } = pageOf(knownHistory(monitor, phase_id, query), query);
  return { phase_id, history: items.map(executionRecord), ...page };
}

function knownHistory(
  monitor: Monitor,
  phase_id: string,
  { pipeline, status }: { pipeline?: string; status?: string },
): KeptExecution[] {
  const { domain } = monitor.model;
  const wanted = choicesOf(status, 'status', ENDS);
  const found = findExecutions(domain, phase_id, { pipeline, status: wanted });
  // Nothing that matches is an answer; a phase that nobody knows is not.
  if (found.length === 0 && historyRows(domain, { phase_id, pipeline }).length === 0)
    throw unknownPhase(phase_id, pipeline);
  return found;
}

export function unknownPhase(phase_id: string, pipeline: string | undefined): ProductError {
  const where = pipeline === undefined ? '' : ` in pipeline "${pipeline}"`;
  return new ProductError('PHASE_HISTORY_UNKNOWN', {
    detail:
      `No execution of phase "${phase_id}"${where} has ended yet. ` +
      'GET /api/pipeline/stages/metrics lists the phases that are known.',
  });
}

export function metricOf(text: string): TrendMetric {
  const metric = TREND_METRICS.find((one) => one === text);
  if (metric === undefined) throw wrongQuery('metric', `Choose from ${TREND_METRICS.join(', ')}.`);
  return metric;
}
