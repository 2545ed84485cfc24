/** What the automatic optimiser does for a job that listens, as people read it. */
import { t } from '@vscode/l10n';
import { duration } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { OptimizerRecord } from '../../../service/protocol/optimization.ts';
import { cut } from '../../charts/pictures/cut.ts';
import { clockTime } from '../../format.ts';
import type { IconName } from '../../icons.ts';

type State = OptimizerRecord['state'];

const STATES: Record<State, readonly [icon: IconName, word: () => string]> = {
  waiting_for_data: ['loading', () => t('waits for data')],
  watching: ['eye', () => t('watches')],
  cooling_down: ['pause', () => t('rests')],
  waiting_for_person: ['lightbulb', () => t('waits for a person')],
  waiting_for_answer: ['arrowSwap', () => t('waits for the pipeline')],
  measuring: ['pulse', () => t('measures')],
};

export function optimizerIcon(state: State): IconName {
  return STATES[state][0];
}

export function optimizerState(state: State): string {
  return STATES[state][1]();
}

/** What is waited for or tried, with the numbers. */
export function optimizerWords(one: OptimizerRecord, now: number): string {
  const { state, until, samples, samples_needed } = one;
  const what = one.title === null ? null : cut(one.title, 120);
  const counts = [numeral(samples), numeral(samples_needed)] as const;
  switch (state) {
    case 'waiting_for_data':
      return one.measured_by === null
        ? t('The throughput cannot be measured: report items_done, tasks or progress.')
        : t('Not enough data: {0} of {1} samples.', ...counts);
    case 'watching':
      return t('Nothing speaks for a change.');
    case 'cooling_down':
      return until === null
        ? t('The last change is not long ago.')
        : t('The last change is not long ago: next in {0}.', duration(secondsUntil(until, now)));
    case 'waiting_for_person':
      return what === null
        ? t('A proposal waits for a decision.')
        : t('Waits for a decision: {0}.', what);
    case 'waiting_for_answer':
      return asked(what, until === null ? null : clockTime(until, now));
    case 'measuring':
      return what === null
        ? t('The effect is measured: {0} of {1} samples.', ...counts)
        : t('The effect is measured: {0} of {1} samples. Tried is {2}.', ...counts, what);
  }
}

function asked(what: string | null, until: string | null): string {
  if (what === null || until === null) return t('The pipeline is asked.');
  return t('The pipeline is asked for {0}. It may answer until {1}.', what, until);
}

/** Whole seconds, in milliseconds: what is nearly over is not 0. */
function secondsUntil(until: string, now: number): number {
  return Math.max(1, Math.ceil((Date.parse(until) - now) / 1000)) * 1000;
}

/** `12.1 items/s`, by what it is measured; empty where it is not. */
export function throughputWords({
  throughput_per_s: rate,
  measured_by: by,
}: OptimizerRecord): string {
  if (rate === null || by === null) return '';
  const value = numeral(rate, { significant: 3 });
  switch (by) {
    case 'items':
      return t('{0} items/s', value);
    case 'tasks':
      return t('{0} tasks/s', value);
    case 'progress':
      return t('progress {0} %/s', numeral(100 * rate, { significant: 3 }));
  }
}
