import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Recorded, speedUps } from '../../../../service/analysis/expected/speedUp.ts';

const phase = (
  phase_id: string,
  start: number,
  end: number,
  depends_on: string[] = [],
): Recorded => ({
  ...{ phase_id, name: phase_id, start, end, depends_on },
});

describe('what to speed up', () => {
  it('gains on the path all of it up to the next one beside it, and beside the path nothing', () => {
    const phases = [
      phase('load', 0, 10_000),
      phase('long', 10_000, 40_000, ['load']),
      phase('short', 10_000, 30_000, ['load']),
      phase('store', 40_000, 45_000, ['long', 'short']),
    ];
    const { length_ms, method, phases: found } = speedUps(phases, 0);
    assert.deepEqual([length_ms, method], [45_000, 'declared']);
    assert.deepEqual(
      found.map((one) => [
        ...[one.phase_id, one.on_path, one.slack_ms],
        ...[one.gain_ms_if_halved, one.gain_ms_if_free],
      ]),
      [
        ['load', true, 0, 5000, 10_000],
        ['short', false, 10_000, 0, 0],
        ['long', true, 0, 10_000, 10_000],
        ['store', true, 0, 2500, 5000],
      ],
    );
  });

  it('keeps what was waited for, and follows what was seen where nothing is declared', () => {
    const { method, phases } = speedUps([phase('a', 1000, 3000), phase('b', 5000, 9000)], 0);
    assert.equal(method, 'observed');
    assert.deepEqual(
      phases.map((one) => [one.on_path, one.gain_ms_if_free]),
      [
        [true, 2000],
        [true, 4000],
      ],
    );
  });

  it('says nothing of a run without phases', () => {
    assert.deepEqual(speedUps([], 0).phases, []);
    assert.deepEqual(speedUps([phase('a', Number.NaN, 3)], 0).phases, []);
  });

  it('never promises more than a phase took, nor a loss, whatever the times and dependencies', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const any = fc.record({
      ...{ phase_id: id, name: id, depends_on: fc.array(id, { maxLength: 3 }) },
      start: fc.oneof(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(NaN, Infinity, -5)),
      end: fc.oneof(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(NaN, 0)),
    });
    const many = fc.uniqueArray(any, { maxLength: 5, selector: (one) => one.phase_id });
    fc.assert(
      fc.property(many, fc.integer({ min: 0, max: 1e6 }), (recorded, begin) => {
        for (const one of speedUps(recorded, begin).phases) {
          const [half, free] = [one.gain_ms_if_halved ?? 0, one.gain_ms_if_free ?? 0];
          assert.ok(half >= 0 && free >= 0 && one.slack_ms >= 0 && one.took_ms >= 0);
          assert.ok(Number.isFinite(one.slack_ms + half + free));
        }
      }),
    );
  });
});
