import assert from 'node:assert/strict';
import fc from 'fast-check';
import { scoreOf, widthOf } from '../../../../service/analysis/expected/calibration.ts';
import { restOf, widened } from '../../../../service/analysis/expected/forecast.ts';
import { quantileBeyond } from '../../../../service/analysis/expected/likely.ts';
import {
  type PastRun,
  pastRuns,
  structureOf,
} from '../../../../service/analysis/expected/pastRuns.ts';
import { NO_PAST, type PhaseNow, type RunNow } from '../../../../service/analysis/expected/run.ts';
import { lengthOf } from '../../../../service/analysis/expected/schedule.ts';
import { type PastTime, usualTime } from '../../../../service/analysis/expected/usualTime.ts';

const times = (...ms: number[]): PastTime[] =>
  ms.map((one, at) => ({ ms: one, size: null, likeness: 1, ended_at: at }));
const open = { started_at: null, ended_at: null, progress: null, size: null, depends_on: [] };
const run = (of: Partial<RunNow>): RunNow => ({
  ...{ now: 60_000, started_at: 0, progress: null, earlier: null, size: null },
  ...{ planned: true, phases: [], ...of },
});

describe('the usual time', () => {
  it('is changed neither by one run that went astray nor by a short one', () => {
    const usual = usualTime(times(100, 104, 98, 9000, 101, 1, 99, 103));
    assert.ok(usual && usual.ms > 95 && usual.ms < 106, `${usual?.ms}`);
  });

  it('follows what became slower for good', () => {
    const usual = usualTime(times(...Array<number>(20).fill(100), ...Array<number>(12).fill(200)));
    assert.equal(Math.round(usual?.ms ?? 0), 200);
  });

  it('has a range that narrows with runs that agree', () => {
    const width = (runs: number) => {
      const usual = usualTime(times(...Array<number>(runs).fill(100)));
      return (usual?.high ?? 0) / (usual?.low ?? 1);
    };
    assert.ok(width(1) > width(3) && width(3) > width(20));
  });

  it('grows with the size of the input where runs show it', () => {
    const past = [10, 20, 40, 80].map((size, at) => ({
      ...{ ms: size * 50, size, likeness: 1, ended_at: at },
    }));
    assert.equal(Math.round(usualTime(past, 160)?.ms ?? 0), 8000);
    assert.ok((usualTime(past, null)?.ms ?? 0) < 4000);
  });
});

describe('the rest of a run', () => {
  it('is not known without history and progress', () => {
    assert.equal(restOf(run({}), NO_PAST), null);
    const phase: PhaseNow = { ...open, phase_id: 'P', state: 'running', started_at: 0 };
    assert.equal(restOf(run({ phases: [phase] }), NO_PAST), null);
  });

  it('widens, and stays ahead, while a phase runs beyond what was ever seen', () => {
    const past = { ...NO_PAST, totals: times(10_000, 10_500, 9800, 10_100, 10_000) };
    const rests = [5000, 12_000, 30_000, 90_000].map((now) => restOf(run({ now }), past));
    const reach = rests.map((rest) => (rest ? rest.high - rest.low : 0));
    assert.ok(rests.every((rest) => rest !== null && rest.low > 0));
    assert.ok(reach[1]! < reach[2]! && reach[2]! < reach[3]!, String(reach));
  });

  it('follows the longest way through what depends on each other, with as many at once as there were', () => {
    const span = (started_at: number, ended_at: number) => ({
      ...{ started_at, ended_at, completed: true, size: null },
    });
    const runs = [0, 1, 2, 3, 4].map((n): PastRun => ({
      ...{ job_id: `${n}`, over: true, size: null, labels: {} },
      ...{ started_at: 0, ended_at: 50_000, total_ms: 50_000 },
      phases: new Map([
        ['load', span(0, 10_000)],
        ['long', span(10_000, 50_000)],
        ['short', span(10_000, 15_000)],
      ]),
    }));
    const past = pastRuns(runs, structureOf(runs));
    const phases: PhaseNow[] = [
      { ...open, phase_id: 'load', state: 'running', started_at: 0 },
      { ...open, phase_id: 'long', state: 'open', depends_on: ['load'] },
      { ...open, phase_id: 'short', state: 'open', depends_on: ['load'] },
    ];
    const rest = restOf(run({ now: 5000, phases }), past);
    assert.ok(rest && rest.ms > 38_000 && rest.ms < 54_000, `45 s are left, said ${rest?.ms}`);
    assert.equal(rest.basis, 'history');
  });

  it('is a range of finite times ahead, whatever comes in', () => {
    const wild = fc.oneof(
      fc.double(),
      fc.integer({ min: -1e7, max: 1e7 }),
      fc.constantFrom(0, NaN),
    );
    const maybe = fc.option(wild, { nil: null });
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const phase = fc.record({
      ...{ phase_id: id, started_at: maybe, ended_at: maybe, progress: maybe, size: maybe },
      state: fc.constantFrom('open', 'running', 'ended', 'gone'),
      depends_on: fc.array(id, { maxLength: 3 }),
    }) as fc.Arbitrary<PhaseNow>;
    const now = fc.record({
      ...{ now: wild, started_at: wild, progress: maybe, size: maybe, planned: fc.boolean() },
      earlier: fc.option(fc.record({ time: wild, progress: wild }), { nil: null }),
      phases: fc.uniqueArray(phase, { maxLength: 4, selector: (one) => one.phase_id }),
    });
    const spans = fc.dictionary(
      id,
      fc.record({ started_at: maybe, ended_at: wild, completed: fc.boolean(), size: maybe }),
    );
    const past = fc.record({
      ...{ total_ms: maybe, started_at: maybe, ended_at: maybe, size: maybe, spans },
      over: fc.boolean(),
    });
    fc.assert(
      fc.property(now, fc.array(past, { maxLength: 6 }), (of, before) => {
        const runs = before.map(({ spans: all, ...one }, at) => ({
          ...{ ...one, job_id: `${at}`, labels: {}, phases: new Map(Object.entries(all)) },
        }));
        const rest = restOf(of, pastRuns(runs, structureOf(runs)));
        if (rest === null) return;
        assert.ok(
          rest.low > 0 && rest.low <= rest.ms && rest.ms <= rest.high,
          JSON.stringify(rest),
        );
        assert.ok(Number.isFinite(rest.high));
      }),
      { numRuns: 500 },
    );
  });

  it('always lies beyond what has passed', () => {
    const q = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    const likely = fc.record({
      mu: fc.double({ min: 0, max: 25, noNaN: true }),
      sigma: fc.double({ min: 0, max: 3, noNaN: true }),
    });
    const elapsed = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(likely, elapsed, q, (one, passed, share) => {
        const ms = quantileBeyond(one, passed, share);
        assert.ok(ms >= passed && Number.isFinite(ms));
      }),
    );
  });
});

describe('the layout of what is left', () => {
  it('ends on cycles, too', () => {
    const step = (after: number[]) => ({ after, left: null, takes: 10, waits: 0 });
    assert.equal(lengthOf([step([1]), step([0])], 2), 20);
    assert.equal(lengthOf([step([]), step([])], 1), 20);
    assert.equal(lengthOf([step([]), step([])], 2), 10);
  });
});

describe('the calibration of ranges', () => {
  it('widens where ends lay outside, narrows where they lay well inside, and slowly at first', () => {
    assert.equal(widthOf([]), 1);
    const many = (score: number, count: number) => widthOf(Array<number>(count).fill(score));
    assert.ok(many(2, 3) > 1 && many(2, 3) < many(2, 40));
    assert.ok(many(0.3, 40) < 1);
    assert.ok(widthOf([Number.NaN, -1]) === 1);
    assert.equal(scoreOf({ ms: 100, low: 50, high: 200 }, 200).toFixed(6), '1.000000');
    const rest = widened({ ms: 100, low: 50, high: 200, basis: 'history' }, 2);
    assert.deepEqual([Math.round(rest.low), Math.round(rest.high)], [25, 400]);
  });
});
