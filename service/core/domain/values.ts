/** Small helpers of the domain's records. */
import { timeText } from '../view.ts';

export function timeOrNull(time: number | null): string | null {
  return time === null ? null : timeText(time);
}

/** To three decimals: enough for milliseconds and percents. */
export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

export function roundOrNull(value: number | null): number | null {
  return value === null ? null : round(value);
}

export function meanOf(sum: number, count: number): number | null {
  return count > 0 ? sum / count : null;
}

export interface Stamp {
  time: number;
  id: string;
}

/** True when `event` is the newest there is, by its own time and then its id. */
export function isNewest(held: Stamp | null, event: Stamp): boolean {
  return (
    held === null || event.time > held.time || (event.time === held.time && event.id > held.id)
  );
}
