import assert from 'node:assert/strict';
import type {
  PeriodStatistics,
  PhaseExecution,
  TaskRecord,
  WorkerRecord,
} from '../../../service/protocol/domain.ts';
import type { PerformanceMetrics } from '../../../service/protocol/performance.ts';
import type { JobRecord, PhaseRecord } from '../../../service/protocol/record.ts';
import type { Aggregation } from '../../../service/protocol/aggregation.ts';
import type { SeriesAnswer } from '../../../service/protocol/series.ts';
import type {
  ExecutionStatistics,
  GraphEdge,
  GraphNode,
  StageMetrics,
} from '../../../service/protocol/stages.ts';
import { needsCorpus } from '../../support/corpus.ts';
import { startService } from '../../support/service.ts';
import { makeTempDir, removeTempDir } from '../../support/tempDir.ts';
import {
  DAY,
  type Peer,
  assertNear,
  groupBy,
  listAll,
  peerOf,
  quantile,
  sendAll,
  sumOf,
} from './support.ts';
import {
  BEGIN_OF_DAY,
  END,
  type Recorded,
  edgesOf,
  isCyclic,
  longestPath,
  recordedRuns,
} from './workflows.ts';

const config = { sampling: { host_interval_ms: 0 } };
const id = encodeURIComponent;
const YESTERDAY = `from=${BEGIN_OF_DAY}&to=${BEGIN_OF_DAY + DAY - 1}`;

const pipelineAndPhase = (one: { pipeline: string | null; phase_id: string }) =>
  `${one.pipeline}/${one.phase_id}`;

describe('every recorded workflow (WfFormat), sent to a service', () => {
  needsCorpus('wfcommons');
  let runs: Recorded[];
  let dataDir: string;
  let stop: () => Promise<void>;
  let peer: Peer;
  let tasks: Map<string, TaskRecord[]>;
  const known = () => runs.flatMap(({ workflow }) => workflow.tasks);
  const events = () => runs.flatMap((run) => run.events);

  before(async function () {
    this.timeout(60_000);
    runs = recordedRuns();
    dataDir = makeTempDir('wfcommons');
    const service = await startService({ dataDir, config });
    stop = () => service.stop();
    peer = peerOf(service);
    const { accepted, duplicates } = await sendAll(peer, events());
    assert.deepEqual([accepted, duplicates], [events().length, 0]);
    const all = await listAll<TaskRecord>(peer, '/api/v1/tasks', 'tasks');
    tasks = groupBy(all, ({ job_id }) => job_id ?? '');
  });
  after(async () => {
    await stop?.();
    if (dataDir) removeTempDir(dataDir);
  });

  it('is a finished job of its own, labelled as reconstructed', async () => {
    const jobs = await listAll<JobRecord>(peer, '/api/v1/jobs', 'jobs');
    assert.equal(jobs.length, runs.length);
    for (const { job_id, workflow } of runs) {
      const job = jobs.find((one) => one.job_id === job_id) ?? assert.fail(job_id);
      const phases = new Set(workflow.tasks.map(({ phase }) => phase));
      assert.equal(job.labels['schedule'], 'reconstructed');
      assert.deepEqual(
        [job.name, job.status, job.items_total, job.phases_total, job.phases_done, job.error_count],
        [workflow.name, 'COMPLETED', workflow.tasks.length, phases.size, phases.size, 0],
      );
      // No schedule is shorter than its longest chain, and none that wastes nothing longer than all in a row.
      const [least, most] = [
        longestPath(workflow.tasks),
        sumOf(workflow.tasks.map((task) => task.runtime_ms)),
      ];
      const took = job.duration_ms ?? Number.NaN;
      assert.ok(took >= least - 1 && took <= most + 1, `${job_id}: ${least} ${took} ${most}`);
      assert.equal(job.ended_at, new Date(END).toISOString());
    }
  });

  it('has all its tasks, with their runtimes, bytes, CPU time, memory and worker', () => {
    for (const { job_id, workflow } of runs) {
      const records = new Map(
        (tasks.get(job_id) ?? []).map((one) => [one.task_id.slice(job_id.length + 1), one]),
      );
      assert.equal(records.size, workflow.tasks.length, job_id);
      for (const task of workflow.tasks) {
        const record = records.get(task.id) ?? assert.fail(task.id);
        assert.ok(Math.abs((record.processing_ms ?? NaN) - task.runtime_ms) <= 1, task.id);
        assert.deepEqual(
          [record.status, record.phase_id, record.worker_id, record.cpu_ms, record.memory_peak_mb],
          ['COMPLETED', task.phase, task.worker, task.cpu_ms, task.memory_mb],
        );
        assert.deepEqual(
          [record.input_bytes, record.output_bytes],
          [task.input_bytes, task.output_bytes],
        );
        const waited = task.parents.map((one) => records.get(one)?.completed_at ?? 'never');
        assert.ok(
          waited.every((end) => end <= (record.started_at ?? '')),
          task.id,
        );
      }
    }
    const total = (field: 'input_bytes' | 'output_bytes') => [
      sumOf([...tasks.values()].flat().map((record) => record[field] ?? 0)),
      sumOf(known().map((task) => task[field])),
    ];
    for (const [ours, theirs] of [total('input_bytes'), total('output_bytes')])
      assert.ok(ours !== undefined && ours > 0 && ours === theirs);
  });

  it('gives each machine its tasks, its processing time and its cores', async () => {
    const workers = await listAll<WorkerRecord>(peer, '/api/v1/workers', 'workers');
    const byWorker = groupBy(known(), ({ worker }) => worker);
    const machines = new Map(
      runs.flatMap(({ workflow }) => workflow.machines.map((one) => [one.nodeName, one])),
    );
    assert.deepEqual(
      workers.map(({ worker_id }) => worker_id),
      [...new Set([...byWorker.keys(), ...machines.keys()])].sort(),
    );
    for (const worker of workers) {
      const own = byWorker.get(worker.worker_id) ?? [];
      const time = sumOf(own.map(({ runtime_ms }) => runtime_ms));
      assert.deepEqual([worker.completed_tasks, worker.failed_tasks], [own.length, 0]);
      assert.ok(Math.abs(worker.total_processing_ms - time) <= own.length, worker.worker_id);
      const page = await peer.get<{ total: number }>(
        `/api/v1/workers/${id(worker.worker_id)}/tasks?limit=1`,
      );
      assert.equal(page.total, own.length);
    }
  });

  it('adds up to the statistics of its day, with quantiles right to 1 %', async () => {
    const runtimes = known().map(({ runtime_ms }) => runtime_ms);
    const { statistics } = await peer.get<{ statistics: PeriodStatistics[] }>(
      `/api/v1/statistics/daily?from=${BEGIN_OF_DAY}&to=${BEGIN_OF_DAY + DAY}`,
    );
    const [day, ...none] = statistics;
    assert.ok(day && none.length === 0);
    const { totals } = await peer.get<PerformanceMetrics>('/api/metrics');
    for (const one of [day, totals]) {
      assert.deepEqual(
        [one.tasks_submitted, one.tasks_completed, one.tasks_failed, one.tasks_retried],
        [runtimes.length, runtimes.length, 0, 0],
      );
      assertNear(one.average_task_duration_ms, sumOf(runtimes) / runtimes.length, 'average');
      assertNear(one.p50_task_duration_ms, quantile(runtimes, 0.5), 'p50');
      assertNear(one.p95_task_duration_ms, quantile(runtimes, 0.95), 'p95');
      assertNear(one.p99_task_duration_ms, quantile(runtimes, 0.99), 'p99');
    }
    const hours = await listAll<PeriodStatistics>(peer, '/api/v1/statistics/hourly', 'statistics');
    assert.equal(sumOf(hours.map((hour) => hour.tasks_completed)), runtimes.length);
    const ended = groupBy([...tasks.values()].flat(), (task) =>
      String(task.completed_at).slice(0, 13),
    );
    for (const hour of hours)
      assert.equal(hour.tasks_completed, ended.get(hour.from.slice(0, 13))?.length ?? 0);
  });

  it('is in the series by kind of task and by machine, with quantiles right to 1 %', async () => {
    const asked = async (aggregation: Aggregation, by: string) => {
      const answer = await peer.get<SeriesAnswer>(
        `/api/v1/series?metric=task_processing_ms&${YESTERDAY}&step=1d&aggregation=${aggregation}&group_by=${by}&limit=1000`,
      );
      return new Map(
        answer.series.map(({ labels, points }) => {
          assert.deepEqual(
            points.map(([time]) => time),
            [BEGIN_OF_DAY],
          );
          return [labels[by] ?? '', points[0]?.[1]];
        }),
      );
    };
    for (const [by, key] of [
      ['content_type', 'phase'],
      ['worker_id', 'worker'],
      ['none', undefined],
    ] as const) {
      const groups = groupBy(known(), (task) => (key === undefined ? '' : task[key]));
      const counts = await asked('count', by);
      const sums = await asked('sum', by);
      assert.deepEqual([...counts.keys()].sort(), [...groups.keys()].sort());
      for (const [name, own] of groups) {
        assert.equal(counts.get(name), own.length, name);
        const sum = sumOf(own.map(({ runtime_ms }) => runtime_ms));
        assert.ok(Math.abs((sums.get(name) ?? NaN) - sum) <= own.length, name);
      }
      for (const [aggregation, q] of [
        ['p50', 0.5],
        ['p95', 0.95],
        ['p99', 0.99],
        ['max', 1],
      ] as const) {
        const values = await asked(aggregation, by);
        for (const [name, own] of groups) {
          const exact = quantile(
            own.map(({ runtime_ms }) => runtime_ms),
            q,
          );
          assertNear(values.get(name), exact, `${aggregation} of ${by} ${name}`, 1);
        }
      }
    }
  });

  it('has its phases, and each of them its execution in the history', async () => {
    for (const { job_id, pipeline, workflow } of runs) {
      const path = `/api/pipeline/executions/${id(job_id)}/stages`;
      const stages = await listAll<PhaseRecord>(peer, path, 'stages');
      const byPhase = groupBy(workflow.tasks, ({ phase }) => phase);
      assert.deepEqual(stages.map((one) => one.phase_id).sort(), [...byPhase.keys()].sort());
      const records = groupBy(tasks.get(job_id) ?? [], (task) => task.phase_id ?? '');
      for (const { phase_id, status, items_done, items_total, execution_time_ms } of stages) {
        const own = records.get(phase_id) ?? [];
        const times = own.flatMap((task) => [task.started_at ?? '', task.completed_at ?? '']);
        const took = Date.parse(times.sort().at(-1) ?? '') - Date.parse(times[0] ?? '');
        const count = byPhase.get(phase_id)?.length;
        assert.deepEqual(
          [status, items_done, items_total, execution_time_ms],
          ['COMPLETED', count, count, took],
        );
        const history = await listAll<PhaseExecution>(
          peer,
          `/api/v1/monitoring/phases/${id(phase_id)}/history?pipeline=${id(pipeline)}`,
          'history',
        );
        const ours = history.filter((one) => one.job_id === job_id);
        assert.deepEqual(
          ours.map((one) => [one.status, one.execution_time_ms, one.items_done, one.attempt]),
          [['COMPLETED', took, count, 1]],
        );
      }
    }
  });

  it('is in the figures of executions and stages', async () => {
    const { total, statistics } = await peer.get<{
      total: number;
      statistics: ExecutionStatistics;
    }>('/api/pipeline/executions?limit=1');
    assert.deepEqual(
      [total, statistics.executions_total, statistics.success_rate_percent],
      [runs.length, runs.length, 100],
    );
    const phasesOf = ({ pipeline, workflow }: Recorded) =>
      [...new Set(workflow.tasks.map(({ phase }) => phase))].map((phase_id) => ({
        pipeline,
        phase_id,
      }));
    const expected = groupBy(runs.flatMap(phasesOf), pipelineAndPhase);
    const stages = await listAll<StageMetrics>(peer, '/api/pipeline/stages/metrics', 'stages');
    assert.deepEqual(stages.map(pipelineAndPhase).sort(), [...expected.keys()].sort());
    for (const stage of stages) {
      const many = expected.get(pipelineAndPhase(stage))?.length;
      assert.deepEqual(
        [stage.executions_total, stage.completed_total, stage.failure_rate_percent, stage.running],
        [many, many, 0, 0],
      );
    }
    // Two recordings are runs of the same thing.
    assert.ok(stages.some(({ executions_total }) => executions_total === 2));
  });

  it('has the dependencies of its tasks as edges between its phases', async () => {
    let edgesTotal = 0;
    for (const { job_id, workflow } of runs) {
      const graph = await peer.get<{ nodes: GraphNode[]; edges: GraphEdge[]; has_cycle: boolean }>(
        `/api/pipeline/dependency-graph?job_id=${id(job_id)}`,
      );
      const expected = edgesOf(workflow.tasks);
      assert.deepEqual(
        graph.edges.map(({ from, to }) => `${from}>${to}`).sort(),
        [...expected].sort(),
      );
      assert.ok(graph.edges.every(({ kind }) => kind === 'declared'));
      assert.equal(graph.has_cycle, isCyclic(expected), job_id);
      assert.equal(graph.nodes.length, new Set(workflow.tasks.map(({ phase }) => phase)).size);
      edgesTotal += expected.size;
    }
    assert.ok(edgesTotal > 100, String(edgesTotal));
  });
});
