import { Cron } from 'croner';
import type { RuleOf, RuleParams } from '../../protocol/rule.ts';
import { type KindPart, beginning } from './kind.ts';

/** A pipeline that should have begun by now. */
export const missedSchedule: KindPart<'missed_schedule'> = {
  kind: 'missed_schedule',
  watches: 'schedule',
  unit: () => null,
  bound: null,
  scope: ['pipeline'],
  builtin: false,
  begin: () =>
    beginning('missed_schedule', {
      name: 'Missed run',
      severity: 'ERROR',
      params: { schedule: '0 6 * * *', timezone: null, grace_ms: 600_000 },
    }),
};

/** Five fields, no seconds. Throws what croner says of a wrong one. */
export function scheduleOf({
  schedule,
  timezone,
}: Pick<RuleParams<'missed_schedule'>, 'schedule' | 'timezone'>): Cron {
  return new Cron(schedule, {
    mode: '5-part',
    paused: true,
    ...(timezone !== null && { timezone }),
  });
}

/** Epoch milliseconds of the first time after `after`; null when there is none. */
export function nextRun(cron: Cron, after: number): number | null {
  return cron.nextRun(new Date(after))?.getTime() ?? null;
}

/** Epoch milliseconds of the newest time at or before `at`; null when there is none. */
export function lastRun(cron: Cron, at: number): number | null {
  // croner looks strictly before.
  return cron.previousRuns(1, new Date(at + 1))[0]?.getTime() ?? null;
}

/** Runs that begin a little early count for the time they were meant for. */
export const EARLY_MS = 60_000;

/** The newest time that was due, with its grace, since `since`, and by which no run had begun; null where there is none. */
export function missedAt(
  cron: Cron,
  { params: { grace_ms } }: Pick<RuleOf<'missed_schedule'>, 'params'>,
  { now, since, started }: { now: number; since: number; started: number | null },
): number | null {
  const due = lastRun(cron, now - grace_ms);
  if (due === null || due <= since) return null;
  return started !== null && started >= due - EARLY_MS ? null : due;
}
