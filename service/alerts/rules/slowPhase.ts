import { duration } from '../../protocol/describe.ts';
import type { RuleParams } from '../../protocol/rule.ts';
import { BETWEEN, ENDED, type KindPart, type RunSubject, beginning } from './kind.ts';
import { fullName } from './words.ts';

/**
 * A phase, or a run without phases, that takes, or took, longer than the threshold; or a phase or a whole run that takes
 * longer than so many times what is usual. Where a phase is the reason, it speaks for its run.
 */
export const slowPhase: KindPart<'slow_phase'> = {
  kind: 'slow_phase',
  watches: 'run',
  unit: () => null,
  bound: null,
  scope: ['pipeline', 'phase', 'labels'],
  builtin: true,
  always: true,
  // Three times as long as usual is no ordinary day, and below a minute nobody waits for it.
  begin: ({ thresholds }) =>
    beginning('slow_phase', {
      name: 'Slow phase',
      params: { threshold_ms: thresholds.execution_time_ms, times_usual: 3, least_ms: 60_000 },
    }),
  judge: (subject, { params }) => {
    const { elapsed_ms, label, status, run } = subject;
    if (elapsed_ms === null) return BETWEEN;
    const limit = slowLimit(subject, params, elapsed_ms);
    if (limit === null || elapsed_ms <= limit.ms)
      return status === 'COMPLETED' ? { is: 'good', why: ENDED } : BETWEEN;
    if (subject.parts().some((part) => isSlow(part, params))) return BETWEEN;
    const verb = status === 'RUNNING' ? 'has been running for' : 'took';
    const finding = {
      title: `${label} is slow`,
      description: `${fullName(subject)} ${verb} ${duration(elapsed_ms)}; ${limit.why}.`,
      metric: 'execution_time_ms',
      value: Math.round(elapsed_ms),
      threshold: limit.ms,
    };
    return { is: 'bad', finding, occasion: run };
  },
  dueIn: (subject, { params }) => {
    const { elapsed_ms, status } = subject;
    if (elapsed_ms === null || status !== 'RUNNING') return null;
    const { times_usual, least_ms } = params;
    const limit = slowLimit(subject, params, elapsed_ms)?.ms ?? Infinity;
    // What is usual is only looked up once it could matter.
    const next = times_usual !== null && elapsed_ms <= least_ms ? Math.min(limit, least_ms) : limit;
    return next >= elapsed_ms && Number.isFinite(next) ? next - elapsed_ms + 1 : null;
  },
};

function isSlow(subject: RunSubject, params: RuleParams<'slow_phase'>): boolean {
  const { elapsed_ms } = subject;
  const limit = elapsed_ms === null ? null : slowLimit(subject, params, elapsed_ms);
  return limit !== null && elapsed_ms !== null && elapsed_ms > limit.ms;
}

/**
 * The time from which on it is slow: the threshold or what is usual, whichever comes first; null where neither is known.
 * Up to `least_ms` only the threshold counts, which is none for a whole run with phases.
 */
export function slowLimit(
  { usual, speaks }: Pick<RunSubject, 'usual' | 'speaks'>,
  { threshold_ms, times_usual, least_ms }: RuleParams<'slow_phase'>,
  elapsed_ms: number,
): { ms: number; why: string } | null {
  const fixed =
    threshold_ms === null || !speaks
      ? null
      : { ms: threshold_ms, why: `the threshold is ${duration(threshold_ms)}` };
  const known = times_usual === null || elapsed_ms <= least_ms ? null : usual();
  if (times_usual === null || known === null) return fixed;
  const ms = Math.round(Math.max(least_ms, known.median_ms * times_usual));
  if (fixed !== null && fixed.ms <= ms) return fixed;
  const why = `usual is ${duration(known.median_ms)} (median of ${known.runs} runs), and slow from ${duration(ms)} on`;
  return { ms, why };
}
