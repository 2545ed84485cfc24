/**
 * Groups that can be folded without changing what the graph says. Folded are phases beside each other that depend on the
 * same and are needed by the same, and phases in a row where each has one before and one after it: contracting either
 * never makes a circle and hides no branch. A common prefix of names does not promise that, so it only gives the group
 * its name.
 */
import { bothWays, type Edges, type Graph, inOrder } from './graph.ts';

export interface Group {
  id: string;
  kind: 'beside' | 'row';
  name: string;
  /** Phases by index, in their order. */
  members: readonly number[];
}

/** What stands in the graph: a phase, or a folded group. */
export interface Item {
  id: string;
  label: string;
  members: readonly number[];
  /** The group that this is, folded. */
  folded: Group | null;
  /** The unfolded group that this is the first of. */
  leads: Group | null;
}

export interface Visible extends Edges {
  items: readonly Item[];
  /** The item of each phase. */
  itemOf: readonly number[];
}

/** What a person set: `folded` null leaves it to the size of the graph; `except` are groups where it is the other way. */
export interface Folds {
  folded: boolean | null;
  except: readonly string[];
}

const LEAST = { beside: 3, row: 4 } as const;
/** A long row folds piece by piece, so that one sees where in it something failed. */
const LONGEST_ROW = 100;
/** From so many phases on groups are folded unless the person wants them open. */
export const FOLDS_FROM = 100;

export function groupsOf(graph: Graph): Group[] {
  const beside = graph.knowledge === 'order' ? [] : besides(graph);
  const taken = new Set(beside.flatMap((group) => group.members));
  return [...beside, ...rows(graph, taken)].sort((a, b) => first(a) - first(b));
}

export function isFolded(group: Group, phases: number, { folded, except }: Folds): boolean {
  return (folded ?? phases >= FOLDS_FROM) !== except.includes(group.id);
}

/** The other state for one group, or for the group that a phase belongs to. */
export function toggled(folds: Folds, group: Group): Folds {
  const except = new Set(folds.except);
  if (!except.delete(group.id)) except.add(group.id);
  return { ...folds, except: [...except] };
}

export function visibleOf(graph: Graph, groups: readonly Group[], folds: Folds): Visible {
  const folded = groups.filter((group) => isFolded(group, graph.ids.length, folds));
  const groupOf = new Map(folded.flatMap((group) => group.members.map((one) => [one, group])));
  const leads = new Map(
    groups.filter((group) => !folded.includes(group)).map((group) => [first(group), group]),
  );
  const items: Item[] = [];
  const itemOf: number[] = [];
  const placed = new Map<Group, number>();
  graph.ids.forEach((_, index) => {
    const group = groupOf.get(index);
    const known = group && placed.get(group);
    itemOf.push(known ?? items.length);
    if (known !== undefined) return;
    if (group === undefined) items.push(phaseItem(graph, index, leads.get(index) ?? null));
    else {
      placed.set(group, items.length);
      items.push({ ...group, label: group.name, folded: group, leads: null });
    }
  });
  return { items, itemOf, ...edgesOf(graph, itemOf, items.length) };
}

function phaseItem(graph: Graph, index: number, leads: Group | null): Item {
  const id = graph.ids[index] ?? '';
  return { id, label: labelOf(graph, index), members: [index], folded: null, leads };
}

function labelOf({ ids, names }: Graph, index: number): string {
  const [id = '', name = ''] = [ids[index], names[index]];
  return id === name ? id : `${id} ${name}`;
}

function edgesOf(graph: Graph, itemOf: readonly number[], size: number): Edges {
  if (graph.knowledge === 'order') return inOrder(size);
  const before: Set<number>[] = Array.from({ length: size }, () => new Set());
  graph.before.forEach((froms, index) => {
    const to = itemOf[index] ?? 0;
    for (const from of froms) if (itemOf[from] !== to) before[to]?.add(itemOf[from] ?? 0);
  });
  return bothWays(before.map((one) => [...one]));
}

function besides(graph: Graph): Group[] {
  const alike = new Map<string, number[]>();
  graph.ids.forEach((_, index) => {
    const key = `${sorted(graph.before[index])}>${sorted(graph.after[index])}`;
    const found = alike.get(key);
    if (found) found.push(index);
    else alike.set(key, [index]);
  });
  return [...alike.values()]
    .filter((members) => members.length >= LEAST.beside)
    .map((members) => group('beside', members, graph));
}

function sorted(indexes: readonly number[] = []): string {
  return [...indexes].sort((a, b) => a - b).join();
}

function rows(graph: Graph, taken: ReadonlySet<number>): Group[] {
  const free = (index: number | undefined): index is number =>
    index !== undefined && !taken.has(index);
  const next = (index: number): number | undefined => {
    const { [0]: to, length } = graph.after[index] ?? [];
    return length === 1 && free(to) && graph.before[to]?.length === 1 && alike(graph, index, to)
      ? to
      : undefined;
  };
  const follows = new Set(
    graph.ids.flatMap((_, index) => (free(index) ? (next(index) ?? []) : [])),
  );
  return graph.ids.flatMap((_, index) => {
    // A circle of such phases has no first one and stays as it is.
    if (!free(index) || follows.has(index)) return [];
    const members = [index];
    for (let at = next(index); at !== undefined; at = next(at)) members.push(at);
    return pieces(members).map((piece) => group('row', piece, graph));
  });
}

/** Where nothing but the order is known, only phases of one kind belong together. */
function alike({ knowledge, names }: Graph, a: number, b: number): boolean {
  return knowledge !== 'order' || stem(names[a]) === stem(names[b]);
}

function stem(name = ''): string {
  return name.replace(/\d+/g, '');
}

function pieces(members: readonly number[]): number[][] {
  const count = Math.ceil(members.length / LONGEST_ROW);
  const size = Math.ceil(members.length / count);
  return Array.from({ length: count }, (_, at) => members.slice(at * size, (at + 1) * size)).filter(
    (piece) => piece.length >= LEAST.row,
  );
}

function group(kind: Group['kind'], members: readonly number[], graph: Graph): Group {
  const name = nameOf(members.map((index) => graph.names[index] ?? ''));
  const [from = '', to = ''] = [graph.ids[members[0] ?? 0], graph.ids[members.at(-1) ?? 0]];
  return { id: `${kind}\n${from}`, kind, members, name: name === '' ? `${from} … ${to}` : name };
}

/** What all names begin with, up to a whole word and without a number that was cut in two. */
export function nameOf(names: readonly string[]): string {
  const [one = ''] = names;
  let length = one.length;
  for (const name of names) while (!name.startsWith(one.slice(0, length))) length--;
  const common = one.slice(0, length);
  const whole = length === one.length ? common : common.replace(/[\p{L}\p{N}]*$/u, '');
  // "part1" and "part2" have no whole word in common, but what is before the number.
  const text = whole === '' ? common.replace(/\d+$/, '') : whole;
  return text.replace(/[\s\-_.:/#([]+$/u, '').trim();
}

function first(group: Group): number {
  return group.members[0] ?? 0;
}
