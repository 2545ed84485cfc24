/**
 * Groups that can be folded without changing what the graph says. Folded are ways beside each other that are equally
 * long, depend on the same and are needed by the same, where a way is phases in a row with one before and one after each
 * (most often one phase alone); and long ways that have none like them. Contracting either never makes a circle and hides
 * no branch. A common prefix of names does not promise that, so it only gives the group its name.
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
  const lanes = chainsOf(graph);
  const alike = new Map<string, number[][]>();
  if (graph.knowledge !== 'order')
    for (const lane of lanes) {
      const [head, tail] = [lane[0] ?? 0, lane.at(-1) ?? 0];
      const key = `${sorted(graph.before[head])}>${lane.length}>${sorted(graph.after[tail])}`;
      const found = alike.get(key);
      if (found) found.push(lane);
      else alike.set(key, [lane]);
    }
  const beside = [...alike.values()].filter((found) => found.length >= LEAST.beside);
  const taken = new Set(beside.flat(2));
  const rows = lanes.filter(([head = 0]) => !taken.has(head)).flatMap(pieces);
  return [
    ...beside.map((found) => besideGroup(found, graph)),
    ...rows.map((members) => rowGroup(members, graph)),
  ].sort((a, b) => first(a) - first(b));
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

function sorted(indexes: readonly number[] = []): string {
  return [...indexes].sort((a, b) => a - b).join();
}

/** All phases, as ways on which each has one before and one after it: most are of one phase. */
function chainsOf(graph: Graph): number[][] {
  const next = graph.ids.map((_, index) => {
    const { [0]: to, length } = graph.after[index] ?? [];
    const alone = length === 1 && to !== undefined && graph.before[to]?.length === 1;
    return alone && alike(graph, index, to) ? to : undefined;
  });
  const follows = new Set(next);
  const seen = new Set<number>();
  const walk = (from: number): number[] => {
    const lane: number[] = [];
    for (let at: number | undefined = from; at !== undefined && !seen.has(at); at = next[at]) {
      seen.add(at);
      lane.push(at);
    }
    return lane;
  };
  const lanes = graph.ids.flatMap((_, index) => (follows.has(index) ? [] : [walk(index)]));
  // What is left is on circles, which have no first phase: each stays by itself.
  return [...lanes, ...graph.ids.flatMap((_, index) => (seen.has(index) ? [] : [[index]]))];
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

function rowGroup(members: readonly number[], graph: Graph): Group {
  return group('row', members, nameOf(namesOf(graph, members)), graph);
}

/** A way of several steps is named after all of them: "Read, Parse, Index". */
function besideGroup(lanes: readonly (readonly number[])[], graph: Graph): Group {
  const steps = (lanes[0] ?? []).map((_, step) =>
    nameOf(
      namesOf(
        graph,
        lanes.map((lane) => lane[step] ?? 0),
      ),
    ),
  );
  const members = lanes.flat().sort((a, b) => a - b);
  return group(
    'beside',
    members,
    steps.every((step) => step !== '') ? steps.join(', ') : '',
    graph,
  );
}

function group(kind: Group['kind'], members: readonly number[], name: string, graph: Graph): Group {
  const [from = '', to = ''] = [graph.ids[members[0] ?? 0], graph.ids[members.at(-1) ?? 0]];
  return { id: `${kind}\n${from}`, kind, members, name: name === '' ? `${from} … ${to}` : name };
}

function namesOf({ names }: Graph, members: readonly number[]): string[] {
  return members.map((index) => names[index] ?? '');
}

/** What all names begin with, up to a whole word and without a number that was cut in two. */
export function nameOf(names: readonly string[]): string {
  const [one = ''] = names;
  let length = one.length;
  for (const name of names) while (!name.startsWith(one.slice(0, length))) length--;
  const common = one.slice(0, length);
  const ends = names.every((name) => !/^[\p{L}\p{N}]/u.test(name.slice(length)));
  const whole = ends ? common : common.replace(/[\p{L}\p{N}]*$/u, '');
  // "part1" and "part2" have no whole word in common, but what is before the number.
  const text = whole === '' ? common.replace(/\d+$/, '') : whole;
  return text.replace(/[\s\-_.:/#([]+$/u, '').trim();
}

function first(group: Group): number {
  return group.members[0] ?? 0;
}
