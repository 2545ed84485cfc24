/** Parts of the benchmark that measure one thing each, in processes of their own. */
import { runTool } from './processes.ts';
import { MOST_MS, measureRest } from './rest.ts';
import type { SeriesRow } from './series.ts';
import type { Table } from './table.ts';

/** Memory, append, range queries and quantiles of the time series. */
export async function seriesRows(table: Table): Promise<void> {
  const output = await runTool('bench/series.ts', [], { flags: ['--expose-gc'] });
  for (const { what, got, wanted, unit, least } of rowsOf<SeriesRow>(output)) {
    if (least) table.atLeast(what, got, wanted, unit);
    else table.below(what, got, wanted, unit);
  }
}

interface SamplingRow {
  what: string;
  percent_of_machine: number;
  most_percent: number;
}

/** What looking at this machine ten times a second costs. */
export async function samplingRows(table: Table, seconds: number): Promise<void> {
  if (process.platform !== 'linux') {
    console.log('This is no Linux: the cost of sampling was not measured.');
    return;
  }
  const output = await runTool('bench/sampling.ts', [String(seconds)], { mayFail: true });
  for (const { what, percent_of_machine, most_percent } of rowsOf<SamplingRow>(output))
    table.below(`${what}, ${seconds} s`, percent_of_machine, most_percent, '% CPU');
}

/** The documented GETs on the seeded store in `dir`. */
export async function restRows(table: Table, jobs: number, dir: string): Promise<void> {
  const { routes, event_loop_max_ms } = await measureRest(jobs, dir);
  const [slowest] = routes;
  if (!slowest) throw new Error('The OpenAPI document names no GET.');
  const store = `${jobs.toLocaleString('en')} jobs`;
  const what = `slowest of ${routes.length} GETs with ${store}, p95 (${slowest.path.slice(0, 40)})`;
  table.below(what, slowest.p95_ms, MOST_MS, 'ms');
  table.below('longest block of the event loop by these', event_loop_max_ms, 50, 'ms');
}

function rowsOf<T>(output: string): T[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as T);
}
