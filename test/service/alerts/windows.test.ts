import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Slots } from '../../../service/alerts/slots.ts';
import { boundOf, sideOf } from '../../../service/alerts/rules/bound.ts';
import { fitsPattern } from '../../../service/alerts/rules/pattern.ts';
import { RuleIndex, fitsNames } from '../../../service/alerts/ruleIndex.ts';
import { parseRule } from '../../../service/alerts/ruleBook.ts';
import { Bucket } from '../../../service/series/bucket.ts';

describe('the points of the last stretch', () => {
  it('say the same in any order, and forget what is older', () => {
    const point = fc.tuple(fc.integer({ min: 0, max: 180_000 }), fc.integer({ min: 0, max: 100 }));
    fc.assert(
      fc.property(
        fc.array(point, { maxLength: 60 }),
        fc.infiniteStream(fc.nat()),
        (points, order) => {
          const now = 180_000;
          const shuffled = points
            .map((one) => ({ one, key: Number(order.next().value) }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one);
          const sums = [points, shuffled].map((list) => {
            const slots = new Slots(60_000);
            for (const [time, value] of list) slots.add(time, value, now);
            const total = new Bucket(0);
            slots.now(now, total);
            return [total.count, total.sum, total.min, total.max, total.last, total.first];
          });
          assert.deepEqual(sums[0], sums[1]);
          const inside = points.filter(([time]) => time >= now - 60_000);
          assert.equal(sums[0]?.[0], inside.length);
        },
      ),
    );
  });

  it('know how much a counter grew, from where it stood before', () => {
    const slots = new Slots(60_000);
    for (let at = 0; at <= 180_000; at += 30_000) slots.add(at, at / 1000, 180_000);
    slots.prune(180_000);
    assert.equal(slots.now(180_000, new Bucket(0)), 60);
  });
});

describe('hysteresis', () => {
  it('says nothing inside its band, whatever the values do', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const direction = fc.constantFrom('above' as const, 'below' as const);
    fc.assert(
      fc.property(
        number,
        direction,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (threshold, way, share) => {
          const bound = boundOf({ direction: way, threshold }, null);
          const inside = threshold + (bound.recovery - threshold) * share;
          const side = sideOf(inside, bound);
          assert.ok(side === 'between' || inside === bound.recovery, `${inside} is ${side}`);
        },
      ),
    );
  });
});

describe('patterns', () => {
  it('fit as a regular expression would, and take no time', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(letters, text, (pattern, name) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
        assert.equal(fitsPattern(pattern, name), expected);
      }),
    );
    const began = performance.now();
    assert.equal(fitsPattern(`${'a*'.repeat(120)}b`, 'a'.repeat(5000)), false);
    assert.ok(performance.now() - began < 200);
  });
});

describe('the index of rules', () => {
  it('finds what judging all of them would', () => {
    const name = fc.constantFrom('a', 'ab', 'b', '*', 'a*', '*b');
    const scope = fc.record({ pipeline: name, phase: name }, { requiredKeys: [] });
    fc.assert(
      fc.property(
        fc.array(scope, { maxLength: 20 }),
        fc.constantFrom('a', 'ab', 'b', 'c'),
        (scopes, pipeline) => {
          const rules = scopes.map((one, i) =>
            parseRule({ rule_id: `r${i}`, kind: 'phase_failed', name: 'r', scope: one }),
          );
          const index = new RuleIndex(rules);
          for (const phase of ['a', 'b', 'ab']) {
            const all = rules.filter((rule) => fitsNames(rule.scope, { pipeline, phase }));
            for (let twice = 0; twice < 2; twice++)
              assert.deepEqual(index.matching('run', { pipeline, phase }), all);
          }
        },
      ),
    );
  });
});
