import assert from 'node:assert/strict';
import { type Page, allPages, read, refusal } from '../../../support/rest.ts';
import { call, send, useSharedService } from '../../../support/service.ts';

const GPU = 'gpu/eins ü&?#%2F';
const T0 = Date.now() - 30 * 60_000;
const at = (seconds: number) => ({ time: T0 + seconds * 1000 });

interface Task {
  task_id: string;
  worker_id: string | null;
  status: string;
}

/** Task i: submitted at i s, waits i s more, and ends, where it does, i * 10 ms after its start. */
function taskEvents(i: number): object[] {
  const ids = {
    task_id: `t/${i} ä`,
    job_id: `job-${i % 2}`,
    queue: i % 3 ? 'gpu-main' : 'rest',
    content_type: i % 2 ? 'pdf' : 'audio',
  };
  const worker_id = i % 4 ? GPU : 'cpu-1';
  const started = T0 + 2 * i * 1000;
  const events: object[] = [{ type: 'task.submitted', ...ids, ...at(i) }];
  if (i % 5 !== 0) events.push({ type: 'task.started', ...ids, worker_id, time: started });
  if (i % 5 === 2)
    events.push({
      type: 'task.failed',
      ...ids,
      worker_id,
      error: { message: 'no' },
      time: started + i * 10,
    });
  if (i % 5 > 2) events.push({ type: 'task.completed', ...ids, worker_id, time: started + i * 10 });
  return events;
}
const TASKS = 60;
const ids = (wanted: (i: number) => boolean) =>
  Array.from({ length: TASKS }, (_, i) => TASKS - 1 - i)
    .filter(wanted)
    .map((i) => `t/${i} ä`);

describe('the routes of workers, tasks and the rest of the domain', () => {
  const shared = useSharedService();

  before(async () => {
    const to = shared();
    await send(to, [
      { type: 'worker.registered', worker_id: GPU, kind: 'gpu', host: 'Rack-7', ...at(0) },
      { type: 'worker.registered', worker_id: 'cpu-1', kind: 'cpu', host: 'desk', ...at(0) },
      { type: 'worker.stopped', worker_id: 'cpu-1', ...at(1) },
      { type: 'worker.heartbeat', worker_id: GPU, cpu_percent: 41, gpu_percent: 88, ...at(2) },
      { type: 'queue.sampled', queue: 'gpu-main', kind: 'gpu', pending: 12, oldest_wait_ms: 900 },
      { type: 'prediction.recorded', model: 'm/1', absolute_error: 4, confidence: 0.5 },
      { type: 'model.baselined', model: 'm/1', mae: 2 },
      { type: 'request.recorded', endpoint: '/a', status_code: 500, duration_ms: 10 },
      { type: 'cache.sampled', cache: 'c', hits: 3, misses: 1, size_mb: 2 },
      { type: 'signal.counted', job_id: 'job-0', signal: 'retries', count: 4 },
      { type: 'signal.counted', job_id: 'job-1', signal: 'retries', count: 5 },
      { type: 'action.offered', action: 'retrain', title: 'Retrain', kind: 'retrain' },
      { type: 'optimization.answered', optimization_id: 'o1', outcome: 'applied', detail: 'more' },
      ...Array.from({ length: TASKS }, (_, i) => taskEvents(i)).flat(),
    ]);
  });

  interface Workers extends Page {
    workers: {
      worker_id: string;
      state: string;
      kind: string;
      completed_tasks: number;
      failed_tasks: number;
    }[];
  }

  describe('workers', () => {
    it('are listed and filtered by state, kind and text', async () => {
      const found = async (query: string) =>
        (await read<Workers>(shared(), `/api/v1/workers?${query}`)).workers.map(
          (one) => one.worker_id,
        );
      assert.deepEqual(await found(''), ['cpu-1', GPU]);
      assert.deepEqual(await found('state=online'), [GPU]);
      assert.deepEqual(await found('state=STOPPED,OFFLINE'), ['cpu-1']);
      assert.deepEqual(await found('kind=gpu,hybrid'), [GPU]);
      assert.deepEqual(await found('text=RACK'), [GPU]);
      assert.deepEqual(await found('text=cpu-'), ['cpu-1']);
      assert.deepEqual(await found('state=ONLINE&kind=cpu'), []);
    });

    it('have their counts from their tasks', async () => {
      const path = `/api/v1/workers/${encodeURIComponent(GPU)}`;
      const worker = await read<Workers['workers'][0]>(
        shared(),
        path,
        '/api/v1/workers/:worker_id',
      );
      assert.equal(worker.worker_id, GPU);
      const mine = (i: number) => i % 4 !== 0;
      assert.equal(worker.completed_tasks, ids((i) => mine(i) && i % 5 > 2).length);
      assert.equal(worker.failed_tasks, ids((i) => mine(i) && i % 5 === 2).length);
    });

    it('with slashes, percent signs and Unicode in their ids have their tasks in pages', async () => {
      const path = `/api/v1/workers/${encodeURIComponent(GPU)}/tasks`;
      const options = { name: 'tasks', limit: 7, pattern: '/api/v1/workers/:worker_id/tasks' };
      const tasks = await allPages<Task>(shared(), `${path}?status=FAILED`, options);
      assert.deepEqual(
        tasks.map(({ task_id }) => task_id),
        ids((i) => i % 4 !== 0 && i % 5 === 2),
      );
      assert.ok(tasks.every(({ worker_id }) => worker_id === GPU));
    });

    it('that nobody knows are answered 404, by name', async () => {
      for (const path of [
        '/api/v1/workers/no%2Fne',
        '/api/v1/workers/no%2Fne/tasks',
        '/api/v1/workers/__proto__',
      ])
        assert.deepEqual((await refusal(shared(), path)).code, 'WORKER_UNKNOWN', path);
      const { status, detail } = await refusal(shared(), '/api/v1/workers/no%2Fne');
      assert.equal(status, 404);
      assert.equal(detail, 'There is no worker "no/ne". GET /api/v1/workers lists them.');
    });
  });

  describe('tasks', () => {
    it('are listed newest first, each once over all pages', async () => {
      const tasks = await allPages<Task>(shared(), '/api/v1/tasks', { name: 'tasks', limit: 11 });
      assert.deepEqual(
        tasks.map(({ task_id }) => task_id),
        ids(() => true),
      );
    });

    it('are filtered by worker, job, queue, status, content type and time, before the limit', async () => {
      const cases: [query: string, wanted: (i: number) => boolean][] = [
        [`worker_id=${encodeURIComponent(GPU)}`, (i) => i % 4 !== 0 && i % 5 !== 0],
        ['job_id=job-1', (i) => i % 2 === 1],
        ['queue=gpu-main', (i) => i % 3 !== 0],
        ['content_type=pdf', (i) => i % 2 === 1],
        ['status=pending', (i) => i % 5 === 0],
        ['status=PROCESSING,FAILED', (i) => i % 5 === 1 || i % 5 === 2],
        [
          `from=${T0 + 10_000}&to=${new Date(T0 + 20_000).toISOString()}`,
          (i) => i >= 10 && i <= 20,
        ],
        [
          'queue=rest&status=COMPLETED&job_id=job-0',
          (i) => i % 3 === 0 && i % 5 > 2 && i % 2 === 0,
        ],
        ['queue=none', () => false],
      ];
      for (const [query, wanted] of cases) {
        const page = await read<Page & { tasks: Task[] }>(
          shared(),
          `/api/v1/tasks?limit=3&${query}`,
        );
        const expected = ids(wanted);
        assert.equal(page.total, expected.length, query);
        assert.deepEqual(
          page.tasks.map(({ task_id }) => task_id),
          expected.slice(0, 3),
          query,
        );
      }
    });

    it('are found by ids with slashes, with their times', async () => {
      const path = `/api/v1/tasks/${encodeURIComponent('t/14 ä')}`;
      const task = await read(shared(), path, '/api/v1/tasks/:task_id');
      const { status, wait_ms, processing_ms, total_ms, queue, worker_id } = task;
      assert.deepEqual(
        { status, wait_ms, processing_ms, total_ms, queue, worker_id },
        {
          status: 'COMPLETED',
          wait_ms: 14_000,
          processing_ms: 140,
          total_ms: 14_140,
          queue: 'gpu-main',
          worker_id: GPU,
        },
      );
      const { code, status: unknown } = await refusal(shared(), '/api/v1/tasks/none');
      assert.deepEqual([unknown, code], [404, 'TASK_UNKNOWN']);
    });
  });

  it('say how busy their workers were', async () => {
    const answer = await read<{ tasks: number; lanes: { worker_id: string; tasks: number }[] }>(
      shared(),
      '/api/v1/task-occupancy?job_id=job-1&bins=10&lanes=1',
    );
    const { tasks } = await read<{ tasks: Task[] }>(shared(), '/api/v1/tasks?job_id=job-1');
    const [lane] = answer.lanes;
    const mine = tasks.filter(({ worker_id }) => worker_id === lane?.worker_id);
    assert.deepEqual([answer.tasks, lane?.tasks], [tasks.length, mine.length]);
    const wrong = await refusal(shared(), '/api/v1/task-occupancy?bins=0');
    assert.deepEqual([wrong.status, wrong.field], [400, '/bins']);
  });

  it('every other list answers its records in pages', async () => {
    const only = async (path: string, name: string) => {
      const page = await read<Page & Record<string, Record<string, unknown>[]>>(shared(), path);
      assert.deepEqual(
        [page.total, page.truncated, page.next_cursor],
        [page[name]?.length, false, null],
      );
      return page[name] as Record<string, unknown>[];
    };
    const [gpu, rest, ...none] = await only('/api/v1/queues', 'queues');
    assert.deepEqual(none, []);
    assert.deepEqual([gpu?.['queue'], gpu?.['kind'], gpu?.['pending']], ['gpu-main', 'gpu', 12]);
    assert.equal(rest?.['tasks_pending'], ids((i) => i % 3 === 0 && i % 5 === 0).length);
    assert.equal((await only('/api/v1/models', 'models'))[0]?.['degradation_percent'], 100);
    assert.equal((await only('/api/v1/endpoints', 'endpoints'))[0]?.['error_rate_percent'], 100);
    assert.equal((await only('/api/v1/caches', 'caches'))[0]?.['hit_rate_percent'], 75);
    assert.deepEqual(await only('/api/v1/signals', 'signals'), [{ signal: 'retries', count: 9 }]);
    assert.equal((await only('/api/v1/actions', 'actions'))[0]?.['title'], 'Retrain');
    for (const path of ['/api/v1/optimizations', '/api/optimizations'])
      assert.equal((await only(path, 'optimizations'))[0]?.['outcome'], 'applied');
    const first = await read<Page>(shared(), '/api/v1/queues?limit=1');
    assert.deepEqual([first.total, first.truncated, first.next_cursor], [2, true, 'o1']);
  });

  it('refuse what they cannot read, naming the parameter', async () => {
    for (const [path, field] of [
      ['/api/v1/workers?state=GONE', '/state'],
      ['/api/v1/workers?kind=tpu', '/kind'],
      ['/api/v1/workers?status=ACTIVE', '/status'],
      ['/health?verbose=1', '/verbose'],
      ['/metrics/history?metric=zz', '/metric'],
      ['/api/v1/workers?limit=0', '/limit'],
      ['/api/v1/workers?cursor=5', '/cursor'],
      ['/api/v1/tasks?status=DONE', '/status'],
      ['/api/v1/tasks?from=yesterday', '/from'],
      ['/api/v1/tasks?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', '/from'],
      ['/api/v1/tasks?cursor=', '/cursor'],
      [`/api/v1/workers/${encodeURIComponent(GPU)}/tasks?status=x`, '/status'],
      ['/api/v1/queues?limit=1001', '/limit'],
      ['/api/v1/signals?limit=x', '/limit'],
    ] as const) {
      const problem = await refusal(shared(), path);
      assert.deepEqual(
        [problem.status, problem.code, problem.field],
        [400, 'QUERY_INVALID', field],
        path,
      );
      assert.match(problem.detail, /\.$/);
    }
    const unknown = await refusal(shared(), '/api/v1/queues?queue=gpu');
    assert.equal(unknown.detail, 'There is no query parameter "queue" here. Use limit, cursor.');
  });

  it('leave what they cannot know to pages and scrapes', async () => {
    for (const path of ['/?source=bookmark', '/metrics?collect=all'])
      assert.equal((await call(shared(), path)).status, 200, path);
  });
});
