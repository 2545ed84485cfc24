import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type RunSpans, observedOrder } from '../../../service/analysis/order.ts';

/** `{ load: [0, 2] }`: started at 0, ended at 2. */
function run(spans: Record<string, [from: number | null, to: number]>): RunSpans {
  return new Map(
    Object.entries(spans).map(([id, [started_at, ended_at]]) => [id, { started_at, ended_at }]),
  );
}

function edges(phases: string, ...runs: RunSpans[]): string[] {
  return observedOrder([...phases], runs).map(({ from, to, runs: n }) => `${from}>${to}:${n}`);
}

describe('order of phases as runs show it', () => {
  it('is a chain where each starts after the one before, without the edges that follow', () => {
    assert.deepEqual(edges('abc', run({ a: [0, 1], b: [1, 2], c: [3, 4] })), ['a>b:1', 'b>c:1']);
  });

  it('forks and joins where phases run side by side', () => {
    const one = run({ a: [0, 1], b: [1, 5], c: [2, 3], d: [5, 6] });
    assert.deepEqual(edges('abcd', one), ['a>b:1', 'a>c:1', 'b>d:1', 'c>d:1']);
  });

  it('is only what every run agrees with', () => {
    const apart = run({ a: [0, 1], b: [2, 3] });
    const beside = run({ a: [0, 2], b: [1, 3] });
    assert.deepEqual(edges('ab', apart, apart), ['a>b:2']);
    assert.deepEqual(edges('ab', apart, beside), []);
    assert.deepEqual(edges('ab', apart, run({ a: [9, 10] })), ['a>b:1']);
  });

  it('makes no edge of phases of no length, of unknown starts, nor to what still runs', () => {
    assert.deepEqual(edges('ab', run({ a: [5, 5], b: [5, 5] })), []);
    assert.deepEqual(edges('ab', run({ a: [0, 1], b: [null, 3] })), []);
    assert.deepEqual(edges('ab', run({ a: [0, Infinity], b: [5, 6] })), []);
    assert.deepEqual(edges('ab', run({ a: [null, 1], b: [5, Infinity] })), ['a>b:1']);
  });

  it('leaves out what goes round in a circle over several runs', () => {
    const circle = [
      run({ a: [0, 1], b: [2, 3] }),
      run({ b: [0, 1], c: [2, 3] }),
      run({ c: [0, 1], a: [2, 3] }),
      run({ c: [0, 1], d: [2, 3] }),
    ];
    assert.deepEqual(edges('abcd', ...circle), ['c>d:1']);
  });

  it('gives up on pipelines that nobody could read as a graph', () => {
    const ids = Array.from({ length: 201 }, (_, i) => `p${i}`);
    const one = run(Object.fromEntries(ids.map((id, i) => [id, [i, i + 1]])));
    assert.deepEqual(observedOrder(ids, [one]), []);
    assert.equal(observedOrder(ids.slice(1), [one]).length, 199);
  });

  it('leads to exactly what always came later, with no edge too many', () => {
    const span = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 4 }));
    fc.assert(
      fc.property(fc.array(span, { minLength: 2, maxLength: 7 }), (spans) => {
        const ids = spans.map((_, i) => String.fromCharCode(97 + i));
        const times = spans.map(([from, length]) => [from, from + length] as const);
        const one = new Map(
          ids.map((id, i) => [
            id,
            { started_at: times[i]?.[0] ?? 0, ended_at: times[i]?.[1] ?? 0 },
          ]),
        );
        const found = observedOrder(ids, [one]);
        const leads = (edges: typeof found, from: string): Set<string> => {
          const direct = edges.filter((edge) => edge.from === from).map((edge) => edge.to);
          return new Set(direct.flatMap((to) => [to, ...leads(edges, to)]));
        };
        ids.forEach((from, i) => {
          const later = ids.filter((_, k) => (times[k]?.[0] ?? 0) >= (times[i]?.[1] ?? 0));
          assert.deepEqual([...leads(found, from)].sort(), later);
        });
        for (const edge of found) {
          const without = found.filter((other) => other !== edge);
          assert.ok(!leads(without, edge.from).has(edge.to));
        }
      }),
    );
  });
});
