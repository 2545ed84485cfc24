import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atExit } from '../atExit.ts';

/** service.json of a data directory. */
export interface ServiceInfo {
  url: string;
  ws: string;
  pid: number;
  version: string;
  protocol: number;
}

/** The service that runs on a data directory, or undefined. One that stops may take its file away at any moment. */
export function findService(dataFolder: string): ServiceInfo | undefined {
  try {
    return JSON.parse(readFileSync(join(dataFolder, 'service.json'), 'utf8')) as ServiceInfo;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Waits until a service on this data directory answers that it is ready. */
export async function waitForService(dataFolder: string, timeoutMs = 20_000): Promise<ServiceInfo> {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    const service = findService(dataFolder);
    if (service && (await isReady(service, dataFolder))) return service;
    await sleep(50);
  }
  throw new Error(`No service became ready on ${dataFolder} within ${timeoutMs} ms`);
}

async function isReady({ url }: ServiceInfo, dataFolder: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${readTokens(dataFolder).admin}` };
  // Refused while the service of an old service.json is gone and the next has not written its own.
  const answer = await fetch(`${url}/readyz`, { headers }).catch(() => undefined);
  return answer?.ok ?? false;
}

/** Asks the service for a document as its administrator, or posts one; the bytes of the answer. */
export async function readRest(
  dataFolder: string,
  path: string,
  document?: object,
): Promise<Buffer> {
  const { url } = await waitForService(dataFolder);
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${readTokens(dataFolder).admin}`,
  };
  const posted = document && { method: 'POST', body: JSON.stringify(document) };
  const answer = await fetch(`${url}${path}`, { headers, ...posted });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** `ingest` may only add events, `admin` may all. */
export function readTokens(dataFolder: string): { ingest: string; admin: string } {
  return JSON.parse(readFileSync(join(dataFolder, 'tokens.json'), 'utf8')) as ReturnType<
    typeof readTokens
  >;
}

/** Sends events as a pipeline does; throws when one of them is refused. */
export async function postEvents(dataFolder: string, events: readonly object[]): Promise<void> {
  const { url } = await waitForService(dataFolder);
  const answer = await fetch(`${url}/api/v1/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${readTokens(dataFolder).ingest}`,
    },
    body: JSON.stringify(events),
  });
  const body = (await answer.json()) as { rejected?: unknown[] };
  if (!answer.ok || body.rejected?.length) throw new Error(JSON.stringify(body));
}

/** Makes sure that the service of this data directory does not outlive the test run, however that ends. */
export function killServiceAtExit(dataFolder: string): void {
  atExit(() => {
    const pid = findService(dataFolder)?.pid;
    if (pid !== undefined) sendSignal(pid, 'SIGKILL');
  });
}

/** Ends the service that an extension has started: it outlives its windows by design, so a test must end it, by its id. */
export async function endService(dataFolder: string): Promise<void> {
  const pid = findService(dataFolder)?.pid;
  if (pid === undefined) return;
  const signals: NodeJS.Signals[] = ['SIGTERM', 'SIGKILL'];
  for (const signal of signals) {
    for (let tries = 0; tries < 60 && sendSignal(pid, tries === 0 ? signal : 0); tries++)
      await sleep(50);
  }
}

/** False when no such process is there. */
function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
