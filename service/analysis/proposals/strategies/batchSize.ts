/** Larger batches, where handing work over costs more than it should; smaller ones, where memory runs out. */
import { nextDown, nextUp } from '../explored.ts';
import type { Idea, Question, Situation, Strategy } from '../types.ts';
import {
  because,
  bottleneckOf,
  findingEvidence,
  gainOf,
  hopeOf,
  isOut,
  isTight,
  machineEvidence,
} from './words.ts';

/** A job that uses less than this share of the cores that it could use waits for something. */
const BUSY_SHARE = 0.8;
/** Of a job that uses next to nothing, nobody knows what it waits for. */
const LEAST_SHARE = 0.2;

export const batchSize: Strategy = {
  name: 'batch_size',
  kind: 'batch_size',
  propose(question): Idea | null {
    return larger(question) ?? smaller(question);
  },
};

function larger({ parameter, situation, explored }: Question): Idea | null {
  const to = nextUp(parameter, explored);
  if (to === null || isTight(situation)) return null;
  const finding = bottleneckOf(situation, ['IPC', 'LOCK'], parameter.phase_id);
  const share = usedShare(situation);
  const gain =
    finding !== null ? gainOf(finding, 0.5) : share === null ? 0 : hopeOf(2, 1 / share) / 2;
  if (gain === 0) return null;
  const why =
    finding?.sentence ??
    `The job uses ${Math.round((share ?? 0) * 100)} % of the machine's CPU: part of the time is lost between pieces of work.`;
  return {
    to,
    sentence: `${why} With ${to} in a batch in place of ${String(parameter.value)}, less is handed over.`,
    expected_gain: gain,
    confidence: finding?.confidence ?? 0.3,
    evidence: [...(finding ? findingEvidence(finding) : []), ...machineEvidence(situation)],
    ...because(finding),
    costs: true,
  };
}

/** Of the machine's CPU, 0-1, where that says that the job waits and nobody else takes the rest; null else. */
function usedShare({ job_cpu_percent, cpu_percent }: Situation): number | null {
  if (job_cpu_percent === null || cpu_percent === null) return null;
  const share = job_cpu_percent / 100;
  const isAlone = cpu_percent - job_cpu_percent < 15;
  return isAlone && share >= LEAST_SHARE && share < BUSY_SHARE ? share : null;
}

function smaller({ parameter, situation, explored }: Question): Idea | null {
  const to = nextDown(parameter, explored);
  const finding = bottleneckOf(situation, ['MEMORY'], parameter.phase_id);
  if (to === null || (finding === null && !isOut(situation))) return null;
  const why =
    finding?.sentence ??
    `${Math.round(situation.memory_percent ?? 0)} % of the machine's memory is in use.`;
  return {
    to,
    sentence: `${why} Batches of ${to} in place of ${String(parameter.value)} need less of it.`,
    expected_gain: finding === null ? null : gainOf(finding, 0.3),
    confidence: finding?.confidence ?? 0.3,
    evidence: [...(finding ? findingEvidence(finding) : []), ...machineEvidence(situation)],
    ...because(finding),
    costs: false,
  };
}
