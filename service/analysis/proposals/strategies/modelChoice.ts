/** A faster model, where the present one is what holds everything back. It changes what comes out: a person decides. */
import { isOpen } from '../explored.ts';
import type { Idea, Strategy } from '../types.ts';
import { nextChoice } from '../values.ts';
import { because, bottleneckOf, findingEvidence, gainOf, machineEvidence } from './words.ts';

const LEAST_IMPACT = 0.2;

export const modelChoice: Strategy = {
  name: 'model_choice',
  kind: 'model',
  propose({ parameter, situation, explored }): Idea | null {
    const finding = bottleneckOf(situation, ['GPU', 'CPU'], parameter.phase_id);
    const to = nextChoice(parameter);
    if (finding === null || (finding.impact ?? 0) < LEAST_IMPACT) return null;
    if (to === null || !isOpen(explored, to)) return null;
    return {
      to,
      sentence: `${finding.sentence} ${String(to)} is offered as faster than ${String(parameter.value)}; its results may differ.`,
      expected_gain: gainOf(finding, 0.5),
      confidence: finding.confidence / 2,
      evidence: [...findingEvidence(finding), ...machineEvidence(situation)],
      ...because(finding),
      costs: false,
      needs_person: true,
    };
  },
};
