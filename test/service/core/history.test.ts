import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromDocument, toDocument } from '../../../service/core/document.ts';
import type { EndedPhase } from '../../../service/core/executions.ts';
import { Model } from '../../../service/core/fold.ts';
import {
  History,
  historyKeys,
  phaseHistory,
  recordPhase,
  recordTouched,
} from '../../../service/core/history.ts';
import { newTouched } from '../../../service/core/touched.ts';
import type { Event } from '../../../service/protocol/event.ts';
import { parseEvents } from '../../../service/protocol/parse.ts';

const T0 = Date.UTC(2026, 0, 5, 10, 0, 0);
type Raw = { type: string; time: number } & Record<string, unknown>;

/** `time` is seconds after T0. */
function events(values: Raw[]): Event[] {
  const raw = values.map((value, n) => ({ id: `e${n}`, ...value, time: T0 + value.time * 1000 }));
  const { events: parsed, rejected } = parseEvents(raw, { now: T0, newId: () => 'never' });
  assert.deepEqual(rejected, []);
  return parsed;
}

/** Folds the events, recording after every `every` of them, as the service does after each flush. */
function record(list: readonly Event[], { every = 1, limit = 100 } = {}): History {
  const model = new Model();
  const history = new History();
  let touched = newTouched();
  list.forEach((event, i) => {
    model.apply({ seq: i + 1, received_at: event.time, event }, touched);
    if (i % every !== 0 && i < list.length - 1) return;
    recordTouched({ jobs: model.jobs, domain: { history } }, touched, limit);
    touched = newTouched();
  });
  return history;
}

/** All that a history says, whatever the order in which its rows came up. */
function said(history: History): unknown {
  const rows = [...history.table.rows].sort(([a], [b]) => (a < b ? -1 : 1));
  return rows.map(([key, { left, ...row }]) => ({ key, ...row, left: left.length }));
}

function run(n: number, options: { fail?: boolean; pipeline?: string } = {}): Raw[] {
  const job = { job_id: `j${n}` };
  const a = { ...job, phase_id: 'A' };
  const at = n * 100;
  const { pipeline = 'nightly' } = options;
  return [
    { type: 'job.started', time: at, ...job, pipeline, phases: [{ phase_id: 'A', name: 'Read' }] },
    { type: 'phase.started', time: at + 1, ...a },
    { type: 'resource.sampled', time: at + 2, ...job, cpu_percent: 10 * n, memory_mb: 100 },
    { type: 'log.recorded', time: at + 2, ...a, level: 'warning', message: 'odd' },
    options.fail
      ? { type: 'phase.failed', time: at + 3 + n, ...a, error: { message: 'no' } }
      : { type: 'phase.completed', time: at + 3 + n, ...a, items_done: 7 },
    { type: 'job.completed', time: at + 20, ...job },
  ];
}

const shuffled = (list: readonly Event[]) =>
  fc.shuffledSubarray([...list], { minLength: list.length });

describe('history of phases', () => {
  it('tells what an execution took, newest first', () => {
    const history = record(events([...run(1), ...run(2, { fail: true })]));
    const [second, first] = phaseHistory({ history }, 'A');
    assert.deepEqual(first, {
      ...{ phase_id: 'A', pipeline: 'nightly', job_id: 'j1', attempt: 1, status: 'COMPLETED' },
      started_at: '2026-01-05T10:01:41.000Z',
      ended_at: '2026-01-05T10:01:44.000Z',
      execution_time_ms: 3000,
      ...{ cpu_percent: 10, memory_mb: 100, items_done: 7, error_count: 0, warning_count: 1 },
    });
    assert.deepEqual(
      [second?.job_id, second?.status, second?.execution_time_ms, second?.error_count],
      ['j2', 'FAILED', 4000, 1],
    );
    assert.deepEqual(historyKeys({ history }), [{ pipeline: 'nightly', phase_id: 'A' }]);
  });

  it('is the same for every order of the events and every size of a flush', () => {
    const list = events([
      ...run(1),
      ...run(2, { fail: true }),
      ...run(3, { pipeline: 'weekly' }),
      // A second attempt of the second job, and an end that corrects another.
      { type: 'job.started', time: 300, job_id: 'j2', attempt: 2 },
      { type: 'phase.started', time: 301, job_id: 'j2', phase_id: 'A' },
      { type: 'phase.completed', time: 305, job_id: 'j2', phase_id: 'A' },
      { type: 'job.completed', time: 306, job_id: 'j2' },
      { type: 'phase.completed', time: 107, job_id: 'j1', phase_id: 'A' },
      { type: 'phase.failed', time: 108, job_id: 'j1', phase_id: 'A', error: { message: 'late' } },
    ]);
    const expected = said(record(list, { every: list.length }));
    fc.assert(
      fc.property(shuffled(list), fc.integer({ min: 1, max: 5 }), (other, every) => {
        assert.deepStrictEqual(said(record(other, { every })), expected);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the newest of a limit in any order, and counts each execution once', () => {
    const list = events(Array.from({ length: 9 }, (_, n) => run(n, { fail: n % 3 === 0 })).flat());
    fc.assert(
      fc.property(shuffled(list), (other) => {
        const history = record(other, { limit: 4 });
        const row = history.table.get('["nightly","A"]');
        assert.deepEqual(
          row?.executions.map((one) => one.job_id),
          ['j5', 'j6', 'j7', 'j8'],
        );
        assert.deepEqual(row.counts, { COMPLETED: 6, FAILED: 3, SKIPPED: 0, CANCELLED: 0 });
      }),
      { numRuns: 200 },
    );
  });

  it('is cut at once when less is to be kept, and is then what it were with that limit from the start', () => {
    const list = events(Array.from({ length: 9 }, (_, n) => run(n, { fail: n % 3 === 0 })).flat());
    const history = record(list);
    history.table.takeDirtyPages();
    history.trim(100);
    assert.equal(history.table.isDirty, false);
    history.trim(4);
    assert.equal(history.table.isDirty, true);
    assert.deepEqual(said(history), said(record(list, { limit: 4 })));
  });

  it('has both attempts of a phase that failed and passed then, each with its own errors', () => {
    const a = { job_id: 'j', phase_id: 'A' };
    const history = record(
      events([
        { type: 'phase.started', time: 0, ...a },
        { type: 'phase.failed', time: 2, ...a, error: { message: 'no' } },
        { type: 'phase.started', time: 5, ...a },
        { type: 'phase.progress', time: 6, ...a, items_done: 3 },
        { type: 'phase.completed', time: 9, ...a },
      ]),
      { every: 9 },
    );
    assert.deepEqual(
      phaseHistory({ history }, 'A').map((one) => [
        ...[one.attempt, one.status, one.execution_time_ms, one.error_count, one.items_done],
      ]),
      [
        [2, 'COMPLETED', 4000, 0, 3],
        [1, 'FAILED', 2000, 1, null],
      ],
    );
  });

  it('leaves out what only the end of the job ended', () => {
    const history = record(
      events([
        { type: 'job.started', time: 0, job_id: 'j', phases: [{ phase_id: 'A' }] },
        { type: 'phase.started', time: 1, job_id: 'j', phase_id: 'B' },
        { type: 'job.completed', time: 2, job_id: 'j' },
      ]),
    );
    assert.deepEqual(historyKeys({ history }), []);
  });

  it('takes in a sample of the whole job that comes after the phase has ended', () => {
    const a = { job_id: 'j', phase_id: 'A' };
    const history = record(
      events([
        { type: 'phase.started', time: 0, ...a },
        { type: 'phase.completed', time: 2, ...a },
        { type: 'phase.started', time: 2.5, job_id: 'j', phase_id: 'B' },
        { type: 'resource.sampled', time: 1, job_id: 'j', cpu_percent: 40 },
        { type: 'resource.sampled', time: 3, job_id: 'j', cpu_percent: 90 },
      ]),
    );
    assert.equal(phaseHistory({ history }, 'A')[0]?.cpu_percent, 40);
  });

  it('does not know how long it took where the start is missing, and knows it when it comes', () => {
    const a = { job_id: 'j', phase_id: 'A' };
    const [end, start] = events([
      { type: 'phase.completed', time: 9, ...a },
      { type: 'phase.started', time: 4, ...a },
    ]) as [Event, Event];
    const [early] = phaseHistory({ history: record([end]) }, 'A');
    assert.deepEqual([early?.started_at, early?.execution_time_ms], [null, null]);
    const [late] = phaseHistory({ history: record([end, start]) }, 'A');
    assert.equal(late?.execution_time_ms, 5000);
  });

  it('outlives the job, and goes on with it when it is brought back from disk', () => {
    const list = events([...run(1), ...run(2)]);
    const model = new Model();
    const history = new History();
    const domain = { history };
    const feed = (event: Event, seq: number) => {
      const touched = newTouched();
      model.apply({ seq, received_at: event.time, event }, touched);
      recordTouched({ jobs: model.jobs, domain }, touched, 100);
    };
    list.forEach((event, i) => feed(event, i + 1));
    const stored = JSON.stringify(toDocument(model.jobs.get('j1') ?? assert.fail()));
    model.forgetJob('j1', newTouched());
    assert.equal(phaseHistory(domain, 'A').length, 2);
    model.jobs.set('j1', fromDocument(JSON.parse(stored)) ?? assert.fail());
    const late = { type: 'log.recorded', level: 'warning', message: 'late', time: 104 };
    feed(events([{ ...late, id: 'late', job_id: 'j1', phase_id: 'A' }])[0] ?? assert.fail(), 99);
    assert.deepEqual(
      phaseHistory(domain, 'A').map((one) => one.warning_count),
      [1, 2],
    );
    assert.equal(history.table.get('["nightly","A"]')?.counts.COMPLETED, 2);
  });

  it('keeps its pages clean when nothing new is said', () => {
    const list = events(run(1));
    const model = new Model();
    const history = new History();
    const touched = newTouched();
    list.forEach((event, i) => model.apply({ seq: i, received_at: 0, event }, touched));
    recordTouched({ jobs: model.jobs, domain: { history } }, touched, 100);
    assert.equal(history.table.takeDirtyPages().length, 1);
    recordTouched({ jobs: model.jobs, domain: { history } }, touched, 100);
    assert.equal(history.table.takeDirtyPages().length, 0);
  });

  it('goes on from stored pages as if it had never been stored', () => {
    const before = events([...run(1), ...run(2)]);
    const history = record(before);
    const restored = new History();
    for (const page of history.table.takeDirtyPages())
      restored.table.restorePage(
        page,
        JSON.parse(JSON.stringify(history.table.pageRows(page))) as ReturnType<
          typeof history.table.pageRows
        >,
      );
    const again: EndedPhase = {
      ...{ pipeline: 'renamed', phase_id: 'A', name: 'Read' },
      execution: { ...(history.table.get('["nightly","A"]')?.executions[0] ?? assert.fail()) },
    };
    for (const one of [history, restored]) recordPhase({ history: one }, again, 100);
    assert.deepEqual(said(restored), said(history));
    assert.deepEqual(
      phaseHistory({ history: restored }, 'A').map((one) => [one.job_id, one.pipeline]),
      [
        ['j2', 'nightly'],
        ['j1', 'renamed'],
      ],
    );
  });

  it('lets go of the phase that has not ended for the longest time when there are too many', () => {
    const history = new History(3);
    const ended = (phase_id: string, ended_at: number): EndedPhase => ({
      ...{ pipeline: 'p', phase_id, name: phase_id },
      execution: {
        ...{ job_id: 'j', attempt: 1, status: 'COMPLETED', started_at: 0, ended_at },
        ...{ cpu_percent: null, memory_mb: null, items_done: null },
        ...{ error_count: 0, warning_count: 0 },
      },
    });
    for (const [id, at] of [
      ['A', 10],
      ['B', 20],
      ['C', 30],
      ['A', 40],
      ['D', 50],
    ] as const)
      recordPhase({ history }, ended(id, at), 100);
    recordPhase({ history }, ended('E', 5), 100);
    const keys = historyKeys({ history }).map((key) => key.phase_id);
    assert.deepEqual([keys.sort(), history.table.refused], [['A', 'C', 'D'], 2]);
  });

  it('answers by pipeline, status and limit', () => {
    const list = [...run(1), ...run(2, { fail: true }), ...run(3, { pipeline: 'weekly' })];
    const domain = { history: record(events(list)) };
    const ids = (filter: object) => phaseHistory(domain, 'A', filter).map((one) => one.job_id);
    assert.deepEqual(ids({}), ['j3', 'j2', 'j1']);
    assert.deepEqual(ids({ limit: 2 }), ['j3', 'j2']);
    assert.deepEqual(ids({ pipeline: 'nightly' }), ['j2', 'j1']);
    assert.deepEqual(ids({ status: ['FAILED'] }), ['j2']);
    assert.deepEqual(phaseHistory(domain, 'Z'), []);
  });
});
