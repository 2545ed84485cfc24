/** More at once, where there is CPU and memory left, or where everything waits for something slow. */
import { nextUp } from '../explored.ts';
import type { Idea, Question, Strategy } from '../types.ts';
import {
  CPU_BUSY_PERCENT,
  because,
  bottleneckOf,
  findingEvidence,
  gainOf,
  hopeOf,
  isTight,
  machineEvidence,
} from './words.ts';

/** Of a machine that is as idle as that, no share says more. */
const LEAST_CPU_PERCENT = 5;

export const concurrencyUp: Strategy = {
  name: 'concurrency_up',
  kind: 'concurrency',
  propose(question): Idea | null {
    const { parameter, situation, explored } = question;
    const { cpu_percent: cpu } = situation;
    const to = nextUp(parameter, explored);
    if (to === null || typeof parameter.value !== 'number' || isTight(situation)) return null;
    if (cpu !== null && cpu >= CPU_BUSY_PERCENT) return null;
    const waits = bottleneckOf(
      situation,
      ['IO', 'NETWORK', 'IPC', 'QUEUE', 'LOCK'],
      parameter.phase_id,
    );
    if (cpu === null && waits === null) return null;
    const idle = cpu === null ? null : `${Math.round(100 - cpu)} % of the machine's CPU is idle`;
    return {
      to,
      sentence: `${waits === null ? `${idle ?? ''}.` : waits.sentence} With ${to} at once in place of ${parameter.value}, more of the machine is used.`,
      expected_gain: expected(question, to, waits === null ? 0 : gainOf(waits, 0.5)),
      confidence: waits?.confidence ?? 0.5,
      evidence: [...(waits ? findingEvidence(waits) : []), ...machineEvidence(situation)],
      ...because(waits),
      costs: true,
    };
  },
};

/** What the last step brought counts more than what the machine seems to have left. */
function expected({ parameter, situation, explored }: Question, to: number, found: number): number {
  const { cpu_percent: cpu } = situation;
  const from = typeof parameter.value === 'number' ? parameter.value : to;
  const ratio = from > 0 ? to / from : 2;
  const { lastGain } = explored;
  if (lastGain !== null && lastGain.ratio > 1) {
    const power = Math.log1p(lastGain.gain) / Math.log(lastGain.ratio);
    const possible = cpu === null ? ratio : 100 / Math.max(cpu, LEAST_CPU_PERCENT);
    return Math.max(0, Math.min(ratio ** power, possible) - 1);
  }
  const possible = cpu === null ? 1 : 100 / Math.max(cpu, LEAST_CPU_PERCENT);
  return Math.max(found, hopeOf(ratio, possible));
}
