import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TaskRecord, WorkerRecord } from '../../../service/protocol/domain.ts';
import type { PerformanceMetrics } from '../../../service/protocol/performance.ts';
import type { SeriesAnswer } from '../../../service/protocol/series.ts';
import { celeryToEvents } from '../../../service/ingest/celery.ts';
import { corpus, needsCorpus } from '../../support/corpus.ts';
import { eventually, startService, useServices } from '../../support/service.ts';
import { makeTempDir, removeTempDir } from '../../support/tempDir.ts';
import {
  DAY,
  HOUR,
  type Peer,
  answersOf,
  assertNear,
  assertSameAnswers,
  groupBy,
  listAll,
  peerOf,
  quantile,
  sendAll,
  shuffled,
  sumOf,
} from './support.ts';

interface Recorded {
  type: string;
  uuid?: string;
  name?: string;
  hostname: string;
  timestamp: number;
  runtime?: number;
}

const END = Math.floor(Date.now() / DAY) * DAY - HOUR;
const YESTERDAY = `from=${END + HOUR - DAY}&to=${END + HOUR - 1}`;
const config = { sampling: { host_interval_ms: 0 }, worker_offline_ms: 1000 };

/** The recording as it lies there, moved in time as a whole so that it ended at END. */
function recorded(file: string): Recorded[] {
  const events = readFileSync(corpus('celery', file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { event: Recorded }).event);
  const last = Math.max(...events.map(({ timestamp }) => timestamp));
  return events.map((event) => ({ ...event, timestamp: event.timestamp - last + END / 1000 }));
}

interface KnownTask {
  events: Recorded[];
  status: TaskRecord['status'];
  worker: string | null;
  name: string | undefined;
  processing_ms: number | null;
  retries: number;
}

const ms = (seconds: number) => Math.round(seconds * 1000);
const STATUS: Readonly<Record<string, TaskRecord['status']>> = {
  'task-started': 'PROCESSING',
  'task-retried': 'PENDING',
  'task-succeeded': 'COMPLETED',
  'task-failed': 'FAILED',
  'task-revoked': 'FAILED',
  'task-rejected': 'FAILED',
};

/** What the raw events say of each task: the newest word on it counts. */
function knownTasks(events: readonly Recorded[]): Map<string, KnownTask> {
  const ofTasks = events.filter(({ type }) => type.startsWith('task-'));
  const byTask = groupBy(ofTasks, ({ uuid = '' }) => uuid);
  return new Map(
    [...byTask].map(([uuid, own]) => {
      own.sort((a, b) => a.timestamp - b.timestamp);
      const of = (type: string) => own.filter((event) => event.type === type);
      const decisive = own.findLast(({ type }) => STATUS[type] !== undefined);
      const start = of('task-started').at(-1);
      const end = own.findLast(({ type }) => /^task-(succeeded|failed)$/.test(type));
      const known = {
        events: own,
        status: decisive ? (STATUS[decisive.type] ?? 'PENDING') : ('PENDING' as const),
        worker: (end ?? start)?.hostname ?? null,
        name: own.find(({ name }) => name !== undefined)?.name,
        processing_ms: start && end ? ms(end.timestamp) - ms(start.timestamp) : null,
        retries: of('task-retried').length,
      };
      return [uuid, known];
    }),
  );
}

const timesBy = (aggregation: string) =>
  `/api/v1/series?metric=task_processing_ms&${YESTERDAY}&step=1m&aggregation=${aggregation}&group_by=worker_id`;
const RECORDS = [
  '/api/v1/workers',
  '/api/v1/tasks?limit=1000',
  '/api/v1/queues',
  '/api/v1/statistics/hourly',
  '/api/v1/statistics/daily',
];
const QUESTIONS = [...RECORDS, ...['count', 'sum', 'p50', 'p95'].map(timesBy)];

describe('recorded Celery events, sent to a service', () => {
  needsCorpus('celery');

  describe('of a whole run', () => {
    let raw: Recorded[];
    let known: Map<string, KnownTask>;
    let peer: Peer;
    let stop: () => Promise<void>;
    let dataDir: string;
    const events = () => raw.flatMap(celeryToEvents) as object[];

    before(async () => {
      raw = recorded('events-run1.ndjson');
      known = knownTasks(raw);
      dataDir = makeTempDir('celery');
      const service = await startService({ dataDir, config });
      stop = () => service.stop();
      peer = peerOf(service);
      await sendAll(peer, events());
    });
    after(async () => {
      await stop?.();
      if (dataDir) removeTempDir(dataDir);
    });

    it('are its tasks, each in its state, with its retries and times', async () => {
      const tasks = await listAll<TaskRecord>(peer, '/api/v1/tasks', 'tasks');
      assert.deepEqual(tasks.map(({ task_id }) => task_id).sort(), [...known.keys()].sort());
      for (const task of tasks) {
        const one = known.get(task.task_id) ?? assert.fail();
        assert.deepEqual(
          [task.status, task.content_type, task.retry_count, task.processing_ms],
          [one.status, one.name ?? null, one.retries, one.processing_ms],
          task.task_id,
        );
        const told = one.events.find(({ type }) => type === 'task-succeeded')?.runtime;
        assert.equal(task.extra['runtime_ms'], told === undefined ? undefined : told * 1000);
      }
      for (const [status, own] of groupBy([...known.values()], (one) => one.status)) {
        const page = await peer.get<{ total: number }>(`/api/v1/tasks?limit=1&status=${status}`);
        assert.equal(page.total, own.length, status);
      }
    });

    it('are its workers, each with what it did', async () => {
      const workers = await listAll<WorkerRecord>(peer, '/api/v1/workers', 'workers');
      const names = new Set(raw.flatMap((e) => (e.type === 'worker-online' ? [e.hostname] : [])));
      assert.deepEqual(
        workers.map(({ worker_id }) => worker_id),
        [...names].sort(),
      );
      for (const worker of workers) {
        const own = [...known.values()].filter((one) => one.worker === worker.worker_id);
        const ended = own.filter(({ processing_ms }) => processing_ms !== null);
        assert.equal(
          worker.completed_tasks,
          own.filter(({ status }) => status === 'COMPLETED').length,
        );
        assert.equal(worker.total_processing_ms, sumOf(ended.map((one) => one.processing_ms ?? 0)));
      }
    });

    it('add up to totals and quantiles that are right to 1 %', async () => {
      const all = [...known.values()];
      const times = all.flatMap(({ processing_ms }) => processing_ms ?? []);
      const { totals } = await peer.get<PerformanceMetrics>('/api/metrics');
      const count = (status: string) => all.filter((one) => one.status === status).length;
      assert.deepEqual(
        [totals.tasks_completed, totals.tasks_failed, totals.tasks_retried],
        [count('COMPLETED'), count('FAILED'), sumOf(all.map(({ retries }) => retries))],
      );
      assert.ok(totals.tasks_retried > 0 && totals.tasks_failed > 0);
      for (const [aggregation, q, total] of [
        ['p50', 0.5, totals.p50_task_duration_ms],
        ['p95', 0.95, totals.p95_task_duration_ms],
        ['p99', 0.99, totals.p99_task_duration_ms],
      ] as const) {
        const { series } = await peer.get<SeriesAnswer>(
          `/api/v1/series?metric=task_processing_ms&${YESTERDAY}&step=1d&aggregation=${aggregation}&group_by=none`,
        );
        assertNear(series[0]?.points[0]?.[1], quantile(times, q), aggregation);
        assertNear(total, quantile(times, q), aggregation);
      }
    });

    it('are the same after a new start', async () => {
      await eventually(
        async () => (await peer.get<{ total: number }>('/api/v1/workers?state=ONLINE')).total === 0,
        'the silence of the last worker',
      );
      const before = await answersOf(peer, QUESTIONS);
      await stop();
      const again = await startService({ dataDir, config });
      stop = () => again.stop();
      peer = peerOf(again);
      assertSameAnswers(await answersOf(peer, QUESTIONS), before);
    });
  });

  describe('in any order', () => {
    const start = useServices();

    it('are the same tasks, workers, statistics and series', async () => {
      const events = recorded('events-run1.ndjson').flatMap(celeryToEvents) as object[];
      const answers: string[][] = [];
      for (const list of [events, shuffled(events, 5)]) {
        const peer = peerOf(await start({ config: { ...config, worker_offline_ms: HOUR } }));
        await sendAll(peer, list);
        // A point stays as it was made: where of two starts of a task the first is heard last, its time is another.
        answers.push(await answersOf(peer, [...RECORDS, timesBy('count')]));
      }
      assertSameAnswers(answers[1] ?? [], answers[0] ?? []);
    });
  });

  describe('of a run whose worker was killed', () => {
    const start = useServices();

    it('leave its tasks running, and the worker is offline after the time that is configured', async () => {
      const raw = recorded('events-run3-lost-tasks.ndjson');
      const known = [...knownTasks(raw)];
      const lost = known.filter(([, { status }]) => status === 'PROCESSING');
      assert.ok(lost.length > 0);
      const peer = peerOf(await start({ config }));
      await sendAll(peer, raw.flatMap(celeryToEvents) as object[]);

      const running = await listAll<TaskRecord>(peer, '/api/v1/tasks?status=PROCESSING', 'tasks');
      assert.deepEqual(
        running.map(({ task_id }) => task_id).sort(),
        lost.map(([uuid]) => uuid).sort(),
      );
      const waiting = await peer.get<{ total: number }>('/api/v1/tasks?status=PENDING&limit=1');
      assert.equal(waiting.total, known.filter(([, one]) => one.status === 'PENDING').length);

      const stopped = raw.filter((e) => e.type === 'worker-offline').map((e) => e.hostname);
      const workers = new Set(raw.map(({ hostname }) => hostname).filter((one) => /^w/.test(one)));
      const state = async (worker_id: string) =>
        peer.get<WorkerRecord>(`/api/v1/workers/${encodeURIComponent(worker_id)}`);
      for (const worker_id of workers) {
        if (stopped.includes(worker_id)) {
          assert.equal((await state(worker_id)).state, 'STOPPED');
          continue;
        }
        assert.equal((await state(worker_id)).state, 'ONLINE');
        const offline = await eventually(async () => {
          const worker = await state(worker_id);
          return worker.state === 'OFFLINE' ? worker : null;
        }, 'the worker goes offline');
        assert.match(offline.health_reason ?? '', /Nothing has been heard of it since/);
        const own = known.filter(([, one]) => one.worker === worker_id);
        assert.equal(
          offline.active_tasks,
          raw.findLast((e) => e.type === 'worker-heartbeat' && e.hostname === worker_id)?.[
            'active' as keyof Recorded
          ],
        );
        assert.equal(
          offline.completed_tasks,
          own.filter(([, { status }]) => status === 'COMPLETED').length,
        );
      }
      const after = await peer.get<{ total: number }>('/api/v1/tasks?status=PROCESSING&limit=1');
      assert.equal(after.total, lost.length);
    });
  });
});
