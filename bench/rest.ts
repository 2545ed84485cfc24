/**
 * How long the documented GETs take on a store of 10,000 jobs with 100,000 phases: each of the OpenAPI document's
 * routes, asked one after the other as its parameters say. Prints the slowest; exit code 1 when one is too slow.
 *   node --import tsx bench/rest.ts [JOBS, 10000] [DIR of a store seeded before]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Running, diagnostics, runTool, startService } from './processes.ts';

export interface RouteTime {
  path: string;
  p95_ms: number;
  median_ms: number;
  bytes: number;
}

export interface RestTimes {
  /** Slowest first. */
  routes: RouteTime[];
  /** The longest block of the service's event loop by all of them. */
  event_loop_max_ms: number;
}

const TIMES = 40;
export const MOST_MS = 100;
/** All there is in one answer: as long as that is. */
const WHOLE = /^\/api\/v1\/(export|backup)/;

interface Operation {
  parameters: { name: string; in: 'path' | 'query' }[];
  responses: Record<string, unknown>;
}

interface Document {
  paths: Record<string, { get?: Operation }>;
}

/** Seeds a store, or takes the one in `dir`, and asks a service on it. */
export async function measureRest(jobs: number, dir?: string): Promise<RestTimes> {
  const folder = await mkdtemp(join(tmpdir(), 'pipescope-rest-'));
  const store = dir ?? join(folder, 'store');
  try {
    if (dir === undefined) await runTool('bench/seedMany.ts', [store, String(jobs)]);
    const service = await startService(store);
    try {
      return await measureAll(service, jobs);
    } finally {
      await service.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureAll(service: Running, jobs: number): Promise<RestTimes> {
  const response = await ask(service, '/api/v1/openapi.json');
  const { paths } = JSON.parse(response) as Document;
  await diagnostics(service);
  const routes: RouteTime[] = [];
  for (const [path, { get }] of Object.entries(paths)) {
    // What switches to a WebSocket has no answer of its own.
    if (get?.responses['200'] && !WHOLE.test(path))
      for (const address of addressesOf(path, get, jobs))
        routes.push(await measure(service, address));
  }
  const { event_loop_max_ms } = await diagnostics(service);
  return { routes: routes.sort((a, b) => b.p95_ms - a.p95_ms), event_loop_max_ms };
}

async function measure(service: Running, path: string): Promise<RouteTime> {
  const times: number[] = [];
  let bytes = 0;
  for (let n = 0; n < TIMES; n++) {
    const begin = performance.now();
    bytes = (await ask(service, path)).length;
    times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  const at = (q: number) => times[Math.ceil(q * TIMES) - 1] ?? 0;
  return { path, p95_ms: at(0.95), median_ms: at(0.5), bytes };
}

async function ask({ url, token }: Running, path: string): Promise<string> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`GET ${path} answered ${response.status}: ${text}`);
  return text;
}

/** The route as it is asked for most, and its largest page. */
function addressesOf(path: string, { parameters }: Operation, jobs: number): string[] {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(idOf(name, jobs)),
  );
  const query = (REQUIRED[path] ?? []).join('&');
  const usual = query === '' ? filled : `${filled}?${query}`;
  const paged = parameters.some(({ name }) => name === 'limit');
  return paged
    ? [usual, `${filled}?${[...(REQUIRED[path] ?? []), 'limit=1000'].join('&')}`]
    : [usual];
}

/** What the seeded store has under the names of the path parameters. */
function idOf(name: string, jobs: number): string {
  const half = Math.floor(jobs / 2);
  const ids: Record<string, string> = {
    job_id: `job-${half}`,
    other: 'median',
    execution_id: `job-${half}`,
    task_id: `task-${half}`,
    worker_id: 'worker-7',
    phase_id: 'P03',
    stage_id: 'P03',
    pipeline: 'nightly-3',
  };
  const id = ids[name];
  if (id === undefined)
    throw new Error(`The benchmark knows no value of {${name}}. Add one to idOf.`);
  return id;
}

/** Query parameters without which a route has no answer. */
const REQUIRED: Record<string, string[]> = {
  '/api/v1/performance': ['pipeline=nightly-3'],
  '/api/v1/series': ['metric=shard_load', 'range=1h', 'group_by=shard'],
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [jobs = '10000', dir] = process.argv.slice(2);
  const { routes, event_loop_max_ms } = await measureRest(Number(jobs), dir);
  for (const { path, p95_ms, median_ms, bytes } of routes.slice(0, 25))
    console.log(
      `${p95_ms.toFixed(1).padStart(8)} ms  median ${median_ms.toFixed(1).padStart(6)} ms  ${(bytes / 1024).toFixed(0).padStart(6)} KB  ${path}`,
    );
  console.log(
    `${routes.length} addresses; longest block of the event loop ${event_loop_max_ms} ms`,
  );
  if (routes.some(({ p95_ms }) => p95_ms >= MOST_MS)) process.exitCode = 1;
}
