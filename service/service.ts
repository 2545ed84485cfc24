/** Puts the service together: data directory, lock, monitor, sampler, server; and takes it apart again. */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Announcement } from './announcement.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { createApp } from './http/app.ts';
import { Guard } from './http/guard.ts';
import type { Route } from './http/route.ts';
import { alertRoutes } from './http/routes/alerts.ts';
import { alertApiRoutes } from './http/routes/alertsApi.ts';
import { domainRoutes } from './http/routes/domain.ts';
import { eventRoutes } from './http/routes/events.ts';
import { executionRoutes } from './http/routes/executions.ts';
import { exportRoutes } from './http/routes/export.ts';
import { graphRoutes } from './http/routes/graph.ts';
import { healthRoutes } from './http/routes/health.ts';
import { historyRoutes } from './http/routes/history.ts';
import { importRoutes } from './http/routes/import.ts';
import { jobRoutes } from './http/routes/jobs.ts';
import { metricsApiRoutes } from './http/routes/metricsApi.ts';
import { monitoringRoutes } from './http/routes/monitoring.ts';
import { performanceRoutes } from './http/routes/performance.ts';
import { pipelineRoutes } from './http/routes/pipeline.ts';
import { seriesRoutes } from './http/routes/series.ts';
import { serviceRoutes } from './http/routes/service.ts';
import type { HostReader } from './http/routes/sources.ts';
import { stageRoutes } from './http/routes/stages.ts';
import { statisticsRoutes } from './http/routes/statistics.ts';
import { targetRoutes } from './http/routes/targets.ts';
import { taskRoutes } from './http/routes/tasks.ts';
import { workerRoutes } from './http/routes/workers.ts';
import { Monitor } from './monitor.ts';
import type { ReadyLine, Tokens } from './protocol/dataDir.ts';
import { ProductError, messageOf } from './protocol/errors.ts';
import { PROTOCOL, VERSION } from './protocol/version.ts';
import { JobSampler } from './sampler/jobSampler.ts';
import { createTokens, prepareDataDir } from './storage/dataDir.ts';
import { type Lock, acquireLock } from './storage/lock.ts';
import { Hub } from './ws/hub.ts';
import { SocketServer } from './ws/server.ts';

export interface ServiceOptions {
  config: Config;
  logger: Logger;
  /** Folder of the bundles: the dashboard's files lie there. */
  dist: string;
  /** True when the port was asked for: then another one is not as good. */
  fixedPort: boolean;
  /** Called when the service wants to end: a client's command, or no window for long. */
  onStop: (reason: string) => void;
}

/** Ports tried after the default one before any free one is taken. */
const NEXT_PORTS = 20;
const IDLE_CHECK_MS = 1000;
const LAST_REQUESTS_MS = 1000;

export class Service {
  readonly ready: ReadyLine;
  readonly tokens: Tokens;
  readonly monitor: Monitor;
  readonly #parts: ServiceParts;
  readonly #announcement: Announcement;
  readonly #idleTimer: NodeJS.Timeout | undefined;

  private constructor(
    parts: ServiceParts & { announcement: Announcement },
    ready: ReadyLine,
    options: ServiceOptions,
  ) {
    this.ready = ready;
    this.tokens = parts.tokens;
    this.monitor = parts.monitor;
    this.#parts = parts;
    this.#announcement = parts.announcement;
    this.#idleTimer = watchIdle(parts.sockets, options);
  }

  /** Starts listening. Throws DATA_DIR_UNUSABLE, DATA_DIR_LOCKED, OPTION_INVALID. */
  static async start(options: ServiceOptions): Promise<Service> {
    const { config, logger } = options;
    for (const sentence of await prepareDataDir(config.data_dir)) logger.warn(sentence);
    const lock = await acquireLock(config.data_dir);
    let monitor: Monitor | undefined;
    let parts: ServiceParts | undefined;
    try {
      const tokens = await createTokens(config.data_dir, (sentence) => logger.warn(sentence));
      monitor = await Monitor.open({ config, logger, clock: systemClock });
      parts = assemble(options, { lock, tokens, monitor });
      const port = await listen(parts.app, options);
      parts.guard.listensOn(port);
      const ready = readyLine(config, port);
      const { url, ws, pid, version, protocol } = ready;
      const announcement = new Announcement(config.data_dir, { url, ws, pid, version, protocol });
      await announcement.make((sentence) => logger.warn(sentence));
      return new Service({ ...parts, announcement }, ready, options);
    } catch (error) {
      // Timers and files of a half-made service would keep the process alive.
      if (parts) await takeApart(parts);
      await monitor?.close();
      await lock.release();
      throw error;
    }
  }

  /** Stops taking, flushes, lets go. */
  async stop(): Promise<void> {
    clearInterval(this.#idleTimer);
    await this.#announcement.withdraw();
    await takeApart(this.#parts);
    await this.monitor.close();
    await this.#parts.lock.release();
  }
}

/** Ends what faces the outside, so that nothing more reaches the monitor. */
async function takeApart({ sampler, hub, sockets, app }: ServiceParts): Promise<void> {
  sampler.close();
  hub.close();
  sockets.close();
  // Whoever is in the middle of a request may end it; who drips is not waited for.
  const cut = setTimeout(() => app.server.closeAllConnections(), LAST_REQUESTS_MS);
  await app.close();
  clearTimeout(cut);
}

interface ServiceParts {
  lock: Lock;
  tokens: Tokens;
  monitor: Monitor;
  app: FastifyInstance;
  guard: Guard;
  hub: Hub;
  sockets: SocketServer;
  sampler: JobSampler;
}

function assemble(
  options: ServiceOptions,
  held: Pick<ServiceParts, 'lock' | 'tokens' | 'monitor'>,
): ServiceParts {
  const { config, logger, dist, onStop } = options;
  const { monitor, tokens } = held;
  const guard = new Guard({
    tokens,
    hosts: hostNames(config),
    elapsed: () => systemClock.elapsed(),
    anyPort: config.behind_proxy,
  });
  const app = createApp({
    routes: allRoutes(monitor, config.profile),
    guard,
    logger,
    assets: dist,
  });
  const onUnexpected = (error: unknown) => logger.error({ err: error }, 'A frame failed.');
  const hub = new Hub(monitor, { now: () => systemClock.now(), onUnexpected });
  const context = {
    monitor,
    hub,
    profile: config.profile,
    roleOfToken: (token: string) => guard.roleOfToken(token),
    // The answer to the command goes out first.
    stop: () => void setTimeout(() => onStop('A client asked the service to stop.'), 50),
    onUnexpected,
  };
  const sockets = new SocketServer({ server: app.server, guard, context });
  const sampler = new JobSampler({ monitor, intervalMs: config.sampling.interval_ms, logger });
  return { ...held, app, guard, hub, sockets, sampler };
}

/** The one table of routes: what is served, described and tested. */
export function allRoutes(monitor: Monitor, profile: string, host?: HostReader): Route[] {
  return [
    ...eventRoutes(monitor),
    ...jobRoutes(monitor),
    ...monitoringRoutes(monitor),
    ...historyRoutes(monitor),
    ...executionRoutes(monitor),
    ...stageRoutes(monitor),
    ...pipelineRoutes(monitor),
    ...graphRoutes(monitor),
    ...alertRoutes(monitor),
    ...exportRoutes(monitor),
    ...importRoutes(monitor),
    ...workerRoutes(monitor),
    ...taskRoutes(monitor),
    ...domainRoutes(monitor),
    ...statisticsRoutes(monitor),
    ...seriesRoutes(monitor),
    ...targetRoutes(monitor),
    ...metricsApiRoutes({ monitor, host }),
    ...alertApiRoutes(monitor),
    ...performanceRoutes({ monitor, host }),
    ...healthRoutes(monitor),
    ...serviceRoutes(monitor, profile),
  ];
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

function hostNames({ host }: Config): string[] {
  return isLoopback(host) ? LOOPBACK : [...LOOPBACK, host.toLowerCase()];
}

export function isLoopback(host: string): boolean {
  return ['127.0.0.1', 'localhost', '::1', '[::1]'].includes(host);
}

async function listen(app: FastifyInstance, options: ServiceOptions): Promise<number> {
  const { config, fixedPort, logger } = options;
  const wanted = config.port;
  const others =
    fixedPort || wanted === 0 ? [] : Array.from({ length: NEXT_PORTS }, (_, i) => wanted + i + 1);
  for (const port of [wanted, ...others, ...(fixedPort ? [] : [0])]) {
    try {
      await app.listen({ host: config.host, port });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE')
        throw unusableHost(config.host, error);
      continue;
    }
    const { port: taken } = app.server.address() as AddressInfo;
    if (wanted !== 0 && taken !== wanted)
      logger.warn(`Port ${wanted} is taken by another program; using ${taken}.`);
    return taken;
  }
  throw new ProductError('OPTION_INVALID', {
    detail: `Port ${wanted} is taken by another program. Choose another with --port, or 0 for any free one.`,
  });
}

function unusableHost(host: string, error: unknown): ProductError {
  const detail = `The service cannot listen on ${host}: ${messageOf(error)}. Choose another --host or --port.`;
  return new ProductError('OPTION_INVALID', { detail, cause: error });
}

function readyLine({ host, data_dir }: Config, port: number): ReadyLine {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const url = `http://${name}:${port}`;
  const ws = `ws://${name}:${port}/ws`;
  return { ready: true, url, ws, data_dir, pid: process.pid, version: VERSION, protocol: PROTOCOL };
}

/** Ends the service some time after the last window has gone. */
function watchIdle(
  sockets: SocketServer,
  { config, onStop }: ServiceOptions,
): NodeJS.Timeout | undefined {
  if (config.idle_exit_ms === 0) return undefined;
  let lastSeen = systemClock.elapsed();
  return setInterval(() => {
    const now = systemClock.elapsed();
    if (sockets.windows > 0) lastSeen = now;
    else if (now - lastSeen >= config.idle_exit_ms)
      onStop('No window has been connected for a while.');
  }, IDLE_CHECK_MS);
}
