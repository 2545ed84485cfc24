/** A higher limit of memory, where the job lacks it and the machine has it; a lower one, where the machine has none left. */
import { nextDown, nextUp } from '../explored.ts';
import type { Idea, Question, Strategy } from '../types.ts';
import { because, bottleneckOf, findingEvidence, gainOf, isOut, machineEvidence } from './words.ts';

/** A machine with more in use has nothing to give. */
const ROOM_PERCENT = 70;
const FACTOR = 1.5;

export const memoryLimit: Strategy = {
  name: 'memory_limit',
  kind: 'memory_limit',
  propose(question): Idea | null {
    return isOut(question.situation) ? lower(question) : higher(question);
  },
};

function higher({ parameter, situation, explored }: Question): Idea | null {
  const { memory_percent } = situation;
  const finding = bottleneckOf(situation, ['MEMORY'], parameter.phase_id);
  const to = nextUp(parameter, explored, FACTOR);
  if (to === null || finding === null) return null;
  if (memory_percent === null || memory_percent > ROOM_PERCENT) return null;
  return {
    to,
    sentence: `${finding.sentence} The machine has ${Math.round(100 - memory_percent)} % of its memory free.`,
    expected_gain: gainOf(finding, 0.5),
    confidence: finding.confidence,
    evidence: [...findingEvidence(finding), ...machineEvidence(situation)],
    ...because(finding),
    costs: true,
  };
}

function lower({ parameter, situation, explored }: Question): Idea | null {
  const to = nextDown(parameter, explored, FACTOR);
  if (to === null) return null;
  return {
    to,
    sentence: `${Math.round(situation.memory_percent ?? 0)} % of the machine's memory is in use.`,
    expected_gain: null,
    confidence: 0.4,
    evidence: machineEvidence(situation),
    costs: false,
  };
}
