/** Less at once, where memory runs out, or where more run than the machine has cores for. */
import { nextDown } from '../explored.ts';
import type { Idea, Strategy } from '../types.ts';
import {
  CPU_BUSY_PERCENT,
  because,
  bottleneckOf,
  findingEvidence,
  gainOf,
  isOut,
  machineEvidence,
} from './words.ts';

export const concurrencyDown: Strategy = {
  name: 'concurrency_down',
  kind: 'concurrency',
  propose({ parameter, situation, explored }): Idea | null {
    const to = nextDown(parameter, explored);
    const { value } = parameter;
    if (to === null || typeof value !== 'number') return null;
    const memory = bottleneckOf(situation, ['MEMORY'], parameter.phase_id);
    const { cpu_percent: cpu, cores } = situation;
    const evidence = machineEvidence(situation);
    if (memory !== null) {
      return {
        to,
        sentence: `${memory.sentence} ${to} at once in place of ${value} need less of it.`,
        expected_gain: gainOf(memory, 0.5),
        confidence: memory.confidence,
        evidence: [...findingEvidence(memory), ...evidence],
        ...because(memory),
        costs: false,
      };
    }
    const isTooMany = cpu !== null && cpu >= CPU_BUSY_PERCENT && value > cores * 1.5;
    if (!isTooMany && !isOut(situation)) return null;
    const why = isTooMany
      ? `${value} at once share ${cores} ${cores === 1 ? 'core that is' : 'cores that are'} ${Math.round(cpu)} % in use.`
      : `${Math.round(situation.memory_percent ?? 0)} % of the machine's memory is in use.`;
    return {
      to: isTooMany && to < cores ? Math.max(to, Math.min(cores, value)) : to,
      sentence: `${why} With ${to} at once the same may be done with less memory.`,
      expected_gain: null,
      confidence: 0.4,
      evidence,
      costs: false,
    };
  },
};
