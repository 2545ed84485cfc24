import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  criticalPath,
  type CriticalPath,
  toldPhases,
} from '../../../../service/analysis/expected/criticalPath.ts';
import type { PhaseRecord } from '../../../../service/protocol/record.ts';
import { phase } from '../../../fixtures/frames.ts';

const iso = (second: number): string => new Date(second * 1000).toISOString();
function done(id: string, from: number, to: number | null, depends_on: string[] = []): PhaseRecord {
  return phase({
    ...{ phase_id: id, index: Number(id.slice(1)), depends_on, started_at: iso(from) },
    ...{ status: to === null ? 'RUNNING' : 'COMPLETED', ended_at: to === null ? null : iso(to) },
  });
}
const pathOf = (phases: PhaseRecord[], begin = 0, now = 1000): CriticalPath | null =>
  criticalPath(toldPhases(phases), { begin: begin * 1000, now: now * 1000 });
const ids = (path: CriticalPath | null): string[] => path?.steps.map((step) => step.phase_id) ?? [];

describe('the critical path of a run', () => {
  it('leads over the dependencies that ended last, to the phase that ended last', () => {
    const phases = [
      done('P0', 1, 10),
      done('P1', 10, 12, ['P0']),
      done('P2', 10, 30, ['P0']),
      done('P3', 34, 40, ['P1', 'P2']),
      done('P4', 12, 20, ['P1']),
    ];
    const path = pathOf(phases);
    assert.deepEqual(ids(path), ['P0', 'P2', 'P3']);
    assert.deepEqual(
      path?.steps.map(({ ms, waited_ms, by }) => [ms, waited_ms, by]),
      [
        [9000, 1000, null],
        [20_000, 0, 'declared'],
        [6000, 4000, 'declared'],
      ],
    );
    assert.deepEqual([path?.ms, path?.total_ms, path?.method], [35_000, 40_000, 'declared']);
    assert.equal(path?.steps[1]?.share, 0.5);
  });

  it('follows the time where nothing is declared', () => {
    const path = pathOf([done('P0', 0, 10), done('P1', 2, 5), done('P2', 11, 20)]);
    assert.deepEqual(ids(path), ['P0', 'P2']);
    assert.equal(path?.method, 'observed');
  });

  it('says so where only some phases declare what they depend on', () => {
    const path = pathOf([done('P0', 0, 10), done('P1', 10, 20), done('P2', 20, 30, ['P1'])]);
    assert.deepEqual(ids(path), ['P0', 'P1', 'P2']);
    assert.equal(path?.method, 'mixed');
  });

  it('looks through a phase that was skipped without any time', () => {
    const skipped = phase({ phase_id: 'P1', status: 'SKIPPED', depends_on: ['P0'] });
    const path = pathOf([done('P0', 0, 10), skipped, done('P5', 3, 5), done('P2', 10, 20, ['P1'])]);
    assert.deepEqual(ids(path), ['P0', 'P2']);
    assert.equal(path?.method, 'declared');
  });

  it('ends with what runs now, the longest where several do', () => {
    const path = pathOf([done('P0', 0, 10), done('P2', 15, null), done('P1', 10, null)], 0, 50);
    assert.deepEqual(ids(path), ['P0', 'P1']);
    assert.equal(path?.steps.at(-1)?.to, 50_000);
  });

  it('takes one of two that tie, and an end that nobody told from the time it took', () => {
    const tie = pathOf([done('P0', 0, 10), done('P1', 10, 20, ['P0']), done('P2', 10, 20, ['P0'])]);
    assert.deepEqual(ids(tie), ['P0', 'P1']);
    const inferred = {
      ...done('P0', 0, null),
      status: 'COMPLETED',
      execution_time_ms: 7000,
    } as const;
    assert.equal(pathOf([inferred])?.total_ms, 7000);
  });

  it('looks through thousands of skipped phases behind each other, and through a circle of them', () => {
    const skipped = Array.from({ length: 3000 }, (_, n) =>
      phase({ phase_id: `S${n}`, status: 'SKIPPED', depends_on: [n === 0 ? 'P0' : `S${n - 1}`] }),
    );
    const circle = phase({ phase_id: 'C', status: 'SKIPPED', depends_on: ['C', 'S2999'] });
    const all = [
      done('P0', 0, 10),
      ...skipped,
      circle,
      done('P1', 3, 5),
      done('P2', 10, 20, ['C']),
    ];
    assert.deepEqual(ids(pathOf(all)), ['P0', 'P2']);
  });

  it('counts a moment once where a phase began before its dependency ended', () => {
    const path = pathOf([done('P0', 0, 20), done('P1', 10, 30, ['P0'])]);
    assert.deepEqual(
      path?.steps.map(({ ms }) => ms),
      [10_000, 20_000],
    );
  });

  it('is none before anything has begun', () => {
    assert.equal(pathOf([]), null);
    assert.equal(pathOf([phase({ phase_id: 'P0', status: 'PENDING' })]), null);
  });

  it('ends, and adds up to the whole run, for any times and dependencies, cycles too', () => {
    const some = fc.record({
      from: fc.integer({ min: 0, max: 20 }),
      to: fc.option(fc.integer({ min: 0, max: 20 })),
      deps: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 10 }), (all) => {
        const phases = all.map(({ from, to, deps }, n) =>
          done(
            `P${n}`,
            from,
            to,
            deps.map((id) => `P${id}`),
          ),
        );
        const path = pathOf(phases, 5, 20);
        assert.ok(path);
        assert.equal(new Set(ids(path)).size, path.steps.length);
        assert.ok(path.steps.every(({ ms, waited_ms }) => ms >= 0 && waited_ms >= 0));
        const waited = path.steps.reduce((sum, step) => sum + step.waited_ms, 0);
        assert.equal(path.ms + waited, path.total_ms);
      }),
    );
  });

  it('is one chain of all where thousands have no length and begin at the same moment', () => {
    const phases = Array.from({ length: 5000 }, (_, n) => done(`P${n}`, 5, 5));
    assert.equal(new Set(ids(pathOf(phases))).size, 5000);
  });

  it('takes 5,000 phases in less than 250 ms, cold @alone', () => {
    const phases = Array.from({ length: 5000 }, (_, n) => done(`P${n}`, n, n + 3));
    const began = performance.now();
    assert.ok((pathOf(phases, 0, 9999)?.steps.length ?? 0) > 1000);
    assert.ok(performance.now() - began < 250, `${performance.now() - began} ms`);
  });
});
