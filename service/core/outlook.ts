/**
 * What a job's records say that its own events do not: what is usual for it, and when it will end. It follows from other
 * runs and from the time, so it is no part of the job's state, is never stored with it, and is worked out anew after a
 * start. Times are epoch milliseconds.
 */
import type { ETA_BASES, JobRecord, PhaseRecord } from '../protocol/record.ts';
import { type Status, isEnded } from '../protocol/states.ts';
import type { JobState } from './model.ts';

/** The likely end, and between which times 8 of 10 end. */
export interface Eta {
  at: number;
  low: number;
  high: number;
  basis: (typeof ETA_BASES)[number];
}

/** Milliseconds: the usual time, and between which times 8 of 10 lie. */
export interface Expected {
  ms: number;
  low: number;
  high: number;
  /** How many runs it is out of. */
  runs: number;
}

export interface Outlook {
  expected: Expected | null;
  /** Only of what runs. */
  eta: Eta | null;
  /** How many times its usual time what runs has taken by now, once it is beyond it. */
  times: number | null;
}

export interface JobOutlook extends Outlook {
  phases: ReadonlyMap<string, Outlook>;
  /** Number of the last entry in the model when it became what it is: what a window that comes back has missed. */
  seq: number;
}

const outlooks = new WeakMap<JobState, JobOutlook>();

/** Undefined where nothing is known. The same object until something of it changes. */
export function outlookOf(job: JobState): JobOutlook | undefined {
  return outlooks.get(job);
}

export function setOutlook(job: JobState, outlook: JobOutlook): void {
  outlooks.set(job, outlook);
}

type Fields =
  | 'eta_at'
  | 'eta_low_at'
  | 'eta_high_at'
  | 'eta_basis'
  | 'expected_ms'
  | 'expected_low_ms'
  | 'expected_high_ms'
  | 'times_usual';
export type OutlookFields = Pick<JobRecord & PhaseRecord, Fields>;

/** Of a job or phase of which nothing is known beside what it said itself. */
export const NO_OUTLOOK: OutlookFields = {
  eta_at: null,
  eta_low_at: null,
  eta_high_at: null,
  eta_basis: null,
  expected_ms: null,
  expected_low_ms: null,
  expected_high_ms: null,
  times_usual: null,
};

/**
 * How it stands in the records. `took`: milliseconds from start to end; null while it runs or where one is not known. What
 * has ended says no end to come, though nobody has looked at it since.
 */
export function outlookFields(
  outlook: Outlook | undefined,
  took: number | null,
  status: Status,
): OutlookFields {
  if (outlook === undefined) return NO_OUTLOOK;
  const { expected } = outlook;
  const { eta, times } = isEnded(status) ? { eta: null, times: null } : outlook;
  const ms = expected && Math.round(expected.ms);
  return {
    eta_at: eta && textOf(eta.at),
    eta_low_at: eta && textOf(eta.low),
    eta_high_at: eta && textOf(eta.high),
    eta_basis: eta && eta.basis,
    expected_ms: ms,
    expected_low_ms: expected && Math.round(expected.low),
    expected_high_ms: expected && Math.round(expected.high),
    times_usual: took === null ? times : ms === null || ms <= 0 ? null : hundredths(took / ms),
  };
}

function textOf(time: number): string {
  return new Date(time).toISOString();
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
