/** The sentences of a summary. */
import { duration, errorLine, percent } from '../../protocol/describe.ts';
import type { JobRecord, PhaseRecord } from '../../protocol/record.ts';
import type { Explanation, RunSummary } from '../../protocol/summary.ts';
import type { Usual } from '../usual.ts';

interface Held {
  time: number;
  usual: Usual;
  slower_percent: number;
  isUsual: boolean;
  running: boolean;
  explained_by: readonly Explanation[];
}

export function heldSentence(held: Held): string {
  const { time, usual, slower_percent, isUsual, running, explained_by } = held;
  const than = `the median of the last ${usual.runs}`;
  const begin = running ? 'So far this run is' : 'This run is';
  if (isUsual)
    return `${begin} as fast as usual: ${duration(time)}, ${than} is ${duration(usual.median)}.`;
  const word = slower_percent > 0 ? 'slower' : 'faster';
  const by = percent(Math.max(1, Math.round(Math.abs(slower_percent))));
  const [most] = explained_by;
  const why =
    most === undefined
      ? ''
      : `; ${most.phase_id} explains ${percent(Math.round(100 * most.share))} of it`;
  return `${begin} ${by} ${word} than ${than}${why}.`;
}

/** Of a run that goes on, and of which nothing can be held against others yet. */
export function nothingEndedSentence({ median, runs }: Usual): string {
  return `No phase of this run has ended yet; a run usually takes ${duration(median)} (median of ${runs}).`;
}

/** Without runs to hold it against, or without its own time. */
export function unknownSentence(
  { duration_ms, ended_at }: JobRecord,
  { runs_before: runs, runs_needed: needed }: RunSummary['evidence'],
): string {
  if (runs >= needed)
    return 'How this run compares with others is not known: nobody told when it began.';
  const took =
    ended_at === null || duration_ms === null ? '' : `It took ${duration(duration_ms)}. `;
  return `${took}Whether that is usual is not known: not enough data (${runs} of ${needed} runs).`;
}

/** Where and after what time it ended, and why. */
export function failedSentence(job: JobRecord, phases: readonly PhaseRecord[]): string {
  const failed = phases.find(({ status }) => status === 'FAILED');
  const cancelled = job.status === 'CANCELLED';
  const where = !cancelled && failed ? ` in ${failed.phase_id}` : '';
  const after = job.duration_ms === null ? '' : ` after ${duration(job.duration_ms)}`;
  const error = cancelled ? null : (failed?.error ?? job.error);
  const why = error === null ? '' : `: ${errorLine(error)}`;
  return `This run ${cancelled ? 'was cancelled' : 'failed'}${where}${after}${why.replace(/\.$/, '')}.`;
}
