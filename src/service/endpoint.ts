/** Finding a running service: two files of the data directory, and a question that proves who answers. */
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import type { ServiceFile, Tokens } from '../../service/protocol/dataDir.ts';

/** Where the service is and the tokens to speak with it. Tokens go into headers and environments only. */
export interface Endpoint extends ServiceFile {
  tokens: Tokens;
}

const HEALTH_LIMIT_MS = 2000;
const HEALTH_MOST_BYTES = 64 * 1024;

/** The service of this data directory, if it runs and answers. */
export async function findService(dataDir: string): Promise<Endpoint | undefined> {
  const file = await readServiceFile(dataDir);
  if (!file) return undefined;
  const tokens = await readTokens(dataDir);
  if (!tokens) return undefined;
  const health = await readHealth(file.url);
  // A foreign program on the port, or a stale file beside a new service: not ours.
  if (health?.['service'] !== 'pipescope' || health['pid'] !== file.pid) return undefined;
  return { ...file, tokens };
}

/** `service.json`; undefined where it is absent or cannot be understood. */
export async function readServiceFile(dataDir: string): Promise<ServiceFile | undefined> {
  const value = await readJson(join(dataDir, 'service.json'));
  if (!value) return undefined;
  const { url, ws, pid, version, protocol } = value;
  if (typeof url !== 'string' || typeof ws !== 'string' || typeof pid !== 'number')
    return undefined;
  if (typeof version !== 'string' || typeof protocol !== 'number') return undefined;
  return { url, ws, pid, version, protocol };
}

/** True when `service.json` names a process that is gone: a service that ends in order takes its file along. */
export async function serviceCrashed(dataDir: string): Promise<boolean> {
  const file = await readServiceFile(dataDir);
  return file !== undefined && !isAlive(file.pid);
}

async function readTokens(dataDir: string): Promise<Tokens | undefined> {
  const value = await readJson(join(dataDir, 'tokens.json'));
  const { ingest, admin } = value ?? {};
  return typeof ingest === 'string' && typeof admin === 'string' ? { ingest, admin } : undefined;
}

async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    return parseObject(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(t('{0} cannot be read: {1}', path, (error as Error).message), { cause: error });
  }
}

/** A half-written or foreign file is as good as none: the service writes it whole. */
function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What `/healthz` says; undefined when nobody answers within 2 s, or something else than JSON comes. */
function readHealth(url: string): Promise<Record<string, unknown> | undefined> {
  return new Promise((resolve) => {
    const end = (value?: Record<string, unknown>): void => {
      clearTimeout(timer);
      request.destroy();
      resolve(value);
    };
    const request = get(`${url}/healthz`, { agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > HEALTH_MOST_BYTES) end();
      });
      response.on('end', () => end(response.statusCode === 200 ? parseObject(body) : undefined));
      response.on('error', () => end());
    });
    request.on('error', () => end());
    const timer = setTimeout(() => end(), HEALTH_LIMIT_MS);
  });
}
