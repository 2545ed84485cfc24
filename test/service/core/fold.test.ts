import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Model } from '../../../service/core/fold.ts';
import { fromDocument, toDocument } from '../../../service/core/document.ts';
import { jobSnapshot, phaseRecords } from '../../../service/core/queries.ts';
import { newTouched } from '../../../service/core/touched.ts';
import { alertRecord } from '../../../service/core/alertView.ts';
import { jobRecord } from '../../../service/core/view.ts';
import type { Entry, Event } from '../../../service/protocol/event.ts';
import { parseEvents } from '../../../service/protocol/parse.ts';

const T0 = Date.UTC(2026, 0, 5, 10, 0, 0);

/** Events as a pipeline would send them; `time` is seconds after T0. */
function events(...values: ({ type: string; time: number } & Record<string, unknown>)[]): Event[] {
  let n = 0;
  const raw = values.map((value) => ({ id: `e${n++}`, ...value, time: T0 + value.time * 1000 }));
  const { events: parsed, rejected } = parseEvents(raw, { now: T0, newId: () => `made-${n++}` });
  assert.deepEqual(rejected, []);
  return parsed;
}

function fold(
  list: readonly Event[],
  receivedAt: (event: Event) => number = (event) => event.time,
): Model {
  const model = new Model();
  const touched = newTouched();
  list.forEach((event, i) => {
    const entry: Entry = { seq: i + 1, received_at: receivedAt(event), event };
    model.apply(entry, touched);
  });
  return model;
}

function job(model: Model, id = 'j') {
  const state = model.jobs.get(id);
  assert.ok(state, `no job ${id}`);
  return state;
}

/** Records without sequence numbers: those say when something was learnt, not what is true. */
function records(model: Model): unknown {
  const alerts = [...model.alerts.values()].flatMap((alert) => alertRecord(alert) ?? []);
  const all = [...model.jobs.keys()].sort().map((id) => jobSnapshot(job(model, id), alerts));
  return JSON.parse(
    JSON.stringify(all, (key, value: unknown) => (key === 'seq' ? undefined : value)),
  );
}

const j = { job_id: 'j' };
const p = (phase_id: string) => ({ job_id: 'j', phase_id });

const STREAM = events(
  {
    type: 'job.started',
    time: 0,
    ...j,
    name: 'nightly',
    phases: [{ phase_id: 'A' }, { phase_id: 'B', depends_on: ['A'] }, { phase_id: 'C' }],
  },
  { type: 'phase.started', time: 1, ...p('A'), items_total: 10 },
  { type: 'phase.progress', time: 2, ...p('A'), items_done: 5 },
  { type: 'resource.sampled', time: 2.5, ...j, cpu_percent: 33.3, memory_mb: 100 },
  { type: 'resource.sampled', time: 2.7, ...j, cpu_percent: 66.1, memory_mb: 120 },
  { type: 'resource.sampled', time: 2.75, ...p('A'), cpu_percent: 12.7 },
  { type: 'log.recorded', time: 3, ...p('A'), level: 'warning', message: 'latin-1' },
  {
    type: 'subphase.recorded',
    time: 3,
    ...p('A'),
    name: 'read',
    duration_ms: 900,
    metrics: { pages: 50 },
  },
  {
    type: 'phase.completed',
    time: 4,
    ...p('A'),
    items_done: 10,
    artifacts: ['/tmp/a.json'],
    metrics: { words: 9 },
  },
  { type: 'artifact.produced', time: 4, ...p('A'), path: '/tmp/a.json', size_bytes: 12 },
  { type: 'phase.started', time: 4, ...p('B') },
  { type: 'signal.counted', time: 5, ...j, signal: 'duplicates', count: 3 },
  { type: 'signal.counted', time: 5, ...j, signal: 'duplicates' },
  {
    type: 'phase.failed',
    time: 6,
    ...p('B'),
    error: { message: 'division by zero', type: 'ValueError', stack: 'at x' },
  },
  { type: 'job.failed', time: 7, ...j },
  { type: 'job.started', time: 20, ...j, attempt: 2, branch: 'main' },
  { type: 'phase.started', time: 21, ...p('B') },
  { type: 'phase.completed', time: 22, ...p('B') },
  { type: 'phase.started', time: 22, ...p('C') },
  { type: 'job.completed', time: 25, ...j },
  { type: 'alert.raised', time: 6, ...j, title: 'odd', severity: 'WARNING', component: 'phase' },
);

describe('fold', () => {
  it('gives the same records for every order of the same events', () => {
    const expected = records(fold(STREAM));
    fc.assert(
      fc.property(fc.shuffledSubarray([...STREAM], { minLength: STREAM.length }), (shuffled) => {
        assert.deepStrictEqual(records(fold(shuffled)), expected);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same records for every order of any part of the events', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...STREAM]), fc.infiniteStream(fc.nat()), (part, keys) => {
        const other = part
          .map((event) => ({ event, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ event }) => event);
        assert.deepStrictEqual(records(fold(other)), records(fold(part)));
      }),
      { numRuns: 300 },
    );
  });

  it('continues from a stored document as if it had never been stored', () => {
    for (let cut = 1; cut < STREAM.length; cut++) {
      const model = fold(STREAM.slice(0, cut));
      const stored: unknown = JSON.parse(JSON.stringify(toDocument(job(model))));
      const restored = fromDocument(stored);
      assert.ok(restored);
      model.jobs.set('j', restored);
      // A replay repeats entries that the document already holds.
      STREAM.forEach((event, i) =>
        model.apply({ seq: i + 1, received_at: event.time, event }, newTouched()),
      );
      const alerts = model.alerts.size;
      assert.equal(alerts, 1);
      assert.deepStrictEqual(records(model), records(fold(STREAM)));
    }
  });

  it('tells what happened to a job that failed and passed in its second attempt', () => {
    const model = fold(STREAM);
    const record = jobRecord(job(model), 0);
    assert.equal(record.status, 'COMPLETED');
    assert.equal(record.attempt, 2);
    assert.equal(record.duration_ms, 5000);
    assert.deepEqual(record.extra, { branch: 'main' });
    assert.deepEqual(
      phaseRecords(job(model)).map((r) => [r.phase_id, r.status, r.inferred, r.execution_time_ms]),
      [
        ['A', 'COMPLETED', false, 3000],
        ['B', 'COMPLETED', false, 1000],
        ['C', 'COMPLETED', true, 3000],
      ],
    );
  });

  it('counts artifacts, warnings and errors once each, and averages resources of the phase', () => {
    const [a, b] = phaseRecords(job(fold(STREAM)));
    assert.equal(a?.artifact_count, 1);
    assert.equal(a.warning_count, 1);
    assert.deepEqual(a.cpu_percent, { avg: 12.7, max: 12.7 });
    assert.equal(a.throughput, 3.33);
    assert.equal(b?.error_count, 1);
    assert.deepEqual(job(fold(STREAM)).signals.get('duplicates'), 4);
  });

  it('knows a phase that ended before it started, and fills in the start when it comes', () => {
    const [end, start] = events(
      { type: 'phase.completed', time: 9, ...p('A') },
      { type: 'phase.started', time: 4, ...p('A') },
    ) as [Event, Event];
    const early = phaseRecords(job(fold([end])))[0];
    assert.deepEqual(
      [early?.status, early?.started_at, early?.execution_time_ms],
      ['COMPLETED', null, null],
    );
    const late = phaseRecords(job(fold([end, start])))[0];
    assert.deepEqual([late?.status, late?.execution_time_ms], ['COMPLETED', 5000]);
  });

  it('makes a running job of a child that comes before its parent', () => {
    const record = jobRecord(job(fold(events({ type: 'phase.started', time: 1, ...p('A') }))), 0);
    assert.deepEqual([record.name, record.status, record.started_at], ['j', 'RUNNING', null]);
  });

  it('ends with the job what no event ended', () => {
    const stream = events(
      { type: 'job.started', time: 0, ...j, phases: [{ phase_id: 'A' }, { phase_id: 'B' }] },
      { type: 'phase.started', time: 1, ...p('A') },
      { type: 'job.failed', time: 3, ...j, error: { message: 'killed' } },
    );
    const phases = phaseRecords(job(fold(stream)));
    assert.deepEqual(
      phases.map((r) => [r.status, r.inferred]),
      [
        ['CANCELLED', true],
        ['SKIPPED', true],
      ],
    );
    assert.equal(jobRecord(job(fold(stream)), 0).error_count, 1);
  });

  it('calls a silent job stale, and takes it back at the next sign of life', () => {
    const stream = events({ type: 'job.started', time: 0, ...j });
    const stalled: Event = {
      type: 'job.stalled',
      id: 's',
      time: T0 + 700_000,
      job_id: 'j',
      silent_since: T0,
    };
    assert.equal(jobRecord(job(fold([...stream, stalled])), 0).status, 'STALE');
    const life = events({ type: 'job.progress', time: 800, ...j, progress: 0.5 });
    assert.equal(jobRecord(job(fold([...stream, stalled, ...life])), 0).status, 'RUNNING');
    assert.equal(jobRecord(job(fold([...stream, ...life, stalled])), 0).status, 'RUNNING');
  });

  it('keeps what it holds bounded, and says what was dropped', () => {
    const lines = Array.from({ length: 700 }, (_, i) => ({
      type: 'log.recorded',
      time: i,
      ...j,
      level: 'error',
      message: `m${i}`,
    }));
    const state = job(fold(events(...lines)));
    const record = jobRecord(state, 0);
    assert.equal(record.error_count, 700);
    assert.deepEqual(record.dropped, { error_lines: 200 });
    const samples = Array.from({ length: 5000 }, (_, i) => ({
      type: 'resource.sampled',
      time: i,
      ...j,
      cpu_percent: i % 100,
    }));
    assert.ok(job(fold(events(...samples.slice(0, 1000)))).samples.buckets.length <= 1000);
  });

  it('removes a job with its alerts', () => {
    const model = fold(STREAM);
    const touched = newTouched();
    model.apply(
      { seq: 99, received_at: T0, event: { type: 'job.removed', id: 'r', time: T0, job_id: 'j' } },
      touched,
    );
    assert.equal(model.jobs.size + model.alerts.size + model.alertsOfJob.size, 0);
    assert.deepEqual([...touched.removedJobs], ['j']);
    assert.equal(touched.removedAlerts.size, 1);
  });
});
