import assert from 'node:assert/strict';
import type {
  PeriodStatistics,
  TaskRecord,
  WorkerRecord,
} from '../../../service/protocol/domain.ts';
import type { SeriesAnswer } from '../../../service/protocol/series.ts';
import { services } from '../../faults/support/service.ts';
import { refusal } from '../../support/rest.ts';
import {
  type Ack,
  call,
  post,
  send,
  useServices,
  useSharedService,
} from '../../support/service.ts';
import { useTempDir } from '../../support/tempDir.ts';
import { DAY, HOUR, MINUTE, type Peer, listAll, peerOf, peerOfChild } from './support.ts';

const config = { sampling: { host_interval_ms: 0 } };
const id = encodeURIComponent;

const metric = (name: string, labels: Record<string, string>, value = 1) => ({
  ...{ type: 'metric.recorded', name, value, labels },
});

describe('questions to the series that cannot be answered', () => {
  const shared = useSharedService(config);
  before(() => send(shared(), metric('m', {})));

  it('are refused with the field and what would be right', async () => {
    const now = Date.now();
    for (const [query, field, detail] of [
      [`metric=m&from=${now}&to=${now - HOUR}`, '/from', /after "to"\. Swap them/],
      [`metric=m&from=${now}&to=${now}`, '/from', /The range is empty.*Move them apart/],
      ['metric=m&range=1d&step=1s', '/step', /at most 2000 points.*Give at least 43200 ms/],
      ['metric=m&range=5m&step=0', '/step', /such as 10s, 15m/],
      ['metric=m&range=5m&step=NaN', '/step', /such as 10s, 15m/],
      ['metric=m&range=Infinity', '/range', /such as 10s, 15m/],
      [`metric=m&from=${now - 800 * DAY}&to=${now}`, '/from', /within the last 731 days/],
      [`metric=m&from=${now}&to=${now + 3 * DAY}`, '/to', /within the last 731 days or the next/],
      ['metric=m&from=1e999', '/from', /such as 2026-01-31T12:00:00Z/],
    ] as const) {
      const problem = await refusal(shared(), `/api/v1/series?${query}`);
      assert.deepEqual(
        [problem.status, problem.code, problem.field],
        [400, 'QUERY_INVALID', field],
      );
      assert.match(problem.detail, detail, query);
    }
    const unknown = await refusal(shared(), '/api/v1/series?metric=never');
    assert.deepEqual([unknown.status, unknown.code], [404, 'METRIC_UNKNOWN']);
  });

  it('with the smallest step that was named are answered', async () => {
    const response = await call(shared(), '/api/v1/series?metric=m&range=1d&step=43200ms');
    assert.equal(response.status, 200);
    const { series } = (await response.json()) as SeriesAnswer;
    assert.equal(series[0]?.points.length, 1);
  });
});

describe('values that are no numbers', () => {
  const shared = useSharedService(config);

  it('are refused, each with its place, and the others of the batch are taken', async () => {
    // JSON has no NaN: such a body is none.
    for (const value of ['NaN', 'Infinity', '-Infinity']) {
      const body = `{"type":"metric.recorded","name":"bad","value":${value}}`;
      const response = await post(shared(), body);
      const problem = (await response.json()) as { code: string; detail: string };
      assert.deepEqual([response.status, problem.code], [400, 'BODY_INVALID']);
      assert.match(problem.detail, /not valid JSON/);
    }
    const values = ['1', '1e999', '-1e999', '"NaN"', '"1"', 'null', '[1]', '2'];
    const list = values.map((value) => `{"type":"metric.recorded","name":"some","value":${value}}`);
    for (const [type, body] of [
      ['application/json', `[${list.join(',')}]`],
      ['application/x-ndjson', list.join('\n')],
    ] as const) {
      const response = await post(shared(), body, { type });
      const { accepted, rejected } = (await response.json()) as Ack;
      assert.deepEqual([response.status, accepted], [202, 2], type);
      assert.deepEqual(
        rejected.map(({ index, code, path }) => [index, code, path]),
        [1, 2, 3, 4, 5, 6].map((index) => [index, 'EVENT_INVALID', '/value']),
      );
      assert.ok(rejected.every(({ message }) => /"value".*a finite number/.test(message)));
    }
    const lines = await post(shared(), `${list[0]}\n${list[0]?.replace('1}', 'NaN}')}`, {
      type: 'application/x-ndjson',
    });
    const { accepted, rejected } = (await lines.json()) as Ack;
    assert.deepEqual([accepted, rejected.map(({ index }) => index)], [1, [1]]);
    const { series } = await peerOf(shared()).get<SeriesAnswer>(
      '/api/v1/series?metric=some&range=1h&aggregation=sum&step=2d',
    );
    assert.equal(series[0]?.points[0]?.[1], 7);
  });

  it('are refused in every field that is measured', async () => {
    for (const [event, path] of [
      [{ type: 'resource.sampled', cpu_percent: 'NaN' }, '/cpu_percent'],
      [{ type: 'worker.heartbeat', worker_id: 'w', latency_ms: -1 }, '/latency_ms'],
      [
        { type: 'request.recorded', endpoint: '/', status_code: 200, duration_ms: null },
        '/duration_ms',
      ],
      [{ type: 'queue.sampled', queue: 'q', pending: Number.MAX_VALUE }, '/pending'],
      [{ type: 'prediction.recorded', model: 'm', confidence: 1.5 }, '/confidence'],
    ] as const) {
      const ack = (await (await post(shared(), event)).json()) as Ack;
      assert.deepEqual(
        ack.rejected.map((one) => [one.code, one.path]),
        [['EVENT_INVALID', path]],
      );
    }
  });
});

describe('a metric with 100,000 label sets', () => {
  const start = services();
  const folder = useTempDir('explosion');

  it('is refused from the limit on and counted, costs little, and others go on', async () => {
    const child = await start(folder(), { env: {} });
    const peer = peerOfChild(child);
    await peer.post([metric('other', { a: 'b' })]);
    const batch = (from: number) =>
      Array.from({ length: 1000 }, (_, n) => metric('exploding', { run: `run-${from + n}` }));
    // What parsing costs once, whatever is refused.
    await peer.post(batch(0));
    await child.ask('POST', '/api/v1/events', JSON.stringify(batch(1000)));
    const before = child.memory().now;
    let refused = 0;
    for (let from = 1000; from < 100_000; from += 1000) {
      const { accepted, rejected } = await peer.post(batch(from));
      assert.equal(accepted, 0);
      const [first] = rejected;
      assert.deepEqual([first?.code, first?.path], ['SERIES_LIMIT', '/labels']);
      assert.match(first?.message ?? '', /"exploding".*Drop labels that differ with each run/);
      refused += rejected.length;
    }
    assert.equal(refused, 99_000);
    const grown = child.memory().now - before;
    assert.ok(grown < 100, `${grown} MB`);

    const exposed = await fetch(`${child.ready.url}/metrics`, {
      headers: { authorization: `Bearer ${child.tokens.admin}` },
    });
    const lines = await exposed.text();
    assert.match(lines, /^pipescope_\w+\{.*outcome="rejected".*\} 100000$/m);
    // At the door or behind it, each is counted once.
    assert.match(lines, /^pipescope_series_refused_total 100000$/m);

    // Label sets that are there, and other metrics, go on.
    const { rejected } = await peer.post([
      ...[metric('exploding', { run: 'run-7' }), metric('other', { a: 'c' })],
    ]);
    assert.deepEqual(rejected, []);
    const { metrics } = await peer.get<{ metrics: { metric: string; series: number }[] }>(
      '/api/v1/series/metrics?text=o',
    );
    const count = (name: string) => metrics.find((one) => one.metric === name)?.series;
    assert.deepEqual([count('exploding'), count('other')], [1000, 2]);
    const { total, series } = await peer.get<SeriesAnswer>(
      '/api/v1/series?metric=exploding&group_by=none&aggregation=count&range=1h&step=2d',
    );
    assert.deepEqual([total, series[0]?.points[0]?.[1]], [1, 1001]);
  }).timeout(60_000);
});

describe('label sets that come with other events', () => {
  const start = useServices();

  it('are counted where they find no place, and the events are taken', async () => {
    const service = await start({ config });
    for (let from = 0; from < 3000; from += 1000) {
      const events = Array.from({ length: 1000 }, (_, n) => ({
        ...{
          type: 'request.recorded',
          endpoint: `/user/${from + n}`,
          status_code: 200,
          duration_ms: 1,
        },
      }));
      await send(service, events);
    }
    const exposed = await (await call(service, '/metrics')).text();
    // Of each request its time and whether it failed: 1,000 of 3,000 endpoints have a place.
    assert.match(exposed, /^pipescope_series_refused_total 4000$/m);
  });
});

describe('clocks that are an hour wrong', () => {
  const shared = useSharedService({ ...config, worker_offline_ms: 30 * MINUTE });
  const now = Date.now();

  const behind = { worker_id: 'behind', cpu_percent: 11, time: now - HOUR };
  const ahead = { worker_id: 'ahead', cpu_percent: 22, time: now + HOUR };
  const task = (task_id: string, end: number) => [
    { type: 'task.submitted', task_id, queue: 'q', time: end - 3000 },
    { type: 'task.started', task_id, worker_id: task_id, time: end - 2000 },
    { type: 'task.completed', task_id, worker_id: task_id, time: end },
  ];

  // Files are read long before their tests run.
  let arrived = 0;
  before(async () => {
    arrived = Date.now();
    await send(shared(), [
      { type: 'worker.heartbeat', ...behind },
      { type: 'worker.heartbeat', ...ahead },
      ...task('behind', now - HOUR),
      ...task('ahead', now + HOUR),
    ]);
  });

  it('make no worker offline: it is heard of when its word arrives', async () => {
    // Longer than the service takes to look.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    for (const worker_id of ['behind', 'ahead']) {
      const worker = await peerOf(shared()).get<WorkerRecord>(`/api/v1/workers/${worker_id}`);
      assert.deepEqual([worker.state, worker.is_healthy], ['ONLINE', true]);
      const heard = Date.parse(worker.last_heartbeat ?? '');
      assert.ok(heard >= arrived && heard <= arrived + MINUTE, worker.last_heartbeat ?? '');
    }
  });

  it('put what they say into its own hour, of the statistics and of the series', async () => {
    const peer = peerOf(shared());
    for (const [name, time] of [
      ['behind', now - HOUR],
      ['ahead', now + HOUR],
    ] as const) {
      const hour = Math.floor(time / HOUR) * HOUR;
      const { statistics } = await peer.get<{ statistics: PeriodStatistics[] }>(
        `/api/v1/statistics/hourly?from=${hour}&to=${hour + HOUR - 1}`,
      );
      assert.deepEqual(
        statistics.map((one) => [one.from, one.tasks_completed, one.average_task_duration_ms]),
        [[new Date(hour).toISOString(), 1, 2000]],
        name,
      );
      for (const [asked, value] of [
        [`metric=task_processing_ms&label.worker_id=${name}`, 2000],
        [`metric=cpu_percent&label.worker_id=${name}`, name === 'behind' ? 11 : 22],
      ] as const) {
        const { series } = await peer.get<SeriesAnswer>(
          `/api/v1/series?${asked}&from=${now - 2 * HOUR}&to=${now + 2 * HOUR}&step=1h&aggregation=max`,
        );
        assert.deepEqual(
          series.map(({ points }) => points),
          [[[hour, value]]],
        );
      }
    }
  });
});

describe('ids of any text', () => {
  const shared = useSharedService(config);
  const IDS = [
    ...[
      'gpu/eins',
      '/',
      'a b',
      '100%',
      '%2F',
      '%',
      'ü€😀',
      '../../etc',
      '?x=1&y=2#z',
      'a+b',
      '"',
      "'",
    ],
    ...[
      '\\',
      'a=b,c=d',
      '__proto__',
      'constructor',
      ' ',
      'null',
      '0',
      'x'.repeat(256),
      'tab\there',
    ],
  ];

  before(() =>
    send(
      shared(),
      IDS.flatMap((text, n) => {
        const about = { task_id: text, worker_id: text, job_id: text, queue: text };
        return [
          { type: 'worker.registered', worker_id: text, kind: 'gpu', cpu_percent: n },
          { type: 'task.submitted', ...about },
          { type: 'task.started', ...about },
          { type: 'task.completed', ...about, output_bytes: n },
        ];
      }),
    ),
  );

  /** Every GET route that takes a worker or a task, by its path or by its query. */
  const routes = (name: 'worker_id' | 'task_id', text: string): string[] =>
    shared().service.routes.flatMap((route) => {
      if (route.method !== 'GET') return [];
      if (route.path.includes(`:${name}`)) return [route.path.replace(`:${name}`, id(text))];
      const asked = (route.query as { properties?: object } | undefined)?.properties ?? {};
      return name in asked ? [`${route.path}?${name}=${id(text)}`] : [];
    });

  it('find their worker and task in every route that takes them', async () => {
    const peer: Peer = peerOf(shared());
    assert.ok(routes('worker_id', 'w').length >= 3 && routes('task_id', 't').length >= 1);
    for (const [n, text] of IDS.entries()) {
      const worker = await peer.get<WorkerRecord>(`/api/v1/workers/${id(text)}`);
      assert.deepEqual(
        [worker.worker_id, worker.cpu_percent, worker.completed_tasks],
        [text, n, 1],
      );
      const task = await peer.get<TaskRecord>(`/api/v1/tasks/${id(text)}`);
      assert.deepEqual([task.task_id, task.output_bytes], [text, n]);
      for (const list of [
        `/api/v1/workers/${id(text)}/tasks`,
        ...['worker_id', 'job_id', 'queue'].map((name) => `/api/v1/tasks?${name}=${id(text)}`),
      ]) {
        const tasks = await listAll<TaskRecord>(peer, list, 'tasks');
        assert.deepEqual(
          tasks.map((one) => one.task_id),
          [text],
          list,
        );
      }
      for (const path of [...routes('worker_id', text), ...routes('task_id', text)])
        assert.ok(JSON.stringify(await peer.get(path)).includes(JSON.stringify(text)), path);
      const { series } = await peer.get<SeriesAnswer>(
        `/api/v1/series?metric=cpu_percent&label.worker_id=${id(text)}&range=1h&step=2d&aggregation=max`,
      );
      assert.deepEqual(
        series.map(({ labels, points }) => [labels['worker_id'], points[0]?.[1]]),
        [[text, n]],
      );
    }
  });

  it('that nobody knows are named as they are', async () => {
    for (const text of ['no/ne', 'n%', '😀?', 'toString'])
      for (const [path, code] of [
        [`/api/v1/workers/${id(text)}`, 'WORKER_UNKNOWN'],
        [`/api/v1/workers/${id(text)}/tasks`, 'WORKER_UNKNOWN'],
        [`/api/v1/tasks/${id(text)}`, 'TASK_UNKNOWN'],
      ] as const) {
        const problem = await refusal(shared(), path);
        assert.deepEqual([problem.status, problem.code], [404, code], path);
        assert.ok(problem.detail.includes(`"${text}"`), problem.detail);
      }
  });

  it('that are no text of an id are refused by name', async () => {
    for (const worker_id of ['', 'x'.repeat(257), 7, null, {}]) {
      const response = await post(shared(), { type: 'worker.heartbeat', worker_id });
      const { rejected } = (await response.json()) as Ack;
      assert.deepEqual([rejected[0]?.code, rejected[0]?.path], ['EVENT_INVALID', '/worker_id']);
    }
    const broken = await refusal(shared(), '/api/v1/workers/%E0%A4%A');
    assert.deepEqual([broken.status, broken.code], [404, 'ROUTE_UNKNOWN']);
  });
});
