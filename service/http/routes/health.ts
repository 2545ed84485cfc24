/** How the service and what it watches are, in one answer: at the addresses of both reference documents. */
import { listAlerts } from '../../core/list.ts';
import { timeText } from '../../core/view.ts';
import { HealthReport } from '../../protocol/metricsApi.ts';
import { VERSION } from '../../protocol/version.ts';
import type { Monitor } from '../../monitor.ts';
import { Answer, type Route, route } from '../route.ts';
import { currentHealth } from './targets.ts';

export function healthRoutes(monitor: Monitor): Route[] {
  const startedAt = Date.now();
  return ['/health', '/api/health'].map((path) =>
    route({
      path,
      summary:
        'Healthy, degraded or unhealthy, and why. Status 503 when events cannot be written; /healthz needs no token.',
      response: HealthReport,
      otherStatuses: [503],
      handle: async () => {
        const report = await healthReport(monitor, { now: Date.now(), startedAt });
        return report.status === 'UNHEALTHY'
          ? new Answer(report, { status: 503, headers: { 'retry-after': '5' } })
          : report;
      },
    }),
  );
}

async function healthReport(
  monitor: Monitor,
  { now, startedAt }: { now: number; startedAt: number },
): Promise<HealthReport> {
  const storage = monitor.storage.state;
  const { health } = await currentHealth(monitor, now);
  const alerts = listAlerts(monitor.model, { active: true });
  const critical = alerts.filter(({ severity }) => severity === 'CRITICAL');
  const degraded = [
    ...(health.status === 'WARNING' || health.status === 'CRITICAL' ? [health.sentence] : []),
    ...critical.slice(0, 10).map(({ title }) => `Critical alert: ${title}`),
  ];
  const broken = storage === 'open' ? [] : [`Events cannot be written: the storage is ${storage}.`];
  return {
    status: broken.length > 0 ? 'UNHEALTHY' : degraded.length > 0 ? 'DEGRADED' : 'HEALTHY',
    reasons: [...broken, ...degraded],
    time: timeText(now),
    version: VERSION,
    uptime_seconds: (now - startedAt) / 1000,
    storage,
    health_score: health.score,
    health_status: health.status,
    alerts_active: alerts.length,
    alerts_critical: critical.length,
  };
}
