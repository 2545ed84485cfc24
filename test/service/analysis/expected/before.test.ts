import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type PastOne,
  pastTimes,
  timesBefore,
  usualFor,
} from '../../../../service/analysis/expected/before.ts';
import { endedOutlook, runningOutlook } from '../../../../service/analysis/expected/outlook.ts';
import { outlookFields } from '../../../../service/core/outlook.ts';
import { NO_PAST, type PhaseNow, type RunNow } from '../../../../service/analysis/expected/run.ts';
import { usualTime } from '../../../../service/analysis/expected/usualTime.ts';
import { jobStatistics } from '../../../../service/analysis/jobStatistics.ts';
import { pipelinePerformance } from '../../../../service/analysis/pipelinePerformance.ts';
import { runSummary } from '../../../../service/analysis/summary/summary.ts';
import type { JobRecord } from '../../../../service/protocol/record.ts';
import { job } from '../../../fixtures/frames.ts';

const HOUR_MS = 3_600_000;
const BEGIN = Date.parse('2026-11-01T00:00:00Z');
const at = (ms: number) => new Date(ms).toISOString();

/** Runs of two branches and of sizes that grow: 50 ms an item on main, 80 on others. */
function ran(n: number): JobRecord {
  const branch = n % 4 === 0 ? 'main' : 'topic';
  const items_total = 100 + 40 * (n % 7);
  const duration_ms = items_total * (branch === 'main' ? 50 : 80);
  const started = BEGIN + n * HOUR_MS;
  return job({
    ...{ job_id: `j${n}`, pipeline: 'nightly', status: 'COMPLETED', items_total, duration_ms },
    ...{ labels: { branch }, started_at: at(started), ended_at: at(started + duration_ms) },
  });
}

const asked = ({ job_id, labels, items_total: size, started_at }: JobRecord) => ({
  ...{ job_id, labels, size, before: Date.parse(started_at ?? '') },
});

describe('what is usual for a run', () => {
  const jobs = Array.from({ length: 40 }, (_, n) => ran(n));
  const past = pastTimes(jobs, []);

  it('is one number for its record, the performance, the history and the summary', () => {
    const query = { pipeline: 'nightly', metric: 'execution_time' as const, phase_id: null };
    const none = { job_id: null, limit: 10, days: 1, offset_ms: 0, last: 100 };
    const { runs } = pipelinePerformance({ jobs, rows: [] }, { ...query, ...none });
    const history = jobStatistics(jobs.slice(-5), 0, jobs).runs;
    for (const one of jobs.slice(-5)) {
      const ms = Math.round(usualFor(past.totals, asked(one))?.ms ?? 0);
      const summary = runSummary({ job: one, phases: [], past, now: BEGIN });
      assert.deepEqual(
        [
          runs.find(({ job_id }) => job_id === one.job_id)?.usual?.median,
          history.find(({ job_id }) => job_id === one.job_id)?.usual_ms,
          summary.usual?.median_ms,
        ],
        [ms, ms, ms],
      );
    }
  });

  it('knows its size and its labels', () => {
    const of = (n: number) => usualFor(past.totals, asked(ran(n)))?.ms ?? 0;
    assert.ok(of(34) > 2 * of(35), 'more items take longer');
    const main = usualFor(past.totals, { ...asked(ran(39)), labels: { branch: 'main' } })?.ms ?? 0;
    const topic =
      usualFor(past.totals, { ...asked(ran(39)), labels: { branch: 'topic' } })?.ms ?? 0;
    assert.ok(main < topic, `${main} ${topic}`);
  });

  it('does not depend on what ended since the run began, nor on the run itself', () => {
    const one = jobs[20] as JobRecord;
    const then = pastTimes(jobs.slice(0, 20), []);
    assert.deepEqual(usualFor(past.totals, asked(one)), usualFor(then.totals, asked(one)));
    assert.ok(
      timesBefore(past.totals, asked(one)).every(({ ended_at }) => ended_at < BEGIN + 20 * HOUR_MS),
    );
  });

  it('is not said of fewer than three runs', () => {
    const runs = (n: number) => usualFor(past.totals, asked(jobs[n] as JobRecord))?.runs;
    assert.deepEqual([runs(0), runs(2), runs(3), runs(39)], [undefined, undefined, 3, 20]);
  });

  it('is taken no further than 100 times the sizes that were seen, and is always a number', () => {
    const sized = [10, 20, 40].map((size, n) => ({ ms: size, size, likeness: 1, ended_at: n }));
    assert.equal(Math.round(usualTime(sized, 1e300)?.ms ?? 0), 4000);
    assert.equal(usualTime(sized, 1e-300)?.ms, 1);
    const wild = fc.oneof(fc.double(), fc.constantFrom(0, -1, NaN, Infinity, 1e300, 1e-300));
    const maybe = fc.option(wild, { nil: null });
    const one = fc.record({
      ms: wild,
      size: maybe,
      ended_at: wild,
      job_id: fc.constantFrom('a', 'b'),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), maybe, wild, (ones, size, before) => {
        const all = ones.map((made): PastOne => ({ ...made, labels: {} }));
        const usual = usualFor(all, { job_id: 'c', size, labels: {}, before });
        if (usual === null) return;
        const { low, ms, high } = usual;
        assert.ok(
          low > 0 && low <= ms && ms <= high && Number.isFinite(high),
          JSON.stringify(usual),
        );
      }),
    );
  });
});

describe('the outlook of a job', () => {
  const wild = fc.oneof(fc.integer({ min: -1e7, max: 1e7 }), fc.double(), fc.constantFrom(0, NaN));
  const maybe = fc.option(wild, { nil: null });
  const phases = fc.uniqueArray(
    fc.record({
      ...{ phase_id: fc.constantFrom('a', 'b', 'c'), started_at: maybe, ended_at: maybe },
      ...{ progress: maybe, size: maybe, depends_on: fc.constant([]) },
      state: fc.constantFrom('open', 'running', 'ended', 'gone'),
    }) as fc.Arbitrary<PhaseNow>,
    { selector: ({ phase_id }) => phase_id, maxLength: 3 },
  );

  it('has dates and finite numbers, whatever comes in', () => {
    const usual = usualTime(
      [1, 2, 3].map((n) => ({ ms: 1e4 * n, size: n, likeness: 1, ended_at: n })),
    );
    const property = fc.property(phases, wild, maybe, (made, started_at, progress) => {
      const now: RunNow = {
        ...{ now: BEGIN, started_at, progress, earlier: null, size: null, planned: true },
        phases: made,
      };
      const times = [1, 2, 3].map((n) => ({ ms: 1e4 * n, size: n, likeness: 1, ended_at: n }));
      const of = { ...NO_PAST, phases: new Map([['a', { times, waits: [], seen: 1 }]]) };
      const { outlook } = runningOutlook(now, { past: of, expectedOf: () => usual, width: 1.3 });
      for (const one of [outlook, ...outlook.phases.values(), endedOutlook(now, () => usual)]) {
        const { eta_at, times_usual } = outlookFields(one, null, 'RUNNING');
        assert.ok(eta_at === null || Date.parse(eta_at) >= BEGIN, String(eta_at));
        assert.ok(times_usual === null || Number.isFinite(times_usual), String(times_usual));
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('of one and of two runs before says an end, and nothing that is usual', () => {
    const now: RunNow = {
      ...{ now: BEGIN + 4000, started_at: BEGIN, progress: null, earlier: null, size: null },
      ...{ planned: true, phases: [] },
    };
    for (const runs of [1, 2]) {
      const made = Array.from({ length: runs }, (_, n) => ran(n));
      const { totals } = pastTimes(made, []);
      const times = totals.map(({ ms, ended_at }) => ({ ms, ended_at, size: null, likeness: 1 }));
      const { outlook } = runningOutlook(now, {
        ...{ past: { ...NO_PAST, totals: times }, width: 1 },
        expectedOf: ({ size }) =>
          usualFor(totals, { job_id: 'n', size, labels: {}, before: Infinity }),
      });
      assert.equal(outlook.expected, null);
      assert.ok(outlook.eta !== null && outlook.eta.at > now.now);
    }
  });
});
