/** A proposal and what became of it, as people read it. */
import { t } from '@vscode/l10n';
import { percent, UNKNOWN } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type {
  OptimizationRecord,
  OptimizationStateName,
  WindowRecord,
} from '../../../service/protocol/optimization.ts';
import { cut } from '../../charts/pictures/cut.ts';
import { clockTime, freeValue } from '../../format.ts';
import type { IconName } from '../../icons.ts';
import { sayIn } from './evidence.ts';

type State = OptimizationStateName;

const STATES: Record<State, readonly [icon: IconName, word: () => string]> = {
  proposed: ['lightbulb', () => t('proposed')],
  sent: ['loading', () => t('sent, waits for the answer')],
  applied: ['watch', () => t('applied, being measured')],
  refused: ['circleSlash', () => t('refused by the pipeline')],
  dismissed: ['close', () => t('dismissed')],
  expired: ['circleSlash', () => t('expired')],
  kept: ['pass', () => t('kept')],
  worse: ['error', () => t('worse, is taken back')],
  no_gain: ['warning', () => t('no gain, is taken back')],
  rolled_back: ['discard', () => t('taken back')],
  not_taken_back: ['error', () => t('no good, could not be taken back')],
  unmeasured: ['question', () => t('applied, effect not known')],
};

export const ALL_STATES = Object.keys(STATES) as State[];

export function stateIcon(state: State): IconName {
  return STATES[state][0];
}

export function proposalState(state: State): string {
  return STATES[state][1]();
}

/** What an action does is not measured. */
export function stateWords({ state, action }: OptimizationRecord): string {
  return action !== null && state === 'applied' ? t('done') : proposalState(state);
}

/** The pipeline's own words where the service made no proposal of its own. */
export function titleOf({
  title,
  parameter,
  action,
  optimization_id: id,
}: OptimizationRecord): string {
  return cut(title ?? parameter ?? action ?? id, 120);
}

/** `workers: 1 -> 4`; empty where it is no change of a value. */
export function changeOf({ parameter, from, to, unit }: OptimizationRecord): string {
  if (parameter === null || to === null) return '';
  const value = (of: unknown): string => `${freeValue(of)} ${unit ?? ''}`.trimEnd();
  const after = value(to);
  return from === null ? `${parameter}: ${after}` : `${parameter}: ${value(from)} → ${after}`;
}

/** `+ 40 %`, `-12 %` of a share. */
export function signed(share: number): string {
  const amount = percent(Math.abs(share) * 100);
  return share < 0 ? `-${amount}` : `+${amount}`;
}

export function gainOf({ expected_gain: gain }: OptimizationRecord): string {
  return gain === null
    ? t('No gain of throughput is promised.')
    : t('{0} throughput expected', signed(gain));
}

/** What it brought, before and after, with how likely chance alone does that; empty before it is measured. */
export function effectOf({
  before,
  after,
  measured_gain: gain,
  p_value: p,
}: OptimizationRecord): string {
  if (before === null || after === null) return '';
  const words = t('before {0}, after {1}', rates(before), rates(after));
  const parts = [
    ...(gain === null ? [words] : [`${t('{0} throughput measured', signed(gain))}: ${words}`]),
    ...(p === null ? [] : [t('by chance alone in {0} of cases', percent(p * 100))]),
  ];
  return `${parts.join('; ')}.`;
}

/** `12.1/s (11 to 13)`: the median and the middle half of the samples. */
function rates({ median_per_s: median, low_per_s: low, high_per_s: high }: WindowRecord): string {
  const [mid, least, most] = [median, low, high].map((value) => numeral(value, { most: 2 }));
  return t('{0}/s ({1} to {2})', mid ?? UNKNOWN, least ?? UNKNOWN, most ?? UNKNOWN);
}

/** Their reason says in figures what the effect says. */
const IN_FIGURES: ReadonlySet<State> = new Set(['kept', 'worse', 'no_gain', 'rolled_back']);

/** Why it is in its state: the pipeline's answer, or what was found and is not said as the effect. */
export function whyOf(one: OptimizationRecord, now: number): string {
  const { state, detail, reason, answer_by: until } = one;
  const isSaid = IN_FIGURES.has(state) && effectOf(one) !== '';
  const said = [...new Set([detail, isSaid ? null : reason])].filter(
    (text) => text !== null && text !== '',
  );
  if (state === 'sent' && until !== null)
    said.push(t('The pipeline may answer until {0}.', clockTime(until, now)));
  return [...said, deciderOf(one)].join(' ').trimEnd();
}

function deciderOf({ decided_by: by, rollback_of: of }: OptimizationRecord): string {
  if (by === null || by === '') return '';
  if (by === 'a person') return t('Decided by a person.');
  if (by !== 'auto') return t('Decided by {0}.', cut(by, 60));
  return of === null
    ? t('Applied by the service: automatic changes are switched on.')
    : t('Applied by the service: what did not help is taken back.');
}

/** A value that speaks for a proposal. */
export function valueIn(value: number | string, unit: string | undefined): string {
  if (typeof value === 'string' || unit === undefined) return freeValue(value);
  if (unit === 'share') return percent(value * 100);
  if (unit === 'percent of the machine') return t('{0} of the machine', percent(value));
  return sayIn(unit)(value);
}
