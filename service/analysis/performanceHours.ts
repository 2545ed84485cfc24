/** When runs took how long: one cell an hour of a day. */
import type { PerformanceHour } from '../protocol/pipelinePerformance.ts';
import type { RunPoint } from './performanceRuns.ts';
import { known, spreadOf } from './quantile.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface HoursQuery {
  /** Most days, up to the newest run. */
  days: number;
  /** How far days and hours are ahead of UTC. */
  offset_ms: number;
}

/** Runs are in order of their start. Without runs there are no days. */
export function hoursOfRuns(
  runs: readonly RunPoint[],
  { days, offset_ms }: HoursQuery,
): { days: string[]; hours: PerformanceHour[] } {
  const newest = runs.at(-1);
  if (newest === undefined) return { days: [], hours: [] };
  const dayOf = ({ started }: RunPoint) => Math.floor((started + offset_ms) / DAY_MS);
  const last = dayOf(newest);
  const shown = runs.filter((run) => dayOf(run) > last - days);
  const first = shown[0] === undefined ? last : dayOf(shown[0]);
  const cells = new Map<number, RunPoint[]>();
  for (const run of shown) {
    const hour = Math.floor((run.started + offset_ms) / HOUR_MS);
    const cell = cells.get(hour);
    if (cell) cell.push(run);
    else cells.set(hour, [run]);
  }
  return {
    days: Array.from({ length: last - first + 1 }, (_, i) => dayText(first + i)),
    hours: [...cells].map(([hour, started]) => hourOf(hour, started)),
  };
}

/** `hour` is counted from the epoch. */
function hourOf(hour: number, runs: readonly RunPoint[]): PerformanceHour {
  const completed = runs.filter(({ status }) => status === 'COMPLETED');
  return {
    day: dayText(Math.floor(hour / 24)),
    hour: hour - Math.floor(hour / 24) * 24,
    runs: runs.length,
    failed: runs.filter(({ status }) => status === 'FAILED').length,
    median: spreadOf(known(completed, ({ value }) => value)).p50,
    job_id: runs.at(-1)?.job_id ?? '',
  };
}

function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
