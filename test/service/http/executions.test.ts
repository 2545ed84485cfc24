import assert from 'node:assert/strict';
import { FormatRegistry } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { executionRoutes } from '../../../service/http/routes/executions.ts';
import { graphRoutes } from '../../../service/http/routes/graph.ts';
import { historyRoutes } from '../../../service/http/routes/history.ts';
import { pipelineRoutes } from '../../../service/http/routes/pipeline.ts';
import { stageRoutes } from '../../../service/http/routes/stages.ts';
import type { PhaseExecution, PhaseTrend } from '../../../service/protocol/domain.ts';
import type { JobRecord, JobSnapshot, PhaseRecord } from '../../../service/protocol/record.ts';
import type {
  ExecutionStatistics,
  GraphEdge,
  GraphNode,
  StageMetrics,
  StageSummary,
} from '../../../service/protocol/stages.ts';
import {
  type TestService,
  call,
  eventually,
  getJson,
  send,
  useServices,
  useSharedService,
} from '../../support/service.ts';

FormatRegistry.Set(
  'date-time',
  (text) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text)),
);

const T0 = Date.parse('2026-03-01T10:00:00Z');
const at = (seconds: number) => ({ time: T0 + seconds * 1000 });
const EXECUTIONS = '/api/pipeline/executions';

interface Page {
  total: number;
  next_cursor: string | null;
  truncated: boolean;
}

/** A run of `load`, then `train` (n seconds long), then `check` beside `report`. Nothing is declared. */
function nightly(n: number, end: 'completed' | 'failed' = 'completed'): object[] {
  const job = { job_id: `night-${n}` };
  const begin = n * 1000;
  const phase = (phase_id: string, from: number, to: number, type = 'completed') => [
    { type: 'phase.started', ...job, phase_id, ...at(begin + from) },
    {
      ...{ type: `phase.${type}`, ...job, phase_id, ...at(begin + to) },
      ...(type === 'failed' ? { error: { message: 'no space' } } : { items_done: 10 }),
    },
  ];
  return [
    {
      ...{ type: 'job.started', ...job, name: `Night ${n}`, pipeline: 'nightly' },
      kind: 'batch',
      ...at(begin),
    },
    ...phase('load', 1, 2),
    ...phase('train', 2, 2 + n),
    {
      type: 'resource.sampled',
      ...job,
      phase_id: 'train',
      cpu_percent: 10 * n,
      memory_mb: 100,
      ...at(begin + 2.5),
    },
    ...phase('check', 2 + n, 10 + n, end),
    ...phase('report', 3 + n, 12 + n),
    { type: `job.${end}`, ...job, ...at(begin + 20) },
  ];
}

const WEEKLY: object[] = [
  {
    ...{ type: 'job.started', job_id: 'week', name: 'Week', pipeline: 'weekly', ...at(90_000) },
    phases: [
      { phase_id: 'load', name: 'Load all' },
      { phase_id: 'join', depends_on: ['load', 'elsewhere', 'load'] },
      { phase_id: 'send', depends_on: ['join'] },
    ],
  },
  { type: 'phase.started', job_id: 'week', phase_id: 'load', ...at(90_001) },
  { type: 'phase.completed', job_id: 'week', phase_id: 'load', ...at(90_005) },
  { type: 'phase.started', job_id: 'week', phase_id: 'join', ...at(90_006) },
];

async function refused(from: TestService, path: string): Promise<[number, string, string]> {
  const response = await call(from, path);
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/, path);
  const { code, errors, detail } = (await response.json()) as {
    code: string;
    detail: string;
    errors?: { path: string }[];
  };
  return [response.status, code, errors?.[0]?.path ?? detail];
}

describe('phase history over HTTP', () => {
  const shared = useSharedService();
  const get = <T>(path: string) => getJson<T>(shared(), path);
  const HISTORY = '/api/v1/monitoring/phases/train/history';
  const TRENDS = '/api/v1/monitoring/phases/train/trends';

  before(async () => {
    // Later ones first, and each run's events backwards.
    for (let n = 25; n >= 1; n--)
      await send(shared(), nightly(n, n % 5 ? 'completed' : 'failed').reverse());
    await send(shared(), WEEKLY);
    await eventually(
      async () => (await get<Page>(`${HISTORY}?limit=1`)).total === 25,
      'The history of all runs',
    );
  });

  it('gives the newest executions with their time, resources and errors', async () => {
    const page = await get<Page & { phase_id: string; history: PhaseExecution[] }>(
      `${HISTORY}?limit=10`,
    );
    assert.deepEqual([page.phase_id, page.total, page.truncated], ['train', 25, true]);
    assert.deepEqual(
      page.history.map((one) => [one.job_id, one.execution_time_ms]),
      Array.from({ length: 10 }, (_, i) => [`night-${25 - i}`, (25 - i) * 1000]),
    );
    assert.deepEqual(page.history[0], {
      ...{ phase_id: 'train', pipeline: 'nightly', job_id: 'night-25', attempt: 1 },
      ...{ status: 'COMPLETED', started_at: '2026-03-01T16:56:42.000Z' },
      ...{ ended_at: '2026-03-01T16:57:07.000Z', execution_time_ms: 25_000 },
      ...{ cpu_percent: 250, memory_mb: 100, items_done: 10, error_count: 0, warning_count: 0 },
    });
  });

  it('gives every execution once over its pages, and filters before the limit', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await get<Page & { history: PhaseExecution[] }>(`${HISTORY}?limit=7${from}`);
      seen.push(...page.history.map((one) => one.job_id));
      cursor = page.next_cursor;
    }
    assert.deepEqual([seen.length, new Set(seen).size], [25, 25]);
    const checks = '/api/v1/monitoring/phases/check/history';
    for (const [query, total] of [
      ['status=FAILED', 5],
      ['status=failed,completed', 25],
      ['status=SKIPPED', 0],
      ['pipeline=nightly&status=completed', 20],
    ] as const)
      assert.equal((await get<Page>(`${checks}?limit=2&${query}`)).total, total, query);
    const loads = '/api/v1/monitoring/phases/load/history';
    assert.equal((await get<Page>(loads)).total, 26);
    assert.equal((await get<Page>(`${loads}?pipeline=weekly`)).total, 1);
  });

  it('gives the trend of each metric, of the execution time where none is named', async () => {
    const seconds = Array.from({ length: 20 }, (_, i) => 6 + i);
    const trend = await get<PhaseTrend>(TRENDS);
    assert.deepEqual(trend, {
      ...{ phase_id: 'train', metric: 'execution_time', unit: 'ms', count: 25, avg: 13_000 },
      ...{ min: 1000, max: 25_000, p50: 13_000, p95: trend.p95, direction: 'rising' },
      trend: seconds.map((n) => n * 1000),
    });
    assert.ok(Math.abs((trend.p95 ?? 0) - 23_800) < 1e-6);
    const cpu = await get<PhaseTrend>(`${TRENDS}?metric=cpu_usage`);
    assert.deepEqual([cpu.unit, cpu.max, cpu.trend], ['percent', 250, seconds.map((n) => n * 10)]);
    const memory = await get<PhaseTrend>(`${TRENDS}?metric=memory_usage`);
    assert.deepEqual([memory.avg, memory.direction], [100, 'steady']);
    const errors = await get<PhaseTrend>(
      '/api/v1/monitoring/phases/check/trends?metric=error_count',
    );
    assert.deepEqual([errors.count, errors.avg, errors.max, errors.unit], [25, 0.2, 1, 'errors']);
  });

  it('refuses unknown phases, pipelines, metrics and statuses, naming what would be right', async () => {
    for (const path of [
      '/api/v1/monitoring/phases/none/history',
      '/api/v1/monitoring/phases/none/trends',
      '/api/v1/monitoring/phases/__proto__/trends',
      `${HISTORY}?pipeline=weekly`,
      '/api/pipeline/stages/none/metrics',
      '/api/pipeline/stages/train/metrics?pipeline=weekly',
      '/api/pipeline/stages/none/history',
    ]) {
      const [status, code, detail] = await refused(shared(), path);
      assert.deepEqual([status, code], [404, 'PHASE_HISTORY_UNKNOWN'], path);
      assert.match(detail, /No execution of phase .* has ended yet/);
    }
    for (const [path, field] of [
      [`${TRENDS}?metric=speed`, '/metric'],
      [`${TRENDS}?status=running`, '/status'],
      [`${HISTORY}?limit=0`, '/limit'],
      [`${HISTORY}?cursor=x`, '/cursor'],
      [`${EXECUTIONS}?status=GOOD`, '/status'],
      [`${EXECUTIONS}?from=yesterday`, '/from'],
      [`${EXECUTIONS}?kind=batch&job_type=etl`, '/kind'],
      [`${EXECUTIONS}?colour=red`, '/colour'],
      [`${EXECUTIONS}?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z`, '/from'],
      [`${EXECUTIONS}/week/stages?status=GOOD`, '/status'],
      ['/api/pipeline/metrics/summary?to=later', '/to'],
      ['/api/pipeline/stages/metrics?limit=2000', '/limit'],
    ] as const)
      assert.deepEqual(await refused(shared(), path), [400, 'QUERY_INVALID', field], path);
    const response = await call(shared(), `${TRENDS}?metric=speed`);
    assert.match(await response.text(), /execution_time, memory_usage, cpu_usage, error_count/);
  });

  it('answers each route in the shape that its table says', async () => {
    const { monitor } = shared().service;
    const routes = [historyRoutes, executionRoutes, stageRoutes, pipelineRoutes, graphRoutes];
    const all = routes.flatMap((of) => of(monitor));
    assert.equal(all.length, 13);
    for (const { path, response } of all) {
      const answer = await get(path.replace(':job_id', 'night-5').replace(':phase_id', 'check'));
      const wrong = Value.Errors(response, answer).First();
      assert.equal(wrong, undefined, `${path}${wrong?.path}: ${wrong?.message}`);
    }
  });

  describe('executions', () => {
    it('are filtered by status, pipeline, kind, text and time, with figures over all that match', async () => {
      for (const [query, total] of [
        ['', 26],
        ['status=FAILED', 5],
        ['status=running', 1],
        ['pipeline=nightly', 25],
        ['kind=batch&status=completed', 20],
        ['type=batch&status=completed', 20],
        ['job_type=batch&status=completed', 20],
        ['job_type=none', 0],
        ['text=night%202', 7],
        [`from=${T0 + 20_000_000}&to=${T0 + 23_000_000}`, 4],
      ] as const) {
        const page = await get<Page & { executions: JobRecord[]; statistics: ExecutionStatistics }>(
          `${EXECUTIONS}?limit=3&${query}`,
        );
        assert.deepEqual([page.total, page.executions.length], [total, Math.min(3, total)], query);
        assert.equal(page.statistics.executions_total, total, query);
      }
      const { statistics } = await get<{ statistics: ExecutionStatistics }>(
        `${EXECUTIONS}?pipeline=nightly`,
      );
      assert.deepEqual(
        [statistics.success_rate_percent, statistics.failure_rate_percent],
        [80, 20],
      );
      assert.deepEqual(
        [statistics.average_duration_ms, statistics.min_duration_ms, statistics.p95_duration_ms],
        [20_000, 20_000, 20_000],
      );
      assert.deepEqual(
        [statistics.by_status['COMPLETED'], statistics.by_status['FAILED']],
        [20, 5],
      );
    });

    it('that are active are those that have not ended', async () => {
      const page = await get<Page & { executions: JobRecord[] }>(`${EXECUTIONS}/active`);
      assert.deepEqual(
        page.executions.map((job) => job.job_id),
        ['week'],
      );
      assert.equal(page.executions[0]?.current_phase?.phase_id, 'join');
      assert.equal((await get<Page>(`${EXECUTIONS}/active?pipeline=nightly`)).total, 0);
    });

    it('have their stages, errors and timeline, the same records as elsewhere', async () => {
      const detail = await get<JobSnapshot>(`${EXECUTIONS}/night-5`);
      assert.deepEqual(detail, await get('/api/v1/monitoring/jobs/night-5/snapshot'));
      assert.equal(detail.phases.find((phase) => phase.phase_id === 'check')?.errors.length, 1);
      const stages = await get<Page & { job_id: string; stages: PhaseRecord[] }>(
        `${EXECUTIONS}/night-5/stages`,
      );
      assert.equal(stages.job_id, 'night-5');
      assert.deepEqual(
        stages.stages.map((stage) => [stage.phase_id, stage.status, stage.execution_time_ms]),
        [
          ['load', 'COMPLETED', 1000],
          ['train', 'COMPLETED', 5000],
          ['check', 'FAILED', 8000],
          ['report', 'COMPLETED', 9000],
        ],
      );
      const failed = await get<Page>(`${EXECUTIONS}/night-5/stages?status=failed`);
      assert.equal(failed.total, 1);
    });

    it('that nobody knows are said to be unknown', async () => {
      for (const path of [
        `${EXECUTIONS}/none`,
        `${EXECUTIONS}/none/stages`,
        '/api/pipeline/dependency-graph?job_id=none',
      ])
        assert.deepEqual((await refused(shared(), path)).slice(0, 2), [404, 'JOB_UNKNOWN'], path);
    });
  });

  describe('stages', () => {
    it('have figures for each pipeline, and over all', async () => {
      const { stages, total } = await get<Page & { stages: StageMetrics[] }>(
        '/api/pipeline/stages/metrics?pipeline=nightly',
      );
      assert.deepEqual(
        [total, stages.map((one) => one.phase_id)],
        [4, ['check', 'load', 'report', 'train']],
      );
      const [check] = stages;
      assert.deepEqual(check, {
        ...{
          phase_id: 'check',
          name: 'check',
          pipeline: 'nightly',
          pipelines_total: 1,
          running: 0,
        },
        ...{ executions_total: 25, completed_total: 20, failed_total: 5, skipped_total: 0 },
        ...{ cancelled_total: 0, success_rate_percent: 80, failure_rate_percent: 20 },
        ...{ executions_kept: 25, average_execution_time_ms: 8000, min_execution_time_ms: 8000 },
        ...{
          max_execution_time_ms: 8000,
          p50_execution_time_ms: 8000,
          p95_execution_time_ms: 8000,
        },
        ...{ average_cpu_percent: null, max_cpu_percent: null, average_memory_mb: null },
        ...{ max_memory_mb: null, error_count: 5, warning_count: 0 },
        // 25 of them in 24 times 1,000 s, and 32 s for what the last took longer to come to its end.
        executions_per_hour: 0,
        ...{ last_status: 'FAILED', last_ended_at: '2026-03-01T16:57:15.000Z' },
      });
      const merged = await get<Page & { stages: StageMetrics[] }>('/api/pipeline/metrics/stages');
      const load = merged.stages.find((one) => one.phase_id === 'load');
      assert.deepEqual(
        [merged.total, load?.pipeline, load?.pipelines_total, load?.executions_total, load?.name],
        [4, null, 2, 26, 'Load all'],
      );
    });

    it('of one name have their figures and history', async () => {
      const load = await get<StageMetrics & { pipelines: StageMetrics[] }>(
        '/api/pipeline/stages/load/metrics',
      );
      assert.deepEqual(
        load.pipelines.map((one) => [
          one.pipeline,
          one.executions_total,
          one.p50_execution_time_ms,
        ]),
        [
          ['weekly', 1, 4000],
          ['nightly', 25, 1000],
        ],
      );
      assert.equal(load.executions_total, 26);
      const only = await get<StageMetrics>('/api/pipeline/stages/load/metrics?pipeline=nightly');
      assert.deepEqual([only.pipeline, only.executions_total], ['nightly', 25]);
      const history = await get<Page & { history: PhaseExecution[] }>(
        '/api/pipeline/stages/train/history?limit=2',
      );
      assert.deepEqual(history, await get(`${HISTORY}?limit=2`));
    });

    it('are found by the name that people see as well', async () => {
      for (const part of ['metrics', 'history'])
        assert.deepEqual(
          await get(`/api/pipeline/stages/Load%20all/${part}`),
          await get(`/api/pipeline/stages/load/${part}`),
        );
      const [status] = await refused(shared(), '/api/pipeline/stages/Load%20none/metrics');
      assert.equal(status, 404);
    });

    it('count what runs now', async () => {
      const state = await get<Record<string, unknown> & { stages: PhaseRecord[] }>(
        '/api/pipeline/state',
      );
      assert.deepEqual(
        [
          state['state'],
          state['executions_total'],
          state['executions_active'],
          state['stages_running'],
        ],
        ['running', 26, 1, 1],
      );
      assert.deepEqual(
        state.stages.map((one) => [one.job_id, one.phase_id, one.index]),
        [['week', 'join', 1]],
      );
      const idle = await get<Record<string, unknown>>('/api/pipeline/state?pipeline=nightly');
      assert.deepEqual([idle['state'], idle['stages_running']], ['idle', 0]);
    });

    it('and executions are summed up, of all times or of a range', async () => {
      type Summary = {
        executions: ExecutionStatistics;
        stages: StageSummary;
        stages_running: number;
      };
      const all = await get<Summary>('/api/pipeline/metrics/summary');
      assert.deepEqual(
        [all.executions.executions_total, all.stages.executions_kept, all.stages_running],
        [26, 101, 1],
      );
      assert.deepEqual(all.stages.slowest[0], {
        ...{ pipeline: 'nightly', phase_id: 'train', name: 'train' },
        average_execution_time_ms: 13_000,
      });
      assert.equal(all.stages.executions_last_day, 0);
      const part = await get<Summary>(
        `/api/pipeline/metrics/summary?pipeline=nightly&from=${T0 + 1_000_000}&to=${T0 + 2_999_000}`,
      );
      assert.deepEqual(
        [part.executions.executions_total, part.stages.executions_kept, part.stages.stages_total],
        [2, 8, 4],
      );
    });
  });

  describe('dependency graph', () => {
    interface Graph {
      pipelines: { pipeline: string; job_id: string | null }[];
      nodes: GraphNode[];
      edges: GraphEdge[];
      has_cycle: boolean;
      total: number;
    }
    const edgesOf = (graph: Graph) =>
      graph.edges.map((edge) => `${edge.from}>${edge.to} ${edge.kind} ${edge.runs ?? ''}`.trim());

    it('is what is declared, with what is named and nobody knows', async () => {
      const graph = await get<Graph>('/api/pipeline/dependency-graph?pipeline=weekly');
      assert.deepEqual(edgesOf(graph), [
        'load>join declared',
        'elsewhere>join declared',
        'join>send declared',
      ]);
      assert.deepEqual(
        graph.nodes.map((one) => [one.phase_id, one.known, one.status, one.executions_total]),
        [
          ['load', true, 'COMPLETED', 1],
          ['join', true, 'RUNNING', 0],
          ['send', true, 'PENDING', 0],
          ['elsewhere', false, null, 0],
        ],
      );
      assert.equal(graph.has_cycle, false);
    });

    it('is what the runs show where nothing is declared', async () => {
      const graph = await get<Graph>('/api/pipeline/dependency-graph?pipeline=nightly');
      assert.deepEqual(edgesOf(graph), [
        'load>train observed 20',
        'train>check observed 20',
        'train>report observed 20',
      ]);
      const check = graph.nodes.find((one) => one.phase_id === 'check');
      assert.deepEqual(
        [check?.average_execution_time_ms, check?.last_status, check?.success_rate_percent],
        [8000, 'FAILED', 80],
      );
    });

    it('is of all pipelines, or of one job', async () => {
      const all = await get<Graph>('/api/pipeline/dependency-graph');
      assert.deepEqual(all.pipelines, [
        { pipeline: 'weekly', job_id: 'week' },
        { pipeline: 'nightly', job_id: 'night-25' },
      ]);
      assert.deepEqual([all.total, all.nodes.length, all.edges.length], [2, 8, 6]);
      const one = await get<Graph>('/api/pipeline/dependency-graph?job_id=night-3');
      assert.deepEqual(one.pipelines, [{ pipeline: 'nightly', job_id: 'night-3' }]);
      const none = await get<Graph>('/api/pipeline/dependency-graph?pipeline=none');
      assert.deepEqual([none.total, none.nodes], [0, []]);
    });
  });
});

describe('phase history of a service', () => {
  const start = useServices();

  it('is there after a restart, and when the job is removed', async () => {
    const first = await start({ config: { retention: { phase_history: 3 } } });
    for (let n = 1; n <= 5; n++) await send(first, nightly(n));
    const path = '/api/v1/monitoring/phases/train/history';
    const jobs = async (from: TestService) => {
      const response = await call(from, path);
      if (!response.ok) return '';
      const { history } = (await response.json()) as { history: PhaseExecution[] };
      return history.map((one) => one.job_id).join();
    };
    await eventually(
      async () => (await jobs(first)) === 'night-5,night-4,night-3',
      'The newest three',
    );
    await first.stop();
    const second = await start({
      dataDir: first.dataDir,
      config: { retention: { phase_history: 3 } },
    });
    assert.equal(await jobs(second), 'night-5,night-4,night-3');
    const { executions_total } = await getJson<StageMetrics>(
      second,
      '/api/pipeline/stages/train/metrics',
    );
    assert.equal(executions_total, 5);
    await second.service.monitor.append([
      { type: 'job.removed', id: 'removal', time: T0, job_id: 'night-4' },
    ]);
    assert.equal((await call(second, `${EXECUTIONS}/night-4`)).status, 404);
    assert.equal(await jobs(second), 'night-5,night-4,night-3');
  });
});
