import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type FlowPhase, type Graph, graphOf } from '../../../../webview/elements/flow/graph.ts';
import {
  groupsOf,
  isFolded,
  nameOf,
  toggled,
  visibleOf,
} from '../../../../webview/elements/flow/groups.ts';

const of = (id: string, depends_on: string[] = [], name = id): FlowPhase => ({
  phase_id: id,
  name,
  depends_on,
});
const FOLDED = { folded: true, except: [] };

/** One to many and together again, each in two steps. */
function lanes(count: number): Graph {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return graphOf([
    of('split'),
    ...numbers.map((n) => of(`r${n}`, ['split'], `Read ${n}`)),
    ...numbers.map((n) => of(`p${n}`, [`r${n}`], `Parse ${n}`)),
    of(
      'merge',
      numbers.map((n) => `p${n}`),
    ),
  ]);
}

/** True when some way leads back to where it began. */
function hasCircle(after: readonly (readonly number[])[]): boolean {
  const waiting = after.map(() => 0);
  for (const tos of after) for (const to of tos) waiting[to]!++;
  const ready = [...waiting.keys()].filter((node) => waiting[node] === 0);
  for (const node of ready) for (const to of after[node]!) if (--waiting[to]! === 0) ready.push(to);
  return ready.length < after.length;
}

describe('groups of phases', () => {
  it('folds ways beside each other that need the same and are needed by the same', () => {
    const graph = lanes(5);
    const groups = groupsOf(graph);
    assert.deepEqual(
      groups.map(({ kind, name, members }) => [kind, name, members.length]),
      [['beside', 'Read, Parse', 10]],
    );
    const { items, before } = visibleOf(graph, groups, FOLDED);
    assert.deepEqual(
      items.map(({ label }) => label),
      ['split', 'Read, Parse', 'merge'],
    );
    assert.deepEqual(before, [[], [0], [1]]);
  });

  it('folds a long row, and no short one', () => {
    const row = (length: number): FlowPhase[] =>
      Array.from({ length }, (_, n) => of(`s${n}`, n === 0 ? [] : [`s${n - 1}`]));
    assert.equal(groupsOf(graphOf(row(3))).length, 0);
    assert.deepEqual(
      groupsOf(graphOf(row(4))).map(({ kind, members }) => [kind, members]),
      [['row', [0, 1, 2, 3]]],
    );
  });

  it('folds phases of one kind piece by piece where only the order is known', () => {
    const phases = Array.from({ length: 250 }, (_, n) => of(`F${n}`, [], `Import file ${n}`));
    const groups = groupsOf(graphOf([of('start'), ...phases, of('end')]));
    assert.deepEqual(
      groups.map(({ name, members }) => [name, members.length]),
      [
        ['Import file', 84],
        ['Import file', 84],
        ['Import file', 82],
      ],
    );
  });

  it('never makes a circle, loses no phase and keeps every dependency between items', () => {
    const dags = fc.array(fc.array(fc.nat(30), { maxLength: 3 }), { maxLength: 40 });
    fc.assert(
      fc.property(dags, (rows) => {
        const phases = rows.map((froms, index) =>
          of(
            `n${index}`,
            [...new Set(froms.filter((from) => from < index))].map((n) => `n${n}`),
          ),
        );
        const graph = graphOf(phases);
        const visible = visibleOf(graph, groupsOf(graph), FOLDED);
        assert.ok(!hasCircle(visible.after));
        const members = visible.items.flatMap((item) => item.members);
        assert.deepEqual(
          members.sort((a, b) => a - b),
          [...phases.keys()],
        );
        if (graph.knowledge !== 'declared') return;
        graph.before.forEach((froms, to) => {
          for (const from of froms) {
            const [a, b] = [visible.itemOf[from]!, visible.itemOf[to]!];
            assert.ok(a === b || visible.before[b]!.includes(a));
          }
        });
      }),
    );
  });

  it('survives circles, also one of phases in a row', () => {
    const circle = graphOf([of('a', ['d']), of('b', ['a']), of('c', ['b']), of('d', ['c'])]);
    assert.equal(visibleOf(circle, groupsOf(circle), FOLDED).items.length, 4);
  });

  it('folds by itself where there are many phases, and as the person says', () => {
    const graph = lanes(60);
    const [group] = groupsOf(graph);
    assert.ok(group);
    const auto = { folded: null, except: [] };
    assert.ok(isFolded(group, 122, auto));
    assert.ok(!isFolded(group, 12, auto));
    assert.ok(!isFolded(group, 122, toggled(auto, group)));
    assert.deepEqual(toggled(toggled(auto, group), group), auto);
    const open = visibleOf(graph, [group], toggled(auto, group));
    assert.equal(open.items.length, 122);
    assert.equal(open.items[1]?.leads, group);
  });

  it('is named after what all names begin with, by whole words', () => {
    assert.equal(nameOf(['Import file 17', 'Import file 18']), 'Import file');
    assert.equal(nameOf(['shard_001', 'shard_002']), 'shard');
    assert.equal(nameOf(['part1', 'part12']), 'part');
    assert.equal(nameOf(['Loading', 'Loader']), 'Load');
    assert.equal(nameOf(['same', 'same']), 'same');
    assert.equal(nameOf(['x', 'y']), '');
  });
});
