/** What the timeline says of the run as a whole: its critical path and its gaps. */
import { t } from '@vscode/l10n';
import { count, duration, percent } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import { preciseTime } from '../../format.ts';
import type { PathView } from '../../pathView.ts';
import type { Gap, GapReason } from './gaps.ts';

/** Steps that are named before the path is shortened in the middle. */
const MOST_STEPS = 6;

/** `Critical path: P00 → P02 → P06, 3m 05s of 4m 21s; P06 alone 48 %.` */
export function pathLine({ steps, ms, total }: PathView): string {
  const ids = steps.map(({ phaseId }) => phaseId);
  const [first, last] = [ids.slice(0, 3), ids.slice(-2)];
  const named = ids.length > MOST_STEPS ? [...first, '…', ...last] : ids;
  const way = named.map(short).join(' → ');
  const most = steps.reduce((a, b) => (b.ms > a.ms ? b : a));
  const times = t('{0} of {1}', duration(ms), duration(total));
  if (steps.length === 1) return t('Critical path: {0}, {1}.', way, times);
  const share = percent(most.share * 100);
  return ids.length > MOST_STEPS
    ? t(
        'Critical path of {0} phases: {1}, {2}; {3} alone {4}.',
        numeral(ids.length),
        ...[way, times, short(most.phaseId), share],
      )
    : t('Critical path: {0}, {1}; {2} alone {3}.', way, times, short(most.phaseId), share);
}

function short(id: string): string {
  return id.length > 40 ? `${id.slice(0, 39)}…` : id;
}

/** How the path was found, for the hover. */
export function pathMethod({ method }: PathView): string {
  const how = {
    declared: () => t('the dependency that ended last, as the phases declare them'),
    observed: () => t('the phase that had ended last when the next one began: none is declared'),
    mixed: () =>
      t('the dependency that ended last, or where none is declared the phase that had ended last'),
  };
  return t('From the phase that ended last back to {0}, and so on to the begin.', how[method]());
}

/** `Nothing ran for 12 s (3 %) in 4 gaps. The longest: ...`; null where something always ran. */
export function gapsLine(gaps: readonly Gap[], total: number): string | null {
  const [first] = gaps;
  if (first === undefined) return null;
  const longest = gaps.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a), first);
  const ms = gaps.reduce((sum, { from, to }) => sum + to - from, 0);
  const share = total > 0 ? percent(Math.min(100, (ms / total) * 100)) : percent(0);
  if (gaps.length === 1)
    return t('Nothing ran for {0} ({1}): {2}.', duration(ms), share, reasonWords(first));
  return count(
    gaps.length,
    t('Nothing ran for {1} ({2}) in {0} gap. The longest, {3}: {4}.'),
    t('Nothing ran for {1} ({2}) in {0} gaps. The longest, {3}: {4}.'),
    ...[duration(ms), share, duration(longest.to - longest.from), reasonWords(longest)],
  );
}

/** `idle 12 s: between P01 and P02, which was ready`. */
export function gapWords(gap: Gap): string {
  return t('nothing ran for {0}: {1}', duration(gap.to - gap.from), reasonWords(gap));
}

type Words = {
  [K in GapReason['kind']]: (reason: Extract<GapReason, { kind: K }>, gap: Gap) => string;
};

const REASONS: Words = {
  before_first: ({ next }) => t('the job had begun, its first phase {0} had not', next),
  between: ({ previous, next, ready }) =>
    ready
      ? t('{1} was ready after {0} and had not started', previous, next)
      : t('between {0} and {1}', previous, next),
  after_last: ({ previous }) => t('after the last phase {0}, before the job ended', previous),
  not_started: ({ next }) => t('{0} is ready and has not started', next),
  blocked: ({ next, by }) => t('{0} waits for {1}', next, by),
  idle: () => t('no phase was running'),
  silent: (_, { from }) => t('no sign of life since {0}', preciseTime(from)),
  offline: ({ worker }) => t('the worker {0} is offline', worker),
};

export function reasonWords(gap: Gap): string {
  const say = REASONS[gap.reason.kind] as (reason: GapReason, gap: Gap) => string;
  return say(gap.reason, gap);
}
