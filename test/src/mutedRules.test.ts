import assert from 'node:assert/strict';
import { MutedRules, ruleOf } from '../../src/mutedRules.ts';
import { MapStore } from './wire/mapStore.ts';

describe('rules without notifications', () => {
  it('stay so in the next window, until a person takes it back', async () => {
    const store = new MapStore();
    const told: string[][] = [];
    const muted = new MutedRules(store);
    muted.onDidChange((rules) => told.push([...rules]));
    await muted.mute(['slow_phase', 'disk'], true);
    assert.deepEqual(new MutedRules(store).all, ['slow_phase', 'disk']);
    await muted.mute(['slow_phase'], false);
    assert.deepEqual([muted.has('slow_phase'), muted.has('disk')], [false, true]);
    assert.deepEqual(told, [['slow_phase', 'disk'], ['slow_phase']]);
  });

  it('are kept once each, and not without end', async () => {
    const muted = new MutedRules(new MapStore());
    await muted.mute(['disk'], true);
    await muted.mute(['disk'], true);
    assert.deepEqual(muted.all, ['disk']);
    const many = Array.from({ length: 600 }, (_, n) => `rule-${n}`);
    await muted.mute(many, true);
    assert.equal(muted.all.length, 500);
  });

  it('are called external where a pipeline raised the alert itself', () => {
    assert.deepEqual([ruleOf({ rule: 'disk' }), ruleOf({ rule: null })], ['disk', 'external']);
  });
});
