/** Which phase comes after which, as runs show it: for pipelines that do not declare it. */

export interface Span {
  /** Epoch milliseconds; null where the start is not known. */
  started_at: number | null;
  /** Infinity while it runs. */
  ended_at: number;
}

/** One run of the pipeline: what is known of its phases. */
export type RunSpans = ReadonlyMap<string, Span>;

export interface OrderEdge {
  from: string;
  to: string;
  /** In how many runs both were seen. */
  runs: number;
}

/** With more phases than this nobody reads a graph, and each pair of them costs. */
const MAX_PHASES = 200;

/**
 * An edge where `to` always started after `from` had ended, without those that follow from others (the transitive
 * reduction of Aho, Garey and Ullman, 1972). Runs that contradict each other, also by way of other phases, make no edge,
 * so there are no cycles. Nothing for more than 200 phases.
 */
export function observedOrder(phases: readonly string[], runs: readonly RunSpans[]): OrderEdge[] {
  if (phases.length > MAX_PHASES) return [];
  const spans = runs.map((run) => phases.map((phase) => run.get(phase)));
  const seen = phases.map((_, from) =>
    phases.map((_, to) => (from === to ? 0 : timesAfter(spans, from, to))),
  );
  const times = (from: number, to: number) => seen[from]?.[to] ?? 0;
  const always = linksOf(phases.length, (from, to) => times(from, to) > 0);
  const leadsTo = always.map((_, i) => reachable(always, i));
  const follows = always.map((next, from) => next.filter((to) => !leadsTo[to]?.has(from)));
  const reach = follows.map((_, i) => reachable(follows, i));
  return follows.flatMap((next, i) => {
    const direct = next.filter((to) => !next.some((via) => reach[via]?.has(to)));
    return direct.map((to) => ({
      from: phases[i] ?? '',
      to: phases[to] ?? '',
      runs: times(i, to),
    }));
  });
}

/** In how many runs `to` started after `from` had ended; 0 when it did not in one of them. */
function timesAfter(
  runs: readonly (readonly (Span | undefined)[])[],
  from: number,
  to: number,
): number {
  let times = 0;
  for (const run of runs) {
    const ended_at = run[from]?.ended_at;
    const started_at = run[to]?.started_at ?? null;
    if (ended_at === undefined || started_at === null) continue;
    if (ended_at > started_at) return 0;
    times++;
  }
  return times;
}

/** For each place the places it leads to directly. */
type Links = readonly (readonly number[])[];

function linksOf(count: number, leads: (from: number, to: number) => boolean): Links {
  const places = Array.from({ length: count }, (_, i) => i);
  return places.map((from) => places.filter((to) => leads(from, to)));
}

/** The places that `start` leads to, by any way. */
function reachable(links: Links, start: number): Set<number> {
  const found = new Set<number>();
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const next of links[at] ?? [])
      if (!found.has(next)) {
        found.add(next);
        open.push(next);
      }
  return found;
}
