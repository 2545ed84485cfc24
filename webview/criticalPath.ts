/**
 * Which phases a run was as long as it was for.
 *
 * From the phase that ended last one walks back to the predecessor that ended last, and so on to the begin: the
 * "last-arriving" rule for recorded executions (Fields, Rubin and Bodik, "Focusing Processor Policies via Critical-Path
 * Prediction", ISCA 2001, section 3; for parallel programs Yang and Miller, "Critical Path Analysis for the Execution of
 * Parallel and Distributed Programs", ICDCS 1988). It differs from the critical path of a plan (Kelley and Walker, 1959)
 * in that what was waited for on the way counts as well. Predecessors are what a phase declares in `depends_on`; where it
 * declares nothing, the phase that had ended last when it began.
 */
import type { PhaseRecord } from '../service/protocol/record.ts';
import { timesOfPhase } from './phaseTimes.ts';
import type { Span } from './timeScale.ts';

export interface CriticalStep {
  phaseId: string;
  /** Epoch milliseconds: its own begin and end; now while it runs. */
  from: number;
  to: number;
  /** Milliseconds of the run that it accounts for: up to the begin of the next step. */
  ms: number;
  /** The same as a share of the run, 0 to 1. */
  share: number;
  /** Milliseconds nothing on the path ran before it: since the step before, or since the run began. */
  waited: number;
  /** How the step before it is known; null for the first. */
  by: 'declared' | 'observed' | null;
}

export interface CriticalPath {
  /** In the order of time; never empty. */
  steps: readonly CriticalStep[];
  ids: ReadonlySet<string>;
  /** Milliseconds of all steps together. With what was waited and what came after the last, this is `total`. */
  ms: number;
  /** Milliseconds of the run, up to the end of the last step. */
  total: number;
  /** How the predecessors were found. */
  method: 'declared' | 'observed' | 'mixed';
}

interface Node {
  phase: PhaseRecord;
  start: number;
  end: number;
}

/**
 * The path of a run that began at `begin` (epoch milliseconds; the first phase's start where that is earlier). Phases that run
 * end at `now`. Null where no phase has begun. O(n log n) for n phases; cycles and clocks that jumped do no harm.
 */
export function criticalPath(
  phases: readonly PhaseRecord[],
  { begin, now }: { begin: number; now: number },
): CriticalPath | null {
  const nodes = nodesOf(phases, now);
  const last = nodes.at(-1);
  if (last === undefined) return null;
  const first = nodes.reduce((least, { start }) => Math.min(least, start), begin);
  const finder = new Predecessors(phases, nodes);
  const chain: { node: Node; by: CriticalStep['by'] }[] = [];
  const seen = new Set<string>();
  for (let node: Node | undefined = last; node !== undefined;) {
    seen.add(node.phase.phase_id);
    const before: Found | undefined = finder.of(node, seen);
    chain.push({ node, by: before?.by ?? null });
    node = before?.node;
  }
  return measured(chain.reverse(), { from: first, to: last.end });
}

/** Those that began, by their end; of those that end together the one that ran longest comes last. */
function nodesOf(phases: readonly PhaseRecord[], now: number): Node[] {
  const nodes = phases.flatMap((phase): Node[] => {
    const { start, end } = timesOfPhase(phase);
    return start === null ? [] : [{ phase, start, end: end ?? Math.max(start, now) }];
  });
  return nodes.sort((a, b) => a.end - b.end || b.start - a.start || b.phase.index - a.phase.index);
}

interface Found {
  node: Node;
  by: 'declared' | 'observed';
}

class Predecessors {
  readonly #phases: ReadonlyMap<string, PhaseRecord>;
  readonly #nodes: ReadonlyMap<string, Node>;
  /** By their end. */
  readonly #ordered: readonly Node[];

  constructor(phases: readonly PhaseRecord[], ordered: readonly Node[]) {
    this.#phases = new Map(phases.map((phase) => [phase.phase_id, phase]));
    this.#nodes = new Map(ordered.map((node) => [node.phase.phase_id, node]));
    this.#ordered = ordered;
  }

  of(node: Node, seen: ReadonlySet<string>): Found | undefined {
    const declared = this.#declared(node.phase, seen);
    if (declared !== undefined) return { node: declared, by: 'declared' };
    if (node.phase.depends_on.some((id) => this.#nodes.has(id))) return undefined;
    const observed = this.#observed(node, seen);
    return observed && { node: observed, by: 'observed' };
  }

  /** The dependency that ended last. One that never began, as a skipped one, stands for what it depends on itself. */
  #declared(phase: PhaseRecord, seen: ReadonlySet<string>): Node | undefined {
    let latest: Node | undefined;
    const looked = new Set<string>();
    const ids = [...phase.depends_on];
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
      if (looked.has(id) || seen.has(id)) continue;
      looked.add(id);
      const node = this.#nodes.get(id);
      if (node === undefined) ids.push(...(this.#phases.get(id)?.depends_on ?? []));
      else if (latest === undefined || node.end > latest.end) latest = node;
    }
    return latest;
  }

  /** What had ended last when it began. */
  #observed({ start }: Node, seen: ReadonlySet<string>): Node | undefined {
    for (let at = this.#endedBy(start) - 1; at >= 0; at--) {
      const node = this.#ordered[at];
      if (node !== undefined && !seen.has(node.phase.phase_id)) return node;
    }
    return undefined;
  }

  /** How many had ended at a time. */
  #endedBy(time: number): number {
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ordered[middle] as Node).end > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Gives each step the time up to the next one's begin, from the end backwards, so that no moment counts twice. */
function measured(
  chain: readonly { node: Node; by: CriticalStep['by'] }[],
  run: Span,
): CriticalPath {
  const total = run.to - run.from;
  const steps: CriticalStep[] = [];
  let until = run.to;
  for (let at = chain.length - 1; at >= 0; at--) {
    const { node, by } = chain[at] as (typeof chain)[number];
    const start = Math.min(node.start, until);
    const end = Math.min(node.end, until);
    const before = Math.min(chain[at - 1]?.node.end ?? run.from, start);
    const [ms, share] = [end - start, total > 0 ? (end - start) / total : 0];
    const { start: from, end: to } = node;
    steps.push({ phaseId: node.phase.phase_id, from, to, ms, share, waited: start - before, by });
    until = start;
  }
  steps.reverse();
  return {
    steps,
    ids: new Set(steps.map(({ phaseId }) => phaseId)),
    ms: steps.reduce((sum, { ms }) => sum + ms, 0),
    total,
    method: methodOf(steps),
  };
}

function methodOf(steps: readonly CriticalStep[]): CriticalPath['method'] {
  const ways = new Set(steps.map(({ by }) => by).filter((by) => by !== null));
  if (ways.size > 1) return 'mixed';
  return ways.has('observed') ? 'observed' : 'declared';
}
