/** The routes of the reference document 003: metrics, bottlenecks, optimizations and the dashboard's state. */
import { Type } from '@sinclair/typebox';
import { optimizationRecords } from '../../core/domain/queries.ts';
import { totals } from '../../core/domain/statistics.ts';
import { systemMetrics } from '../../core/domain/system.ts';
import { listAlerts } from '../../core/list.ts';
import { timeText } from '../../core/view.ts';
import { BOTTLENECK_KINDS, Bottleneck, WATCHED } from '../../protocol/bottleneck.ts';
import { PerformanceMetrics, PerformanceState, STATE_ROWS } from '../../protocol/performance.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { ChoicesOf, choicesOf } from '../query.ts';
import { type Route, route } from '../route.ts';
import { optimizationList } from './optimizations.ts';
import type { Sources } from './sources.ts';
import { currentHealth } from './targets.ts';

export function performanceRoutes(sources: Sources): Route[] {
  const { monitor } = sources;
  return [
    route({
      path: '/api/metrics',
      summary: 'This machine and the system as they are now, and the totals of all time.',
      response: PerformanceMetrics,
      handle: () => metrics(sources, Date.now()),
    }),
    route({
      path: '/api/bottlenecks',
      summary:
        'What holds everything else back now, the greatest impact first, and what is watched.',
      query: Type.Object({ ...PageQuery, kind: ChoicesOf(BOTTLENECK_KINDS) }),
      response: PageOf('bottlenecks', Bottleneck, WATCHED),
      handle: ({ query }) => {
        const kinds = choicesOf(query.kind, 'kind', BOTTLENECK_KINDS);
        const wanted = monitor.analyst.bottlenecks
          .open()
          .filter(({ kind }) => kinds?.includes(kind) ?? true);
        const { items, ...page } = pageOf(wanted, query);
        return { bottlenecks: items, ...page, ...monitor.analyst.bottlenecks.watching() };
      },
    }),
    optimizationList('/api/optimizations', monitor),
    route({
      path: '/api/dashboard',
      summary: 'Metrics, health, targets, bottlenecks, optimizations and alerts in one document.',
      response: PerformanceState,
      handle: () => state(sources, Date.now()),
    }),
  ];
}

function metrics({ monitor, host }: Sources, now: number): PerformanceMetrics {
  const { domain } = monitor.model;
  return {
    time: timeText(now),
    host: { ...host?.latest() },
    system: systemMetrics(domain, now),
    totals: totals(domain, now),
  };
}

async function state(sources: Sources, now: number): Promise<PerformanceState> {
  const { monitor } = sources;
  const { targets, health } = await currentHealth(monitor, now);
  const bottlenecks = monitor.analyst.bottlenecks.open();
  const alerts = listAlerts(monitor.model, { active: true });
  return {
    time: timeText(now),
    metrics: metrics(sources, now),
    ...{ health, targets, bottlenecks },
    optimizations: optimizationRecords(monitor.model.domain).slice(0, STATE_ROWS),
    alerts: alerts.slice(0, STATE_ROWS),
    alerts_total: alerts.length,
  };
}
