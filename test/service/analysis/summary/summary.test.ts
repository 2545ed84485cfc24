import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PastOne, PastTimes } from '../../../../service/analysis/expected/before.ts';
import { runSummary } from '../../../../service/analysis/summary/summary.ts';
import type { JobRecord, PhaseRecord } from '../../../../service/protocol/record.ts';
import { job, phase } from '../../../fixtures/frames.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const HOUR_MS = 3_600_000;
const at = (ms: number) => new Date(ms).toISOString();

/** So many runs that took so long, one an hour. */
const before = (ms: number, runs = 20): PastOne[] =>
  Array.from({ length: runs }, (_, n) => ({
    ...{ job_id: `old-${n}`, ms, size: null, labels: {} },
    ended_at: NOW - (runs - n) * HOUR_MS,
  }));

const past = (phases: Record<string, number>, runs = 20): PastTimes => {
  const total = Object.values(phases).reduce((sum, ms) => sum + ms, 0);
  const each = Object.entries(phases).map(([id, ms]) => [id, before(ms, runs)] as const);
  return { totals: before(total, runs), phases: new Map(each) };
};

const running = (since: number): JobRecord =>
  job({
    job_id: 'new',
    labels: {},
    status: 'RUNNING',
    started_at: at(NOW - since),
    ended_at: null,
  });

const runs = (phase_id: string, from: number, to: number | null): PhaseRecord =>
  phase({
    ...{ phase_id, started_at: at(NOW - from), items_done: null, items_total: null },
    ...(to === null
      ? { status: 'RUNNING', ended_at: null }
      : { status: 'COMPLETED', ended_at: at(NOW - to) }),
  });

describe('the summary of a run', () => {
  it('says how long a run usually takes while no phase has ended', () => {
    const phases = [runs('P06', 3000, null)];
    const of = { job: running(3000), phases, past: past({ P06: 10_000, P07: 2100 }), now: NOW };
    const { state, sentence, slower_percent, evidence } = runSummary(of);
    assert.deepEqual(
      [state, sentence],
      [
        'nothing_ended',
        'No phase of this run has ended yet; a run usually takes 12.1 s (median of 20).',
      ],
    );
    assert.deepEqual([slower_percent, evidence.time_ms], [null, null]);
  });

  it('counts a phase that runs for longer than usual: what is stuck is not fast', () => {
    const phases = [runs('P05', HOUR_MS + 5000, HOUR_MS), runs('P06', HOUR_MS, null)];
    const of = { job: running(HOUR_MS + 5000), phases, now: NOW };
    const summary = runSummary({ ...of, past: past({ P05: 5000, P06: 12_000 }) });
    assert.equal(summary.state, 'known');
    assert.match(
      summary.sentence,
      /^So far this run is [\d,]+ % slower .*; P06 explains 100 % of it\.$/,
    );
  });

  it('counts a run without phases that takes longer than runs usually do', () => {
    const of = { job: running(20_000), phases: [], past: past({ P06: 10_000 }), now: NOW };
    assert.equal(
      runSummary(of).sentence,
      'So far this run is 100 % slower than the median of the last 20.',
    );
  });

  it('explains nothing by a phase that is new where it was not counted', () => {
    const phases = [runs('P06', 80_000, 66_000), runs('P99', 66_000, 6000)];
    const of = { job: running(80_000), phases, past: past({ P06: 12_000 }), now: NOW };
    const { explained_by, evidence } = runSummary(of);
    assert.deepEqual(
      explained_by.map(({ phase_id }) => phase_id),
      ['P06'],
    );
    assert.deepEqual([evidence.time_ms, evidence.decisive_phases], [14_000, ['P06']]);
  });

  it('is as usual within 5 %, within 100 ms, and where runs take no time', () => {
    const ended = (ms: number) =>
      job({
        ...{ job_id: 'new', labels: {}, status: 'COMPLETED', duration_ms: ms },
        ...{ started_at: at(NOW - ms), ended_at: at(NOW) },
      });
    const state = (ms: number, usual: number) =>
      runSummary({ job: ended(ms), phases: [], past: past({ P: usual }), now: NOW }).state;
    assert.deepEqual(
      [state(10_300, 10_000), state(40, 30), state(0, 0), state(11_000, 10_000)],
      ['as_usual', 'as_usual', 'as_usual', 'known'],
    );
  });

  it('says that nobody told when it began', () => {
    const lost = job({ job_id: 'new', status: 'COMPLETED', started_at: null, duration_ms: null });
    const { state, sentence } = runSummary({
      ...{ job: lost, phases: [], past: past({ P: 1000 }), now: NOW },
    });
    assert.equal(state, 'not_enough_data');
    assert.match(sentence, /nobody told when it began/);
  });

  it('has finite numbers and shares of 0 to 1, whatever comes in', () => {
    const wild = fc.oneof(
      fc.double(),
      fc.integer({ min: -1e7, max: 1e7 }),
      fc.constantFrom(0, NaN),
    );
    const time = fc.option(fc.integer({ min: -1e7, max: 1e7 }), { nil: null });
    const id = fc.constantFrom('a', 'b', 'c');
    const span = fc.record({ phase_id: id, begin: time, end: time });
    const times = fc.array(fc.tuple(id, wild, fc.integer({ min: 0, max: 1e7 })), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 4 }), times, fc.boolean(), (spans, old, over) => {
        const ones = old.map(([, ms, ago], n): PastOne => ({
          ...{ job_id: `o${n}`, ms, size: null, labels: {}, ended_at: NOW - ago },
        }));
        const phases = new Map(
          ['a', 'b'].map((one) => [one, ones.filter((_, n) => old[n]?.[0] === one)] as const),
        );
        const made = spans.map(({ phase_id, begin, end }) =>
          phase({
            ...{ phase_id, items_done: null, items_total: null },
            started_at: begin === null ? null : at(NOW + begin),
            ended_at: end === null ? null : at(NOW + end),
            status: end === null ? 'RUNNING' : 'COMPLETED',
          }),
        );
        const one = over
          ? job({
              job_id: 'n',
              labels: {},
              status: 'COMPLETED',
              started_at: at(NOW),
              duration_ms: 5000,
            })
          : running(1000);
        const summary = runSummary({
          job: one,
          phases: made,
          past: { totals: ones, phases },
          now: NOW,
        });
        const { slower_percent, usual, explained_by, evidence } = summary;
        for (const value of [slower_percent, evidence.time_ms, ...Object.values(usual ?? {})])
          assert.ok(value === null || Number.isFinite(value), JSON.stringify(summary));
        assert.ok(explained_by.every(({ share }) => share >= 0 && share <= 1));
        assert.doesNotMatch(summary.sentence, /NaN|Infinity|null|undefined/);
      }),
      { numRuns: 300 },
    );
  });
});
