import assert from 'node:assert/strict';
import { Court } from '../../../support/court.ts';
import { EXAMPLES, type Example } from './support/examples.ts';

const HOUR_MS = 3_600_000;

/** A court with one rule of the example; `bring` lets its subject come to a value and stay there for a while. */
function courtOf({ kind, params, range_ms, feed, config }: Example, rule: object = {}) {
  const court = new Court(config);
  court.only();
  court.define({ rule_id: 'r', kind, params, ...rule });
  const tell = feed();
  const bring = async (value: number) => {
    for (let i = 0; i < 3; i++) {
      await court.pass(range_ms * 0.4);
      tell(court, value);
    }
  };
  return { court, tell, bring };
}

for (const example of EXAMPLES) {
  const { kind, at, over, inside, good, said, holds, leaves, words } = example;

  describe(`${kind} rules`, () => {
    it(`fire beyond ${at}, not at it, and end at the recovery`, async () => {
      const { court, bring } = courtOf(example);
      await bring(at);
      assert.deepEqual(court.alerts('r'), [], 'at the threshold');
      await bring(over);
      assert.deepEqual(court.states('r'), [[said.component_id, true]]);
      await bring(inside);
      assert.deepEqual(court.states('r'), [[said.component_id, true]], 'inside the band');
      await bring(good);
      assert.deepEqual(court.states('r'), [[said.component_id, false]]);
      const [alert] = court.alerts('r');
      assert.match(alert?.resolve_reason ?? '', /^(It is|Its oldest task has|\d+ tasks) .+ now\.$/);
    });

    it('say what is wrong, and with what, in plain words', () => {
      const { court, tell } = courtOf(example);
      tell(court, over);
      assert.deepEqual(court.said('r'), said);
    });

    it('end at a recovery of their own', async () => {
      const bound = Number(Object.values(example.params).find((value) => value === said.threshold));
      const below = over < bound;
      const { court, bring } = courtOf(example, { recovery: bound });
      await bring(over);
      assert.equal(court.alerts('r')[0]?.active, true);
      await bring(below ? bound * 1.001 : bound * 0.999);
      assert.equal(court.alerts('r')[0]?.active, false);
    });

    it('wait until it has lasted', async () => {
      const { court, tell } = courtOf(example, { for_ms: 30_000 });
      for (let i = 0; i < 29; i++) {
        tell(court, over);
        await court.pass(1000);
      }
      assert.deepEqual(court.alerts('r'), []);
      tell(court, over);
      await court.pass(2000);
      assert.equal(court.alerts('r').length, 1);
    });

    it('look at their scope only', () => {
      for (const scope of holds) {
        const { court, tell } = courtOf(example, { scope });
        tell(court, over);
        assert.equal(court.alerts('r').length, 1, JSON.stringify(scope));
      }
      for (const scope of leaves) {
        const { court, tell } = courtOf(example, { scope });
        tell(court, over);
        assert.deepEqual(court.alerts('r'), [], JSON.stringify(scope));
      }
    });

    it('say what a person wrote', () => {
      const message = '{{severity}} {{rule}}: {{value}} of {{threshold}} at {{subject}}, {{title}}';
      const { court, tell } = courtOf(example, { message, severity: 'CRITICAL', name: 'Mine' });
      tell(court, over);
      const text = court.said('r')?.description ?? '';
      assert.ok(text.startsWith(`CRITICAL Mine: ${words[0]} of ${words[1]} at `), text);
      assert.ok(text.endsWith(`, ${said.title}`), text);
      assert.doesNotMatch(text, / at ,|\{\{/);
    });

    it('say nothing while they are off, and speak of what is when they are switched on', () => {
      const { court, tell } = courtOf(example, { enabled: false });
      tell(court, over);
      assert.deepEqual(court.alerts('r'), []);
      court.define({ rule_id: 'r', enabled: true });
      assert.equal(court.alerts('r').length, 1);
    });

    it('fire nothing for what comes an hour late', async () => {
      const { court, tell, bring } = courtOf(example);
      await bring(good);
      // Of before what counts for the longest range.
      tell(court, over, HOUR_MS + 200_000);
      await court.pass(5000);
      assert.deepEqual(court.alerts('r'), []);
    });

    it('raise it once, also over a restart, and open it again when it comes back soon', async () => {
      const { court, tell, bring } = courtOf(example);
      tell(court, over);
      court.restart();
      tell(court, over);
      await court.pass(5000);
      assert.equal(court.alerts('r').length, 1);
      if (example.range_ms > 300_000) return;
      await bring(good);
      await bring(over);
      const [alert, ...more] = court.alerts('r');
      assert.deepEqual([alert?.active, alert?.reopened_count, more], [true, 1, []]);
    });
  });
}
