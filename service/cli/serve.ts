import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, type ConfigInput, PROFILES, loadConfig } from '../config.ts';
import { type Logging, createLogging } from '../logger.ts';
import { ProductError, messageOf } from '../protocol/errors.ts';
import { Service, type ServiceOptions, isLoopback } from '../service.ts';
import { runDemo } from './demo.ts';
import { choiceOption, durationOption, integerOption, parseOptions } from './options.ts';

export const usage =
  'serve [--port N] [--host H] [--data-dir D] [--config F.yaml] [--profile development|production] [--idle-exit 10m] [--behind-proxy] [--demo [--fail P06] [--exit]]';

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'data-dir': { type: 'string' },
  config: { type: 'string' },
  profile: { type: 'string' },
  'idle-exit': { type: 'string' },
  'behind-proxy': { type: 'boolean' },
  demo: { type: 'boolean' },
  fail: { type: 'string' },
  exit: { type: 'boolean' },
} as const;

/** SIGTERM and SIGINT end the service within this time, whatever hangs. */
const STOP_MS = 2800;
const EXIT_LOCKED = 3;

export async function serve(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, OPTIONS);
  const demo = values.demo === true;
  const temporary =
    demo && values['data-dir'] === undefined
      ? await mkdtemp(join(tmpdir(), 'pipescope-demo-'))
      : undefined;
  try {
    const flags = flagsOf(values, temporary);
    const config = loadConfig({ flags, env: process.env, file: values.config });
    checkHost(config);
    return await serveUntilStopped(config, {
      fixedPort: values.port !== undefined || Boolean(process.env['PIPESCOPE_PORT']),
      demo: demo ? { fail: values.fail, exit: values.exit === true } : undefined,
    });
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

function flagsOf(values: Values, temporary: string | undefined): ConfigInput {
  const flags: ConfigInput = {};
  const port = integerOption('port', values.port, [0, 65_535]);
  const profile = choiceOption('profile', values.profile, PROFILES);
  const idle = durationOption('idle-exit', values['idle-exit']);
  const dataDir = values['data-dir'] ?? temporary;
  if (port !== undefined) flags.port = port;
  if (values.host !== undefined) flags.host = values.host;
  if (dataDir !== undefined) flags.data_dir = dataDir;
  if (profile !== undefined) flags.profile = profile;
  if (idle !== undefined) flags.idle_exit_ms = idle;
  if (values['behind-proxy']) flags.behind_proxy = true;
  // The demo is short: it is looked at more often than a day's pipeline.
  if (temporary !== undefined) flags.sampling = { interval_ms: 1000 };
  return flags;
}

function checkHost({ host, behind_proxy }: Config): void {
  if (isLoopback(host) || behind_proxy) return;
  throw new ProductError('OPTION_INVALID', {
    detail: `--host ${host} opens the service to other machines without TLS. Put a TLS proxy in front and add --behind-proxy.`,
  });
}

interface Run {
  fixedPort: boolean;
  demo: { fail: string | undefined; exit: boolean } | undefined;
}

async function serveUntilStopped(config: Config, run: Run): Promise<number> {
  const logging = createLogging(run.demo ? 'warn' : config.log_level);
  const { logger } = logging;
  const stopped = stopSignal();
  const started = await start(config, run.fixedPort, { ...logging, onStop: stopped.resolve });
  if (started === null) return EXIT_LOCKED;
  if (run.demo) console.log(demoGreeting(started));
  else console.log(JSON.stringify(started.ready));
  let code = 0;
  if (run.demo) {
    const demo = runDemo(started, { ...run.demo, folder: demoFolder(), signal: stopped.signal });
    if (run.demo.exit) code = await demo;
    else {
      await Promise.race([demo, stopped.promise]);
      console.log('The service stays up. Press Ctrl+C to end it.');
    }
  }
  if (!run.demo?.exit) await stopped.promise;
  logger.info('Stopping.');
  stopped.end();
  const timer = setTimeout(() => process.exit(code), STOP_MS);
  await started.stop();
  // Programs that were asked about this machine cannot be called off: none of them keeps the service from its end.
  timer.unref();
  return code;
}

async function start(
  config: Config,
  fixedPort: boolean,
  options: Logging & Pick<ServiceOptions, 'onStop'>,
): Promise<Service | null> {
  try {
    return await Service.start({ ...options, config, dist: import.meta.dirname, fixedPort });
  } catch (error) {
    if (!(error instanceof ProductError) || error.code !== 'DATA_DIR_LOCKED') throw error;
    options.logger.error(messageOf(error));
    return null;
  }
}

/** Resolves at the first SIGTERM, SIGINT or wish of the service itself. */
function stopSignal() {
  const controller = new AbortController();
  let resolve: (reason: string) => void = () => undefined;
  const promise = new Promise<string>((done) => (resolve = done));
  const onSignal = (signal: string) => resolve(signal);
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return {
    promise,
    signal: controller.signal,
    resolve: (reason: string) => resolve(reason),
    end: () => controller.abort(),
  };
}

function demoFolder(): string {
  const built = join(import.meta.dirname, 'examples', 'document-pipeline');
  const source = join(import.meta.dirname, '..', 'examples', 'document-pipeline');
  return existsSync(source) ? source : built;
}

function demoGreeting({ ready, tokens }: Service): string {
  return `Pipescope is running.\n\n  Dashboard  ${ready.url}/enhanced-monitor#token=${tokens.admin}\n  Data       ${ready.data_dir} (removed at the end)\n`;
}
