import assert from 'node:assert/strict';
import { type Surroundings, speaksOf } from '../../../../service/analysis/proposals/about.ts';
import {
  type When,
  hasHeld,
  lookOf,
  questionsOf,
} from '../../../../service/analysis/proposals/holding.ts';
import { foundAt } from '../../../support/finding.ts';
import { T0 } from './support.ts';

const OVER: When = { metric: 'queue_pending', above: 100, for_ms: 30_000 };
/** One value a second until T0, the newest last. */
const seconds = (count: number, value: (ago: number) => number) =>
  Array.from({ length: count }, (_, n) => {
    const ago = count - 1 - n;
    return [T0 - ago * 1000, value(ago)] as const;
  });

describe('a condition that must have held', () => {
  it('holds after 30 s above, and not where the mean alone is above', () => {
    assert.ok(
      hasHeld(
        seconds(60, () => 101),
        OVER,
        T0,
      ),
    );
    assert.ok(
      !hasHeld(
        seconds(60, (ago) => (ago < 5 ? 700 : 10)),
        OVER,
        T0,
      ),
    );
    assert.ok(
      !hasHeld(
        seconds(60, (ago) => (ago === 12 ? 100 : 500)),
        OVER,
        T0,
      ),
    );
    assert.ok(
      hasHeld(
        seconds(60, (ago) => (ago > 31 ? 0 : 101)),
        OVER,
        T0,
      ),
    );
  });

  it('does not hold of what is known for less long, nor of what nothing was heard of', () => {
    assert.ok(
      !hasHeld(
        seconds(20, () => 500),
        OVER,
        T0,
      ),
    );
    assert.ok(!hasHeld([], OVER, T0));
    const silent = seconds(60, () => 500).slice(0, 20);
    assert.ok(!hasHeld(silent, OVER, T0));
    // A queue that tells of itself each ten seconds is known all the same.
    const rare = seconds(60, () => 500).filter(([time]) => time % 10_000 === 0);
    assert.ok(hasHeld(rare, OVER, T0));
  });

  it('takes the bounds as they stand, and what is no number for none', () => {
    const both: When = { metric: 'm', above: 1, below: 3, for_ms: 1000 };
    assert.ok(
      hasHeld(
        seconds(5, () => 2),
        both,
        T0,
      ),
    );
    assert.ok(
      !hasHeld(
        seconds(5, () => 3),
        both,
        T0,
      ),
    );
    assert.ok(
      !hasHeld(
        seconds(5, () => Number.NaN),
        both,
        T0,
      ),
    );
    assert.ok(
      !hasHeld(
        seconds(5, () => 2),
        { metric: 'm', for_ms: 1000 },
        T0,
      ),
    );
    const now: When = { metric: 'm', above: 1 };
    assert.ok(
      hasHeld(
        seconds(1, () => 2),
        now,
        T0,
      ),
    );
    assert.ok(!hasHeld([], now, T0));
  });

  it('asks for the least of what is to be above, and the most of what is to be below', () => {
    const asked = (when: When) => questionsOf(when).map(({ aggregation }) => aggregation);
    assert.deepEqual(asked(OVER), ['min']);
    assert.deepEqual(asked({ ...OVER, below: 200 }), ['min', 'max']);
    assert.deepEqual(asked({ ...OVER, aggregation: 'rate' }), ['rate']);
    assert.deepEqual(asked({ metric: 'm', above: 1 }), ['avg']);
    const { from, step_ms } = lookOf({ ...OVER, for_ms: 3_600_000 }, T0);
    assert.ok((T0 - from) / step_ms <= 120);
    assert.deepEqual(lookOf({ ...OVER, for_ms: 1000 }, T0), { from: T0 - 31_000, step_ms: 1000 });
  });
});

describe('what speaks of a job', () => {
  const around: Surroundings = {
    ...{ job_id: 'run-1', workers: new Set(['w-1']), subjects: new Set(['gpu', 'w-2']) },
    isHere: true,
  };
  const nobody = { job_id: null, pipeline: null, phase_id: null };
  const speaks = (changes: Parameters<typeof foundAt>[1], of: Partial<Surroundings> = {}) =>
    speaksOf(foundAt(T0, { ...nobody, ...changes }), { ...around, ...of });

  it('is what is its own, of its workers and queues, and of its machine', () => {
    assert.ok(speaks({ job_id: 'run-1' }));
    assert.ok(speaks({ labels: { source: 'host' } }));
    assert.ok(speaks({ worker_id: 'w-1', labels: { source: 'worker', worker_id: 'w-1' } }));
    assert.ok(speaks({ worker_id: 'w-2', labels: {} }));
    assert.ok(speaks({ labels: { queue: 'gpu' } }));
  });

  it('is not what is of another job, worker, queue or machine, nor of a pipeline with several runs', () => {
    assert.ok(!speaks({ job_id: 'run-2' }));
    assert.ok(!speaks({ worker_id: 'w-9', labels: { source: 'worker', worker_id: 'w-9' } }));
    assert.ok(!speaks({ labels: { queue: 'cpu' } }));
    assert.ok(!speaks({ labels: {} }));
    assert.ok(!speaks({ pipeline: 'nightly', labels: { source: 'host' } }));
    assert.ok(!speaks({ labels: { source: 'host' } }, { isHere: false }));
  });
});
