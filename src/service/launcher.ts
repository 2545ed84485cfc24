/** Starts the service as a process of its own that outlives this window, and waits until it answers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import { UNKNOWN } from '../../service/protocol/describe.ts';
import { ProductError } from '../../service/protocol/errors.ts';
import { type Endpoint, findService } from './endpoint.ts';

export interface LaunchOptions {
  /** `dist/cli.js` */
  cli: string;
  dataDir: string;
  /** `10m`, or `0` for never. */
  idleExit: string;
  env?: NodeJS.ProcessEnv;
}

/** Another service holds the data directory: the one to attach to. */
const EXIT_LOCKED = 3;
const READY_LIMIT_MS = 15_000;
const LOOK_EVERY_MS = 100;
const LARGEST_LOG_BYTES = 5 * 1024 * 1024;

export function logFileOf(dataDir: string): string {
  return join(dataDir, 'service.log');
}

/** Attaches to the running service, or starts one. Fails with a `ProductError` that says what to do. */
export async function launch(options: LaunchOptions): Promise<Endpoint> {
  const running = await findService(options.dataDir);
  if (running) return running;
  const child = await start(options);
  const ended = endOf(child);
  const limit = performance.now() + READY_LIMIT_MS;
  while (performance.now() < limit) {
    const endpoint = await findService(options.dataDir);
    if (endpoint) return endpoint;
    const end = await Promise.race([ended, pause(LOOK_EVERY_MS)]);
    // Another window was faster: its service needs the rest of the time to answer.
    if (end && end.code !== EXIT_LOCKED) throw notStarted(end.message);
    if (end) await pause(LOOK_EVERY_MS);
  }
  throw notStarted(t('It did not answer within 15 s.'));
}

async function start({ cli, dataDir, idleExit, env }: LaunchOptions): Promise<ChildProcess> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = logFileOf(dataDir);
  const size = await stat(path).then(
    (file) => file.size,
    () => 0, // no log yet
  );
  if (size > LARGEST_LOG_BYTES) await rename(path, `${path}.1`);
  const log = await open(path, 'a', 0o600);
  try {
    const args = [cli, 'serve', '--data-dir', dataDir, '--idle-exit', idleExit];
    const child = spawn(process.execPath, args, {
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log.fd, log.fd],
      env: nodeEnvironment(env ?? process.env),
      cwd: homedir(),
    });
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

/** The environment of a plain Node process: nothing of the window that starts it. */
export function nodeEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = /^(?:VSCODE_|ELECTRON_|NODE_OPTIONS$)/;
  const kept = Object.entries(env).filter(([name]) => !own.test(name));
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' };
}

interface End {
  code: number | null;
  message: string;
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, message: `${error.message}.` }));
    child.once('exit', (code, signal) =>
      resolve({
        code,
        message: signal
          ? t('It was ended by {0}.', signal)
          : t('It ended with code {0}.', code ?? UNKNOWN),
      }),
    );
  });
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}

function notStarted(why: string): ProductError {
  const detail = t('The Pipescope service could not be started. {0} Its log says more.', why);
  return new ProductError('SERVICE_UNREACHABLE', { detail });
}
