/** Everything that a service answers of what it was told, to be compared with the answers of another. */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { NO_OUTLOOK } from '../../../service/core/outlook.ts';
import type { SeriesAnswer } from '../../../service/protocol/series.ts';
import type { TestService } from './service.ts';

export interface Range {
  /** Epoch milliseconds. */
  from: number;
  to: number;
}

interface Page {
  next_cursor?: string | null;
  [list: string]: unknown;
}

const LISTS = [
  ...['workers', 'tasks', 'queues', 'models', 'endpoints', 'caches', 'signals', 'actions'],
  ...['optimizations', 'statistics/hourly', 'statistics/daily'],
];
const AGGREGATIONS = ['sum', 'count', 'last', 'p95', 'rate'];
/** Of the tiers: measured points are in memory only, and gone after a restart. */
const STEP_MS = 60_000;

/** What arrival itself decides: places in the journal, when something was heard of, and what the service says of it. */
const OF_ARRIVAL = new Set([
  // What is usual follows from the runs that were known when it was worked out.
  ...Object.keys(NO_OUTLOOK),
  ...['seq', 'first_seq', 'folded_seq', 'first_seen', 'last_seen', 'last_seen_at'],
  ...['last_heartbeat', 'alerts', 'alert_events', 'alert_count'],
  // Counted up to now.
  'executions_per_hour',
]);

/** All rows of a list, over all its pages. */
export async function rowsOf(service: TestService, path: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  let cursor: string | null | undefined;
  do {
    const more = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const page = await service.get<Page>(`/api/v1/${path}?limit=1000${more}`);
    rows.push(...(Object.values(page).find((value) => Array.isArray(value)) as unknown[]));
    cursor = page.next_cursor;
  } while (cursor);
  return rows;
}

export interface Wanted {
  range: Range;
  /** Series of a metric that agree in these labels are one; a metric that is not asked for is left out. */
  groupBy?: (metric: string) => string[] | null;
}

/** Workers, tasks, queues and all the rest, statistics, history, snapshots of all jobs, and all series. */
export async function answersOf(service: TestService, wanted: Wanted): Promise<Answers> {
  const lists: Named = {};
  for (const path of LISTS) lists[path] = await rowsOf(service, path);
  const jobs = await service.jobs();
  const ids = jobs.map(({ job_id }) => job_id).sort();
  const snapshots: Named = {};
  for (const id of ids) snapshots[id] = await service.export(id);
  return {
    lists: plain(lists),
    snapshots: plain(snapshots),
    history: plain(await historyOf(service)),
    series: await seriesOf(service, wanted),
  };
}

type Named = Record<string, unknown>;

export interface Answers {
  lists: Named;
  snapshots: Named;
  history: Named;
  series: Named;
}

async function historyOf(service: TestService): Promise<Named> {
  const history: Named = {};
  for (const phase_id of ['P0', 'P1', 'P2', 'P3'])
    history[phase_id] = await rowsOf(service, `monitoring/phases/${phase_id}/history`);
  history['stages'] = await service.get('/api/pipeline/stages/metrics');
  return history;
}

export async function seriesOf(service: TestService, { range, groupBy }: Wanted): Promise<Named> {
  const from = new Date(range.from).toISOString();
  const to = new Date(range.to).toISOString();
  const found: Named = {};
  const metrics = (await rowsOf(service, 'series/metrics')) as { metric: string }[];
  for (const { metric } of metrics) {
    const labels = groupBy?.(metric);
    if (labels === null) continue;
    const grouped = labels === undefined ? '' : `&group_by=${labels.join(',')}`;
    for (const aggregation of AGGREGATIONS) {
      // What a counter or level does per second is not the sum of its parts.
      if (labels !== undefined && aggregation === 'rate') continue;
      const about = `metric=${metric}&from=${from}&to=${to}&step=${STEP_MS}${grouped}`;
      const answer = await service.get<SeriesAnswer>(
        `/api/v1/series?${about}&aggregation=${aggregation}&limit=1000`,
      );
      const lines = answer.series.filter(({ points }) => points.length > 0);
      found[`${metric} ${aggregation}`] = lines.map((line) => ({
        labels: line.labels,
        points: line.points.map(([time, value]) => [time, rounded(value)]),
      }));
    }
  }
  return found;
}

/** The last digits of a sum of fractions follow from the order of its parts. */
const rounded = (value: number) => Number(value.toPrecision(10));

/** Without what arrival decides. */
function plain(value: Named): Named {
  const text = JSON.stringify(value, (key, held: unknown) => {
    if (OF_ARRIVAL.has(key)) return undefined;
    // The stored document for an import: the same in another order.
    if (key === 'state' && typeof held === 'object') return undefined;
    if (key !== 'timeline') return held;
    return (held as { type: string }[]).filter(({ type }) => type !== 'alert.raised');
  });
  return JSON.parse(text) as Named;
}

/** Fails with the few answers that differ, by their names. */
export function assertSame(found: Answers, expected: Answers, about: string): void {
  for (const part of Object.keys(expected) as (keyof Answers)[]) {
    const [mine, theirs] = [found[part], expected[part]];
    const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
    const differing = names.filter((name) => !isDeepStrictEqual(mine[name], theirs[name]));
    const [first] = differing;
    if (first === undefined) continue;
    const which = `${part}, ${differing.length} of ${names.length} differ: ${differing.slice(0, 8).join(', ')}`;
    assert.deepStrictEqual(mine[first], theirs[first], `${which} (${about})`);
  }
}
