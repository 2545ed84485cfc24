/** How the phases of a run depend on each other, by their place in the order of the job. */

export interface FlowPhase {
  phase_id: string;
  name: string;
  depends_on: readonly string[];
}

/** `order`: nothing is known of dependencies, so phases stand in their order. */
export type Knowledge = 'declared' | 'observed' | 'order';

/** Edges by index: `before[i]` is what i depends on, `after[i]` what depends on i; no doubles, no loops of one. */
export interface Edges {
  before: readonly (readonly number[])[];
  after: readonly (readonly number[])[];
}

export interface Graph extends Edges {
  ids: readonly string[];
  names: readonly string[];
  knowledge: Knowledge;
}

/** What the service observed where nothing is declared: the order that every known run agrees with. */
export type Observed = readonly { from: string; to: string }[];

export function graphOf(phases: readonly FlowPhase[], observed: Observed = []): Graph {
  const ids = phases.map((phase) => phase.phase_id);
  const names = phases.map((phase) => phase.name);
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const declared = linked(ids.length, pairsOf(phases, indexOf));
  if (declared !== null) return { ids, names, knowledge: 'declared', ...declared };
  const seen = linked(
    ids.length,
    observed.map(({ from, to }) => [indexOf.get(from), indexOf.get(to)] as const),
  );
  if (seen !== null) return { ids, names, knowledge: 'observed', ...seen };
  return { ids, names, knowledge: 'order', ...inOrder(ids.length) };
}

type Pair = readonly [from: number | undefined, to: number | undefined];

function pairsOf(phases: readonly FlowPhase[], indexOf: ReadonlyMap<string, number>): Pair[] {
  return phases.flatMap(({ depends_on }, to) =>
    depends_on.map((id): Pair => [indexOf.get(id), to]),
  );
}

/** Null where no pair joins two phases of this run. */
function linked(size: number, pairs: readonly Pair[]): Edges | null {
  const before: Set<number>[] = Array.from({ length: size }, () => new Set());
  let any = false;
  for (const [from, to] of pairs) {
    if (from === undefined || to === undefined || from === to) continue;
    before[to]?.add(from);
    any = true;
  }
  return any ? bothWays(before.map((one) => [...one])) : null;
}

/** Adds what depends on each to what each depends on. */
export function bothWays(before: readonly (readonly number[])[]): Edges {
  const after: number[][] = before.map(() => []);
  before.forEach((froms, to) => {
    for (const from of froms) after[from]?.push(to);
  });
  return { before, after };
}

/** Each after the one before it. */
export function inOrder(size: number): Edges {
  return bothWays(Array.from({ length: size }, (_, index) => (index === 0 ? [] : [index - 1])));
}

/** True while ids, names and dependencies are the same: states may differ. */
export function sameStructure(a: readonly FlowPhase[], b: readonly FlowPhase[]): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((phase, index) => sameShape(phase, b[index]));
}

function sameShape(a: FlowPhase, b: FlowPhase | undefined): boolean {
  if (a === b) return true;
  if (b?.phase_id !== a.phase_id || b.name !== a.name) return false;
  const [mine, theirs] = [a.depends_on, b.depends_on];
  return mine.length === theirs.length && mine.every((id, index) => id === theirs[index]);
}

/** All that can be reached from one by `next`, without itself; circles do no harm. */
export function reach(from: number, next: readonly (readonly number[])[]): Set<number> {
  const found = new Set<number>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const to of next[at] ?? [])
      if (to !== from && !found.has(to)) {
        found.add(to);
        open.push(to);
      }
  return found;
}
