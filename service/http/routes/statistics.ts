/** Hours and days in numbers, and the one document that shows the whole system (workers, tasks, alerts, statistics). */
import { Type } from '@sinclair/typebox';
import { taskRecords, workerRecords } from '../../core/domain/queries.ts';
import { periodStatistics } from '../../core/domain/statistics.ts';
import { systemMetrics } from '../../core/domain/system.ts';
import { DAY_MS, HOUR_MS } from '../../core/domain/tables.ts';
import { listAlerts } from '../../core/list.ts';
import { timeText } from '../../core/view.ts';
import { PeriodStatistics } from '../../protocol/domain.ts';
import { DASHBOARD_ROWS, DashboardDocument, RECENT_TASKS } from '../../protocol/system.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { TimeRange, timesOf } from '../query.ts';
import { type Route, route } from '../route.ts';

/** What the dashboard's document shows of the past. */
const HOURS = 24;
const DAYS = 30;

export function statisticsRoutes({ model }: Monitor): Route[] {
  return [
    periods(model, 'hour', '/api/v1/statistics/hourly'),
    periods(model, 'day', '/api/v1/statistics/daily'),
    route({
      path: '/api/v1/dashboard',
      summary:
        'The system, its workers, recent tasks, active alerts and statistics in one document.',
      response: DashboardDocument,
      handle: () => dashboardDocument(model, Date.now()),
    }),
  ];
}

function periods({ domain }: Monitor['model'], period: 'hour' | 'day', path: string): Route {
  return route({
    path,
    summary: `Tasks by ${period}: the latest ${period}s, each page oldest first. Those without any are absent.`,
    query: Type.Object({ ...PageQuery, ...TimeRange }),
    response: PageOf('statistics', PeriodStatistics, { period: Type.Literal(period) }),
    handle: ({ query }) => {
      const { from = 0, to = Number.MAX_SAFE_INTEGER } = timesOf(query);
      const all = periodStatistics(domain, period, { from, to });
      // The latest ones are wanted first: pages go back in time.
      const { items, ...page } = pageOf(all.reverse(), query);
      return { period, statistics: items.reverse(), ...page };
    },
  });
}

export function dashboardDocument(model: Monitor['model'], now: number): DashboardDocument {
  const { domain } = model;
  const workers = workerRecords(domain);
  const alerts = listAlerts(model, { active: true });
  return {
    time: timeText(now),
    system_metrics: systemMetrics(domain, now),
    worker_metrics: workers.slice(0, DASHBOARD_ROWS),
    recent_tasks: taskRecords(domain, {}, { limit: RECENT_TASKS }),
    active_alerts: alerts.slice(0, DASHBOARD_ROWS),
    hourly_stats: periodStatistics(domain, 'hour', { from: now - HOURS * HOUR_MS, to: now }),
    daily_stats: periodStatistics(domain, 'day', { from: now - DAYS * DAY_MS, to: now }),
    truncated: workers.length > DASHBOARD_ROWS || alerts.length > DASHBOARD_ROWS,
  };
}
