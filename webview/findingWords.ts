/**
 * Findings in words of the page's language, composed from what speaks for them. What is not known here (a class of a newer
 * service, a number that is missing) is said as the service says it, in English.
 */
import { t } from '@vscode/l10n';
import type { Bottleneck } from '../service/protocol/bottleneck.ts';
import { bottleneckSentence, bottleneckTitle } from './findingWords/bottleneck.ts';
import { changeSentence, changeTitle } from './findingWords/change.ts';
import type { Said } from './findingWords/said.ts';
import {
  anomalySentence,
  anomalyTitle,
  anomalyWord,
  predictionSentence,
  predictionTitle,
} from './findingWords/series.ts';

interface Words {
  title: (one: Said) => string | null;
  sentence: (one: Said) => string | null;
}

const WORDS: Record<Said['kind'], Words> = {
  bottleneck: { title: bottleneckTitle, sentence: bottleneckSentence },
  change: { title: changeTitle, sentence: changeSentence },
  anomaly: { title: anomalyTitle, sentence: anomalySentence },
  prediction: { title: predictionTitle, sentence: predictionSentence },
};

/** What is so, and what speaks for it. */
export function sentenceOf(one: Said): string {
  return WORDS[one.kind].sentence(one) ?? one.sentence;
}

/** The same in a few words. */
export function titleOf(one: Said): string {
  return WORDS[one.kind].title(one) ?? one.title;
}

/** On a chart, where there is little room. */
export function classWord(one: Said): string {
  return one.kind === 'anomaly' ? anomalyWord(one) : titleOf(one);
}

/** What a bottleneck says as a finding. */
export function asFinding(one: Bottleneck): Said {
  const { kind, evidence, pattern, facts } = one;
  return {
    ...one,
    ...{ kind: 'bottleneck', class: kind, unit: evidence.unit, measure: 0 },
    evidence: { ...evidence, pattern, facts },
  };
}

const ENDINGS: Readonly<Record<string, () => string>> = {
  'It is over.': () => t('It is over.'),
  'The clock of this machine was set back.': () => t('The clock of this machine was set back.'),
  'No values came any more.': () => t('No values came any more.'),
  'The values are usual again.': () => t('The values are usual again.'),
  'The trend does not go on.': () => t('The trend does not go on.'),
  'The limit is reached.': () => t('The limit is reached.'),
  'The run is over.': () => t('The run is over.'),
  'Several runs share these values.': () => t('Several runs share these values.'),
  'Its history is not kept any more.': () => t('Its history is not kept any more.'),
  'The runs that are kept show no change any more.': () =>
    t('The runs that are kept show no change any more.'),
};

/** Why it is over. */
export function endingOf(why: string): string {
  return Object.hasOwn(ENDINGS, why) ? (ENDINGS[why]?.() ?? why) : why;
}
