import type { Exposition } from '../../exposition/exposition.ts';
import { anomalyRoutes } from './anomalies.ts';
import { dashboardRoutes } from '../assets.ts';
import type { Route } from '../route.ts';
import { type AccessSources, accessCodeRoutes } from './accessCodes.ts';
import { alertmanagerRoutes } from './alertmanager.ts';
import { alertChangeRoutes } from './alertChanges.ts';
import { alertRoutes } from './alerts.ts';
import { alertApiRoutes } from './alertsApi.ts';
import { backupRoutes } from './backup.ts';
import { changeRoutes } from './changes.ts';
import { channelRoutes } from './channels.ts';
import { compareRoutes } from './compare.ts';
import { configRoutes } from './config.ts';
import { controlRoutes } from './control.ts';
import { criticalPathRoutes } from './criticalPath.ts';
import { type DiagnosticSources, diagnosticsRoutes } from './diagnostics.ts';
import { domainRoutes } from './domain.ts';
import { eventRoutes } from './events.ts';
import { executionRoutes } from './executions.ts';
import { exportRoutes } from './export.ts';
import { expositionRoutes } from './exposition.ts';
import { findingRoutes } from './findings.ts';
import { graphRoutes } from './graph.ts';
import { healthRoutes } from './health.ts';
import { historyRoutes } from './history.ts';
import { importRoutes } from './import.ts';
import { jobStatisticsRoutes } from './jobStatistics.ts';
import { jobRoutes } from './jobs.ts';
import { metricsApiRoutes } from './metricsApi.ts';
import { monitoringRoutes } from './monitoring.ts';
import { openApiRoute } from './openapi.ts';
import { optimizationRoutes } from './optimizations.ts';
import { outboxRoutes } from './outbox.ts';
import { performanceRoutes } from './performance.ts';
import { pipelineRoutes } from './pipeline.ts';
import { pipelinePerformanceRoutes } from './pipelinePerformance.ts';
import { requestRoutes } from './requests.ts';
import { ruleRoutes } from './rules.ts';
import { seriesRoutes } from './series.ts';
import { serviceRoutes } from './service.ts';
import { silenceRoutes } from './silences.ts';
import { socketRoute } from './socket.ts';
import { stageRoutes } from './stages.ts';
import { statisticsRoutes } from './statistics.ts';
import { summaryRoutes } from './summary.ts';
import { targetRoutes } from './targets.ts';
import { taskRoutes } from './tasks.ts';
import { workerRoutes } from './workers.ts';
import type { Sources } from './sources.ts';

export interface AllSources extends Sources, DiagnosticSources {
  profile: string;
  access: AccessSources;
  exposition: Exposition;
  /** Folder of the dashboard's bundle. */
  assets: string;
}

/** The one table of routes: what is served, described and tested. */
export function allRoutes(sources: AllSources): Route[] {
  const { monitor, host, profile, access, exposition, assets } = sources;
  const routes = [
    ...eventRoutes(monitor),
    ...alertmanagerRoutes(monitor),
    ...jobRoutes(monitor),
    ...compareRoutes(monitor),
    ...jobStatisticsRoutes(monitor),
    ...pipelinePerformanceRoutes(monitor),
    ...changeRoutes(monitor),
    ...summaryRoutes(monitor),
    ...monitoringRoutes(monitor),
    ...historyRoutes(monitor),
    ...executionRoutes(monitor),
    ...stageRoutes(monitor),
    ...pipelineRoutes(monitor),
    ...graphRoutes(monitor),
    ...criticalPathRoutes(monitor),
    ...findingRoutes(monitor),
    ...anomalyRoutes(monitor),
    ...alertChangeRoutes(monitor),
    ...alertRoutes(monitor),
    ...ruleRoutes(monitor),
    ...channelRoutes(monitor),
    ...silenceRoutes(monitor),
    ...outboxRoutes(monitor),
    ...exportRoutes(monitor),
    ...importRoutes(monitor),
    ...backupRoutes(monitor),
    ...workerRoutes(monitor),
    ...taskRoutes(monitor),
    ...domainRoutes(monitor),
    ...optimizationRoutes(monitor),
    ...controlRoutes(monitor),
    ...requestRoutes(monitor),
    ...statisticsRoutes(monitor),
    ...seriesRoutes(monitor),
    ...targetRoutes(monitor),
    ...metricsApiRoutes({ monitor, host }),
    ...alertApiRoutes(monitor),
    ...performanceRoutes({ monitor, host }),
    ...healthRoutes(monitor),
    ...serviceRoutes(monitor, profile),
    ...diagnosticsRoutes(monitor, sources),
    ...configRoutes(monitor),
    ...expositionRoutes(exposition),
    ...accessCodeRoutes(access),
    ...dashboardRoutes(assets),
    socketRoute(),
  ];
  routes.push(openApiRoute(routes));
  return routes;
}
