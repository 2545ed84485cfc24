import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Model } from '../../../../service/core/fold.ts';
import { signalTotals } from '../../../../service/core/domain/queries.ts';
import { isUntouched, newTouched } from '../../../../service/core/touched.ts';
import { answers, events, fold, foldInto, restored } from './support.ts';

const w = { worker_id: 'gpu/1 – Übung' };
const t = (task_id: string) => ({ task_id, queue: 'high', ...w });
const failure = { error: { message: 'out of memory', type: 'MemoryError' } };

/** Some of everything: tasks that are retried, lost, without start or end, in two hours. */
const STREAM = events(
  { type: 'worker.registered', time: 0, ...w, kind: 'gpu', host: 'box', rack: 7, active_tasks: 4 },
  { type: 'worker.heartbeat', time: 10, ...w, cpu_percent: 30.5, active_tasks: 1 },
  { type: 'worker.heartbeat', time: 20, ...w, cpu_percent: 60, labels: { zone: 'b' } },
  { type: 'worker.stopped', time: 15, worker_id: 'cpu' },
  { type: 'task.submitted', time: 1, task_id: 'a', queue: 'high', input_bytes: 10 },
  { type: 'task.started', time: 2, ...t('a'), content_type: 'pdf' },
  { type: 'task.completed', time: 5, ...t('a'), confidence: 0.9, output_bytes: 3, pages: 12 },
  { type: 'task.submitted', time: 1, task_id: 'b', queue: 'low' },
  { type: 'task.started', time: 3, ...t('b') },
  { type: 'task.failed', time: 4, ...t('b'), ...failure, timed_out: true },
  { type: 'task.retried', time: 6, task_id: 'b', ...failure },
  { type: 'task.started', time: 7, task_id: 'b', worker_id: 'cpu' },
  { type: 'task.completed', time: 3700, task_id: 'b', degraded: true },
  { type: 'task.failed', time: 8, ...t('c'), ...failure },
  { type: 'task.started', time: 3601, ...t('d') },
  { type: 'task.submitted', time: 3600, ...t('e') },
  { type: 'task.completed', time: 9, ...t('f') },
  { type: 'queue.sampled', time: 4, queue: 'high', kind: 'gpu', pending: 3, oldest_wait_ms: 70 },
  { type: 'queue.sampled', time: 5, queue: 'high', pending: 4 },
  { type: 'resource.sampled', time: 30, ...w, gpu_percent: 88 },
  { type: 'log.recorded', time: 31, ...w, level: 'error', message: 'xid 31' },
  { type: 'metric.recorded', time: 32, worker_id: 'third', name: 'm', value: 1 },
  {
    type: 'prediction.recorded',
    time: 1,
    model: 'm',
    absolute_error: 0.1,
    confidence: 0.3,
    r2: 0.8,
  },
  { type: 'prediction.recorded', time: 2, model: 'm', absolute_error: 0.2, r2: 0.9 },
  { type: 'prediction.recorded', time: 3, model: 'm', absolute_error: 0.3 },
  { type: 'model.baselined', time: 2, model: 'm', mae: 0.1 },
  {
    type: 'request.recorded',
    time: 1,
    endpoint: '/a',
    method: 'GET',
    status_code: 200,
    duration_ms: 0.1,
  },
  {
    type: 'request.recorded',
    time: 2,
    endpoint: '/a',
    method: 'POST',
    status_code: 503,
    duration_ms: 0.2,
    bytes: 9,
  },
  { type: 'request.recorded', time: 3, endpoint: '/a', status_code: 404, duration_ms: 0.3 },
  { type: 'cache.sampled', time: 2, cache: 'c', hits: 9, misses: 1, size_mb: 4.5 },
  { type: 'cache.sampled', time: 2, cache: 'c', hits: 10, misses: 1 },
  { type: 'queue.sampled', time: 5, queue: 'high', pending: 6 },
  { type: 'cache.sampled', time: 1, cache: 'c', hits: 8, misses: 1 },
  { type: 'signal.counted', time: 1, job_id: 'j', signal: 'dup', count: 3 },
  { type: 'signal.counted', time: 1, job_id: 'k', signal: 'dup' },
  { type: 'action.offered', time: 1, action: 'retrain', title: 'Retrain', params: { $map: [1] } },
  {
    type: 'action.offered',
    time: 2,
    action: 'retrain',
    title: 'Retrain it',
    params: { $map: [2] },
  },
  { type: 'optimization.answered', time: 1, optimization_id: 'o', outcome: 'applied' },
  {
    type: 'optimization.answered',
    time: 2,
    optimization_id: 'o',
    outcome: 'refused',
    detail: 'no',
  },
);

/** Events that tell something new each time they are counted; all others may come twice under one id. */
const COUNTED = /^(prediction|request|signal|log)\./;

describe('the domain', () => {
  it('gives the same records for every order of the same events', () => {
    const expected = answers(fold(STREAM).domain);
    fc.assert(
      fc.property(fc.shuffledSubarray([...STREAM], { minLength: STREAM.length }), (shuffled) => {
        assert.deepStrictEqual(answers(fold(shuffled).domain), expected);
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same records for every order of any part of the events, some of them repeated', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...STREAM]),
        fc.shuffledSubarray([...STREAM]),
        fc.infiniteStream(fc.nat()),
        (part, again, keys) => {
          const repeated = again.filter(
            (event) => part.includes(event) && !COUNTED.test(event.type),
          );
          const other = [...part, ...repeated]
            .map((event) => ({ event, key: keys.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ event }) => event);
          assert.deepStrictEqual(answers(fold(other).domain), answers(fold(part).domain));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('continues from stored tables as if they had never been stored, and skips what they hold', () => {
    const expected = answers(fold(STREAM).domain);
    for (let cut = 0; cut <= STREAM.length; cut++) {
      const model = restored(fold(STREAM.slice(0, cut)));
      STREAM.forEach((event, i) =>
        model.apply({ seq: i + 1, received_at: event.time, event }, newTouched()),
      );
      assert.deepStrictEqual(answers(model.domain), expected);
    }
  });

  it('tells of every record an event changed, and of nothing else', () => {
    const model = new Model();
    const touchedBy = (...values: Parameters<typeof events>) => {
      const { workers, tasks, queues } = foldInto(model, events(...values));
      return [[...workers], [...tasks], [...queues]];
    };
    assert.deepEqual(touchedBy({ type: 'task.submitted', time: 0, task_id: 't', queue: 'q' }), [
      [],
      ['t'],
      ['q'],
    ]);
    assert.deepEqual(touchedBy({ type: 'task.started', time: 0, task_id: 't', worker_id: 'w' }), [
      ['w'],
      ['t'],
      ['q'],
    ]);
    assert.deepEqual(touchedBy({ type: 'worker.heartbeat', time: 0, worker_id: 'w' }), [
      ['w'],
      [],
      [],
    ]);
    const none = foldInto(
      model,
      events({ type: 'cache.sampled', time: 0, cache: 'c', hits: 1, misses: 1 }),
    );
    assert.ok(isUntouched(none));
  });

  it('bounds every kind and counts what it refused', () => {
    const stream = Array.from({ length: 8 }, (_, n) => [
      { type: 'worker.heartbeat', time: n, worker_id: `w${n}` },
      { type: 'queue.sampled', time: n, queue: `q${n}`, pending: 1 },
      { type: 'prediction.recorded', time: n, model: `m${n}` },
      { type: 'request.recorded', time: n, endpoint: `e${n}`, status_code: 200, duration_ms: 1 },
      { type: 'cache.sampled', time: n, cache: `c${n}`, hits: 1, misses: 1 },
      { type: 'signal.counted', time: n, job_id: 'j', signal: `s${n}` },
      { type: 'action.offered', time: n, action: `a${n}`, title: 'A' },
      { type: 'optimization.answered', time: n, optimization_id: `o${n}`, outcome: 'applied' },
    ]).flat();
    const { domain } = fold(events(...stream.map((event, n) => ({ id: `x${n}`, ...event }))), {
      limits: { workers: 5, others: 6 },
    });
    assert.deepEqual(domain.dropped(), {
      workers: 3,
      queues: 2,
      models: 2,
      endpoints: 2,
      caches: 2,
      signals: 2,
      actions: 2,
      optimizations: 2,
    });
    assert.equal(Object.keys(signalTotals(domain)).length, 6);
  });

  it('folds what belongs to a job whose stored state already holds it', () => {
    const model = fold(events({ type: 'signal.counted', time: 0, job_id: 'j', signal: 's' }));
    const job = model.jobs.get('j');
    assert.ok(job);
    job.folded_seq = 100;
    foldInto(
      model,
      events({ type: 'signal.counted', time: 1, job_id: 'j', signal: 's', count: 4 }),
    );
    assert.equal(job.signals.get('s'), 1);
    assert.deepEqual(signalTotals(model.domain), { s: 5 });
  });
});
