/** What is known of a job's tasks. Pure. */
import type { Occupancy } from '../../../service/protocol/occupancy.ts';
import type { Span } from '../../timeScale.ts';

const PAGE = 1_000;

export type TaskState =
  | { kind: 'idle' | 'loading' }
  | { kind: 'failed'; message: string }
  /** All tasks are counted; `cancelled` where the person wanted no more of them one by one. */
  | {
      kind: 'ready';
      /** Of all of the time. */
      whole: Occupancy;
      /** Of what is zoomed into; the same while nothing is. */
      occupancy: Occupancy;
      /** Whether tasks are here one by one. */
      one: 'none' | 'some' | 'all';
      cancelled: boolean;
      /** Why what is shown may be old; it is asked for again. */
      message: string | null;
    };
export type Ready = Extract<TaskState, { kind: 'ready' }>;

/** Whether tasks are shown one by one, and no more of them are awaited. */
export function isDrawn({ one, cancelled }: Ready): boolean {
  return one === 'all' || cancelled;
}

/** Whether it changes with the time, though nothing is told. */
export function hasOpen({ lanes, others }: Occupancy): boolean {
  return lanes.some((lane) => lane.open > 0) || (others?.open ?? 0) > 0;
}

/** Where the tasks of a part of the time are counted; of all of it where there is none. */
export function countPath(job: string, part: Span | null): string {
  const range = part === null ? '' : `&from=${Math.floor(part.from)}&to=${Math.ceil(part.to)}`;
  return `/api/v1/task-occupancy?job_id=${encodeURIComponent(job)}&bins=300${range}`;
}

/** A page of a job's tasks: the first by ''. */
export function pagePath(job: string, cursor: string): string {
  const base = `/api/v1/tasks?job_id=${encodeURIComponent(job)}&limit=${PAGE}`;
  return cursor === '' ? base : `${base}&cursor=${encodeURIComponent(cursor)}`;
}
