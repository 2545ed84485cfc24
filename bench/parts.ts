/** Parts of the benchmark that measure one thing each, in processes of their own. */
import { findChromium } from '../.ci/chromium.mjs';
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

interface JudgeRow {
  rules: number;
  subjects: number;
  us_per_event: number;
  added_percent: number;
  memory_added_mb: number;
}

/** What the rules add to the cost of an event, and to memory. */
export async function judgeRows(table: Table): Promise<void> {
  const output = await runTool('bench/judge.ts', [], { flags: ['--expose-gc'], built: true });
  const [row] = rowsOf<JudgeRow>(output);
  if (!row) throw new Error('The judge was not measured.');
  const { rules, subjects, us_per_event, added_percent, memory_added_mb } = row;
  const many = `${rules.toLocaleString('en')} rules on ${subjects.toLocaleString('en')} subjects`;
  const base = `${us_per_event.toFixed(1)} us an event without`;
  table.below(`processor time that ${many} add (${base})`, added_percent, 20, '%');
  table.below(`memory that ${many} take`, memory_added_mb, 100, 'MB');
}

interface DashboardRow {
  first_paint_ms: number;
  first_view_bytes: number;
  huge_timeline_ms: number;
  huge_graph_ms: number;
  huge_longest_task_ms: number;
  live_events_per_s: number;
  live_longest_task_ms: number;
  live_p95_ms: number;
  live_heap_mb: number;
  live_heap_growth_mb: number;
  bundle_bytes: number;
}

/** The dashboard in Chromium: its first view, a run of 5,000 phases, and 1,000 events/s with all regions open. */
export async function dashboardRows(
  table: Table,
  { jobs, dir, seconds }: { jobs: number; dir: string; seconds: number },
): Promise<void> {
  if (!findChromium()) {
    console.log('There is no Chromium: the dashboard was not measured.');
    return;
  }
  const output = await runTool('bench/dashboard.ts', [dir, String(seconds)]);
  const [row] = rowsOf<DashboardRow>(output);
  if (!row) throw new Error('The dashboard was not measured.');
  const stored = jobs.toLocaleString('en');
  const live = `at ${row.live_events_per_s.toLocaleString('en')} events/s, all regions open, ${seconds} s`;
  table.below(`first paint with data, ${stored} stored jobs`, row.first_paint_ms, 1000, 'ms');
  table.below('run of 5,000 phases: timeline drawn', row.huge_timeline_ms, 1500, 'ms');
  table.below('run of 5,000 phases: graph drawn', row.huge_graph_ms, 1500, 'ms');
  table.below('longest task while it is scrolled and zoomed', row.huge_longest_task_ms, 50, 'ms');
  table.below(`longest task ${live}`, row.live_longest_task_ms, 100, 'ms');
  table.below('event posted -> on the page, p95, meanwhile', row.live_p95_ms, 300, 'ms');
  table.below('heap of the page, the most', row.live_heap_mb, 150, 'MB');
  table.below('growth of the heap after the first fifth of it', row.live_heap_growth_mb, 10, 'MB');
  table.below('code of the dashboard, minified', row.bundle_bytes / 1000, 900, 'kB');
  table.below('code of its first view', row.first_view_bytes / 1000, 350, 'kB');
}

function rowsOf<T>(output: string): T[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as T);
}
