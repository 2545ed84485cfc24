/** What several strategies ask of a situation, and say. */
import type { BottleneckKind } from '../../../protocol/bottleneck.ts';
import type { Finding } from '../../../protocol/finding.ts';
import type { ProposalEvidence } from '../../../protocol/optimization.ts';
import type { Situation } from '../types.ts';

/** From here on a machine has no CPU left to speak of, and no memory. */
export const CPU_BUSY_PERCENT = 85;
export const MEMORY_TIGHT_PERCENT = 85;
export const MEMORY_OUT_PERCENT = 92;
/** Of what is held possible, so much is expected: no work divides without loss. */
const HOPE = 0.7;
const MOST_GAIN = 3;

/** The bottleneck with the greatest impact of these kinds that is about the phase, or about more than it. */
export function bottleneckOf(
  { findings }: Situation,
  kinds: readonly BottleneckKind[],
  phase_id: string | null,
): Finding | null {
  const found = findings.filter(
    (one) =>
      one.kind === 'bottleneck' &&
      kinds.some((kind) => kind === one.class) &&
      (one.phase_id === null || phase_id === null || one.phase_id === phase_id),
  );
  return found.sort((a, b) => (b.impact ?? 0) - (a.impact ?? 0))[0] ?? null;
}

/** What is gained where `share` (0-1) of the lost throughput comes back. */
export function gainOf({ impact }: Finding, share: number): number {
  const back = Math.min(0.9, Math.max(0, impact ?? 0) * share);
  return Math.min(MOST_GAIN, back / (1 - back));
}

/** What is gained by `ratio` times as many, where no more than `possible` times as much can be done. */
export function hopeOf(ratio: number, possible: number): number {
  return Math.min(MOST_GAIN, Math.max(0, Math.min(ratio, possible) - 1) * HOPE);
}

export function isTight({ memory_percent }: Situation): boolean {
  return memory_percent !== null && memory_percent >= MEMORY_TIGHT_PERCENT;
}

export function isOut({ memory_percent }: Situation): boolean {
  return memory_percent !== null && memory_percent >= MEMORY_OUT_PERCENT;
}

/** The numbers of the machine, those that are known. */
export function machineEvidence(situation: Situation): ProposalEvidence[] {
  const { cpu_percent, memory_percent, job_cpu_percent, cores } = situation;
  const all: [string, number | null, string][] = [
    ['CPU of the machine', cpu_percent, 'percent'],
    ['CPU of the job', job_cpu_percent, 'percent of the machine'],
    ['Memory of the machine', memory_percent, 'percent'],
    ['Cores', cores, 'cores'],
  ];
  return all.flatMap(([name, value, unit]) =>
    value === null ? [] : [{ name, value: Math.round(value * 10) / 10, unit }],
  );
}

export function findingEvidence(finding: Finding): ProposalEvidence[] {
  const { title, value, unit, impact } = finding;
  return [
    {
      name: title,
      value: value ?? finding.sentence,
      ...(unit !== null && value !== null && { unit }),
    },
    ...(impact === null ? [] : [{ name: 'Impact', value: impact, unit: 'share' }]),
  ];
}

/** What an idea has of the finding that it follows from. */
export function because(finding: Finding | null) {
  return finding === null ? {} : { finding_id: finding.finding_id };
}
