import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Domain } from '../../../service/core/domain/domain.ts';
import { findTask, taskRecords, workerRecords } from '../../../service/core/domain/queries.ts';
import { totals } from '../../../service/core/domain/statistics.ts';
import { Model } from '../../../service/core/fold.ts';
import { newTouched } from '../../../service/core/touched.ts';
import { celeryToEvents } from '../../../service/ingest/celery.ts';
import { parseEvents } from '../../../service/protocol/parse.ts';
import { corpus, needsCorpus } from '../../support/corpus.ts';

interface Recorded {
  type: string;
  uuid?: string;
  hostname: string;
  timestamp: number;
  [field: string]: unknown;
}

/** The recording as it lies there, without our code. */
function recorded(file: string): Recorded[] {
  const lines = readFileSync(join(corpus('celery'), file), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => (JSON.parse(line) as { event: Recorded }).event);
}

function folded(values: readonly unknown[]): Domain {
  const model = new Model();
  const seen = new Set<string>();
  for (const value of values.flatMap(celeryToEvents)) {
    const { events, rejected } = parseEvents([value], { now: 0, newId: () => 'made' });
    assert.deepEqual(rejected, []);
    for (const event of events) {
      // As the journal does.
      if (seen.has(event.id)) continue;
      seen.add(event.id);
      const seq = model.domain.folded_seq + 1;
      model.apply({ seq, received_at: event.time, event }, newTouched());
    }
  }
  assert.equal(model.jobs.size, 0);
  return model.domain;
}

const ms = (seconds: number) => Math.round(seconds * 1000);

/** Milliseconds from the last start to the first end after it, of tasks that have both; straight from the raw events. */
function processingTimes(events: readonly Recorded[]): Map<string, number> {
  const times = new Map<string, number>();
  const inOrder = [...events].sort((a, b) => a.timestamp - b.timestamp);
  const started = new Map<string, number>();
  for (const { type, uuid = '', timestamp } of inOrder) {
    if (type === 'task-started') started.set(uuid, ms(timestamp));
    const from = started.get(uuid);
    if (/^task-(succeeded|failed)$/.test(type) && from !== undefined)
      times.set(uuid, ms(timestamp) - from);
  }
  return times;
}

const idsOf = (events: readonly Recorded[], pattern: RegExp) =>
  new Set(events.filter(({ type }) => pattern.test(type)).map(({ uuid }) => uuid));

function quantile(sorted: readonly number[], q: number): number {
  const rank = q * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? NaN;
  return low + ((sorted[Math.ceil(rank)] ?? NaN) - low) * (rank % 1);
}

function assertNear(actual: number | null, expected: number): void {
  assert.ok(
    actual !== null && Math.abs(actual - expected) <= expected * 0.01,
    `${actual} for ${expected}`,
  );
}

describe('Celery events', () => {
  describe('of a whole run', () => {
    needsCorpus('celery');
    let raw: Recorded[];
    let domain: Domain;
    before(() => {
      raw = recorded('events-run1.ndjson');
      domain = folded(raw);
    });

    it('give as many tasks, successes, failures and retries as were recorded', () => {
      const all = totals(domain);
      const bad = idsOf(raw, /^task-(failed|revoked|rejected)$/);
      const good = idsOf(raw, /^task-succeeded$/);
      assert.equal(taskRecords(domain).length, idsOf(raw, /^task-/).size);
      assert.deepEqual(
        [all.tasks_completed, all.tasks_failed, all.tasks_retried, all.tasks_submitted],
        [
          good.size,
          bad.size,
          raw.filter(({ type }) => type === 'task-retried').length,
          idsOf(raw, /^task-(sent|received)$/).size,
        ],
      );
      for (const { task_id, status, error } of taskRecords(domain)) {
        assert.equal(status, good.has(task_id) ? 'COMPLETED' : 'FAILED');
        assert.equal(error !== null, bad.has(task_id));
      }
    });

    it('give each worker its own successes, failures and processing time', () => {
      const times = processingTimes(raw);
      const workers = workerRecords(domain);
      assert.deepEqual(
        workers.map((worker) => worker.worker_id),
        [...new Set(raw.filter((e) => e.type === 'worker-online').map((e) => e.hostname))].sort(),
      );
      for (const worker of workers) {
        const own = raw.filter(({ hostname }) => hostname === worker.worker_id);
        const ended = [...idsOf(own, /^task-(succeeded|failed)$/)];
        assert.equal(worker.completed_tasks, idsOf(own, /^task-succeeded$/).size);
        assert.equal(worker.failed_tasks, idsOf(own, /^task-failed$/).size);
        const sum = ended.reduce((total, id) => total + (times.get(id ?? '') ?? 0), 0);
        assert.equal(worker.total_processing_ms, sum);
        assert.equal(
          worker.state,
          own.some((e) => e.type === 'worker-offline') ? 'STOPPED' : 'ONLINE',
        );
      }
    });

    it('give the processing times, their sum and quantiles, and the runtime that Celery told', () => {
      const times = processingTimes(raw);
      for (const task of taskRecords(domain))
        assert.equal(task.processing_ms, times.get(task.task_id) ?? null, task.task_id);
      const sorted = [...times.values()].sort((a, b) => a - b);
      const all = totals(domain);
      const mean = sorted.reduce((sum, one) => sum + one, 0) / sorted.length;
      assert.equal(all.average_task_duration_ms, Math.round(mean * 1000) / 1000);
      assertNear(all.p50_task_duration_ms, quantile(sorted, 0.5));
      assertNear(all.p95_task_duration_ms, quantile(sorted, 0.95));
      assertNear(all.p99_task_duration_ms, quantile(sorted, 0.99));
      for (const { uuid = '', runtime } of raw.filter(({ type }) => type === 'task-succeeded'))
        assert.equal(findTask(domain, uuid)?.extra['runtime_ms'], (runtime as number) * 1000);
    });

    it('measure the wait from the sending to the newest start', () => {
      for (const { task_id, wait_ms } of taskRecords(domain)) {
        const own = raw.filter(({ uuid }) => uuid === task_id);
        const of = (pattern: RegExp) =>
          own.filter(({ type }) => pattern.test(type)).map(({ timestamp }) => ms(timestamp));
        const starts = of(/^task-started$/);
        const sent = Math.min(...of(/^task-(sent|received)$/));
        const expected = starts.length > 0 ? Math.max(...starts) - sent : null;
        assert.equal(wait_ms, expected === null ? null : Math.max(0, expected), task_id);
      }
    });

    it('change nothing when the recording is read twice, or backwards', () => {
      const plain = (of: Domain) =>
        JSON.stringify([taskRecords(of), workerRecords(of), totals(of)], (key, value: unknown) =>
          key === 'seq' ? undefined : value,
        );
      assert.equal(plain(folded([...raw, ...raw])), plain(domain));
      assert.equal(plain(folded([...raw].reverse())), plain(domain));
    });

    it('name the error of a failure by the last line of its traceback', () => {
      const failed = raw.filter(({ type }) => type === 'task-failed');
      for (const { uuid = '', traceback } of failed) {
        const error = findTask(domain, uuid)?.error;
        assert.ok(error);
        if (typeof traceback !== 'string' || traceback === '') continue;
        const last = traceback.trimEnd().split('\n').at(-1);
        assert.equal(
          error.type === error.message ? error.type : `${error.type}: ${error.message}`,
          last,
        );
      }
      const unregistered = failed.find(({ exception }) => /^NotRegistered/.test(String(exception)));
      assert.ok(unregistered?.uuid);
      assert.match(findTask(domain, unregistered.uuid)?.error?.type ?? '', /NotRegistered$/);
    });
  });

  describe('of a run whose worker was killed', () => {
    needsCorpus('celery');

    it('leave what it had begun PROCESSING, and what it had only received PENDING', () => {
      const raw = recorded('events-run3-lost-tasks.ndjson');
      const domain = folded(raw);
      const begun = idsOf(raw, /^task-started$/);
      const ended = idsOf(raw, /^task-(succeeded|failed|revoked)$/);
      const statuses = taskRecords(domain).map(({ task_id, status }) => [task_id, status]);
      const expected = [...idsOf(raw, /^task-/)].map((id) => [
        id,
        ended.has(id)
          ? idsOf(raw, /^task-succeeded$/).has(id)
            ? 'COMPLETED'
            : 'FAILED'
          : begun.has(id)
            ? 'PROCESSING'
            : 'PENDING',
      ]);
      assert.deepEqual(
        new Map(statuses as [string, string][]),
        new Map(expected as [string, string][]),
      );
      assert.ok(statuses.some(([, status]) => status === 'PROCESSING'));
      assert.equal(totals(domain).tasks_completed + totals(domain).tasks_failed, ended.size);
    });
  });

  it('are told apart from what is none', () => {
    assert.deepEqual(celeryToEvents({ type: 'task-progress', uuid: 'u' }), []);
    assert.deepEqual(celeryToEvents(7), [7]);
    assert.deepEqual(celeryToEvents({ type: 3 }), [{ type: 3 }]);
    const { rejected } = parseEvents(celeryToEvents({ type: 'task-started' }), {
      now: 0,
      newId: () => 'n',
    });
    assert.deepEqual(
      rejected.map(({ path }) => path),
      ['/task_id'],
    );
  });

  it('tell a time limit, a revoked and an expired task from other failures', () => {
    const base = { hostname: 'w@h', timestamp: 1_800_000_000, uuid: 'u' };
    const of = (fields: Record<string, unknown>) =>
      celeryToEvents({ ...base, ...fields })[0] as Record<string, unknown>;
    const limited = of({
      type: 'task-failed',
      exception: 'TimeLimitExceeded(3,)',
      traceback: null,
    });
    assert.equal(limited['timed_out'], true);
    assert.deepEqual(limited['error'], { message: '3,', type: 'TimeLimitExceeded' });
    const killed = of({
      type: 'task-failed',
      exception: 'ExceptionWithTraceback()',
      traceback: 'Traceback:\n  x\nbilliard.exceptions.WorkerLostError: signal 9 (SIGKILL)\n',
    });
    assert.equal((killed['error'] as Record<string, unknown>)['message'], 'signal 9 (SIGKILL)');
    const expired = of({ type: 'task-revoked', expired: true, terminated: false, signum: null });
    assert.equal(expired['worker_id'], undefined);
    assert.deepEqual(expired['error'], {
      message: 'The task expired before a worker began it.',
      type: 'Revoked',
    });
    const ended = of({ type: 'task-revoked', expired: false, terminated: true, signum: 15 });
    assert.equal(ended['worker_id'], 'w@h');
    assert.equal(of({ type: 'task-rejected', requeued: true })['type'], 'task.retried');
    assert.equal(of({ type: 'task-rejected', requeued: false })['type'], 'task.failed');
  });
});
