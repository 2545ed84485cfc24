/** The command line's way to the service: where it is, which token to use, and one request. */
import { homedir } from 'node:os';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { readServiceFile, readTokens } from '../storage/dataDir.ts';
import { type ServiceFile, defaultDataDir } from '../protocol/dataDir.ts';
import { ProductError, isErrorCode, messageOf } from '../protocol/errors.ts';
import { PROTOCOL } from '../protocol/version.ts';
import { codeOf } from '../storage/fileSystem.ts';

export interface Target {
  url: string;
  token: string;
}

const TIMEOUT_MS = 15_000;
const HEALTH_TIMEOUT_MS = 2000;
const START_AGAIN = 'Start one with "pipescope serve".';

export function dataDirOf(env: NodeJS.ProcessEnv, flag?: string): string {
  return flag ?? defaultDataDir({ platform: process.platform, env, home: homedir() });
}

/** `PIPESCOPE_URL` and `PIPESCOPE_TOKEN`, else what the data directory says. Throws SERVICE_UNREACHABLE. */
export async function findService(
  env: NodeJS.ProcessEnv,
  role: 'ingest' | 'admin',
  flag?: string,
): Promise<Target> {
  const dataDir = dataDirOf(env, flag);
  const url = env['PIPESCOPE_URL'] || (await runningService(dataDir)).url;
  const token = env['PIPESCOPE_TOKEN'] || (await readTokens(dataDir, () => undefined))?.[role];
  if (token === undefined) throw new ProductError('TOKEN_MISSING');
  return { url: url.replace(/\/+$/, ''), token };
}

/** The service that the data directory names, once it has answered as that one. */
async function runningService(dataDir: string): Promise<ServiceFile> {
  const file = await readServiceFile(dataDir);
  if (file === null) {
    throw new ProductError('SERVICE_UNREACHABLE', {
      detail:
        'No Pipescope service is running. Start one with "pipescope serve", or set PIPESCOPE_URL.',
    });
  }
  await checkService(file);
  return file;
}

const Health = Type.Object({
  service: Type.Literal('pipescope'),
  pid: Type.Integer(),
  protocol: Type.Integer(),
});

/**
 * After a crash, service.json names a port that another program may have taken: it must get neither token nor events.
 * Throws SERVICE_UNREACHABLE with the next step.
 */
export async function checkService({ url, pid }: ServiceFile): Promise<void> {
  const health = await healthOf(url);
  if (!Value.Check(Health, health) || health.pid !== pid) {
    throw unreachable(
      `The Pipescope service at ${url} has ended, and another program answers there. ${START_AGAIN}`,
    );
  }
  if (health.protocol !== PROTOCOL) {
    throw unreachable(
      `The service at ${url} speaks protocol ${health.protocol}, this program ${PROTOCOL}. Update the older one.`,
    );
  }
}

/** What answers at the address; undefined where it makes no sense. Throws SERVICE_UNREACHABLE where nothing answers. */
async function healthOf(url: string): Promise<unknown> {
  try {
    const signal = AbortSignal.timeout(HEALTH_TIMEOUT_MS);
    const response = await fetch(`${url}/healthz`, { redirect: 'error', signal });
    return await response.json();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'TimeoutError')
      throw unreachable(`The service at ${url} does not answer within 2 seconds. Try again.`);
    if (codeOf(error.cause) === 'ECONNREFUSED')
      throw unreachable(`The Pipescope service at ${url} has ended. ${START_AGAIN}`);
    return undefined;
  }
}

function unreachable(detail: string): ProductError {
  return new ProductError('SERVICE_UNREACHABLE', { detail });
}

/** One request. Throws SERVICE_UNREACHABLE, or the failure that the service answered. */
export async function request(
  target: Target,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  let response: Response;
  const headers = {
    ...(init.headers as Record<string, string>),
    authorization: `Bearer ${target.token}`,
  };
  try {
    response = await fetch(`${target.url}${path}`, {
      ...init,
      headers,
      redirect: 'error',
      signal: init.signal ?? AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    const why = error instanceof Error && error.cause ? messageOf(error.cause) : messageOf(error);
    throw new ProductError('SERVICE_UNREACHABLE', {
      detail: `No Pipescope service answers at ${target.url}: ${why}.`,
    });
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; code?: string };
  throw new ProductError(isErrorCode(problem.code) ? problem.code : 'BODY_INVALID', {
    detail: problem.detail ?? `The service answered ${response.status}.`,
  });
}
