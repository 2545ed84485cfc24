/** The command line's way to the service: where it is, which token to use, and one request. */
import { homedir } from 'node:os';
import { readServiceFile, readTokens } from '../storage/dataDir.ts';
import { defaultDataDir } from '../protocol/dataDir.ts';
import { ProductError, messageOf } from '../protocol/errors.ts';

export interface Target {
  url: string;
  token: string;
}

const TIMEOUT_MS = 15_000;

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
  const url = env['PIPESCOPE_URL'] ?? (await readServiceFile(dataDir))?.url;
  if (url === undefined) {
    throw new ProductError('SERVICE_UNREACHABLE', {
      detail:
        'No Pipescope service is running. Start one with "pipescope serve", or set PIPESCOPE_URL.',
    });
  }
  const token = env['PIPESCOPE_TOKEN'] ?? (await readTokens(dataDir, () => undefined))?.[role];
  if (token === undefined) throw new ProductError('TOKEN_MISSING');
  return { url: url.replace(/\/+$/, ''), token };
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
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new ProductError(response.status === 404 ? 'JOB_UNKNOWN' : 'BODY_INVALID', {
    detail: problem.detail ?? `The service answered ${response.status}.`,
  });
}
