/** Puts the service together: data directory, lock, monitor, sampler, server; and takes it apart again. */
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Announcement } from './announcement.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { type AnsweredRequest, Exposition } from './exposition/exposition.ts';
import { AccessCodes } from './http/accessCodes.ts';
import { createApp } from './http/app.ts';
import { Guard } from './http/guard.ts';
import type { Route } from './http/route.ts';
import { allRoutes } from './http/routes/index.ts';
import { Monitor } from './monitor.ts';
import type { ReadyLine, Tokens } from './protocol/dataDir.ts';
import { ProductError, messageOf } from './protocol/errors.ts';
import { PROTOCOL, VERSION } from './protocol/version.ts';
import type { RecentProblems } from './recentProblems.ts';
import { HostSampler } from './sampler/hostSampler.ts';
import { JobSampler } from './sampler/jobSampler.ts';
import { createTokens, prepareDataDir } from './storage/dataDir.ts';
import { type Lock, acquireLock } from './storage/lock.ts';
import { removeLeftSnapshots } from './storage/snapshot.ts';
import { Hub } from './ws/hub.ts';
import { SocketServer } from './ws/server.ts';

export interface ServiceOptions {
  config: Config;
  logger: Logger;
  /** What that logger warned of lately. */
  problems: RecentProblems;
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

  /** What it serves. */
  get routes(): readonly Route[] {
    return this.#parts.routes;
  }

  /** Starts listening. Throws DATA_DIR_UNUSABLE, DATA_DIR_LOCKED, OPTION_INVALID. */
  static async start(options: ServiceOptions): Promise<Service> {
    const { config, logger } = options;
    for (const sentence of await prepareDataDir(config.data_dir)) logger.warn(sentence);
    const lock = await acquireLock(config.data_dir);
    await removeLeftSnapshots(config.data_dir);
    let monitor: Monitor | undefined;
    let parts: ServiceParts | undefined;
    try {
      const tokens = await createTokens(config.data_dir, (sentence) => logger.warn(sentence));
      monitor = await Monitor.open({ config, logger, clock: systemClock });
      parts = assemble(options, { lock, tokens, monitor });
      const port = await listen(parts.app, options);
      parts.guard.listensOn(port);
      const ready = readyLine(config, port);
      monitor.alerting.dashboardUrl = `${ready.url}/enhanced-monitor`;
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
async function takeApart(parts: ServiceParts): Promise<void> {
  const { sampler, host, exposition, hub, sockets, app, monitor } = parts;
  monitor.control.close();
  sampler.close();
  host.close();
  hub.close();
  sockets.close();
  // Whoever is in the middle of a request may end it; who drips is not waited for.
  const cut = setTimeout(() => app.server.closeAllConnections(), LAST_REQUESTS_MS);
  await app.close();
  clearTimeout(cut);
  exposition.close();
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
  host: HostSampler;
  exposition: Exposition;
  routes: readonly Route[];
}

function assemble(
  options: ServiceOptions,
  held: Pick<ServiceParts, 'lock' | 'tokens' | 'monitor'>,
): ServiceParts {
  const { config, logger, dist, onStop } = options;
  const { monitor, tokens } = held;
  const codes = new AccessCodes(() => systemClock.elapsed());
  const access = { codes, token: tokens.admin };
  const guard = new Guard({
    ...{ tokens, codes },
    hosts: hostNames(config),
    elapsed: () => systemClock.elapsed(),
    anyPort: config.behind_proxy,
  });
  const host = sampleHost(monitor, options);
  const exposition: Exposition = new Exposition({ monitor, clients: () => sockets.size });
  const { profile } = config;
  const clients = () => sockets.counts;
  const { problems } = options;
  const routes = allRoutes({
    ...{ monitor, host, profile, access, exposition, clients, problems },
    assets: join(dist, 'webview'),
  });
  const onAnswered = (request: AnsweredRequest) => exposition.answered(request);
  const app = createApp({ routes, guard, logger, onAnswered });
  const onUnexpected = (error: unknown) => logger.error({ err: error }, 'A frame failed.');
  const hub = new Hub(monitor, { now: () => systemClock.now(), onUnexpected });
  const context = {
    monitor,
    hub,
    profile,
    roleOfToken: (token: string) => guard.roleOfToken(token),
    // The answer to the command goes out first.
    stop: () => void setTimeout(() => onStop('A client asked the service to stop.'), 50),
    onUnexpected,
  };
  const sockets = new SocketServer({ server: app.server, guard, context });
  const sampler = new JobSampler({ monitor, intervalMs: config.sampling.interval_ms, logger });
  monitor.settings.onChange(({ sampling, series, retention }) => {
    monitor.series.configure({ ...series, ...retention });
    host.setInterval(sampling.host_interval_ms);
    sampler.setInterval(sampling.interval_ms);
  });
  return { ...held, routes, app, guard, hub, sockets, sampler, host, exposition };
}

/** Points of this machine go straight into the series: there are too many of them for the journal. */
function sampleHost(monitor: Monitor, { config, logger }: ServiceOptions): HostSampler {
  const labels = { source: 'host' };
  const sampler = new HostSampler({
    intervalMs: config.sampling.host_interval_ms,
    dataDir: config.data_dir,
    logger,
    sink: (points) => {
      for (const { metric, time, value, unit } of points)
        monitor.series.append({ metric, labels, time, value, unit, kind: 'gauge' });
    },
  });
  sampler.start();
  return sampler;
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
