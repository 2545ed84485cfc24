import assert from 'node:assert/strict';
import type { SeriesAnswer } from '../../../../service/protocol/series.ts';
import { type Page, allPages, read, refusal } from '../../../support/rest.ts';
import { send, useSharedService } from '../../../support/service.ts';

const MINUTE = 60_000;

describe('the routes of the series', () => {
  const shared = useSharedService({ sampling: { host_interval_ms: 0 } });
  const begin = Math.floor(Date.now() / MINUTE) * MINUTE - 10 * MINUTE;
  const worker = 'gpu/eins, ü=1';

  before(async () => {
    await send(
      shared(),
      Array.from({ length: 300 }, (_, i) => ({
        type: 'worker.heartbeat',
        worker_id: i % 2 ? worker : 'b',
        cpu_percent: i % 100,
        latency_ms: i,
        time: begin + i * 1000,
      })),
    );
  });
  const range = `from=${begin}&to=${begin + 5 * MINUTE}`;
  const series = (query: string) => read<SeriesAnswer>(shared(), `/api/v1/series?${query}`);

  it('answer each label set by step, as exactly as it was measured', async () => {
    const answer = await series(`metric=worker_latency_ms&${range}&step=1m&aggregation=max`);
    assert.deepEqual(
      [answer.kind, answer.unit, answer.aggregation, answer.step_ms],
      ['gauge', 'ms', 'max', MINUTE],
    );
    assert.deepEqual([answer.total, answer.truncated], [2, false]);
    const [b, named] = answer.series;
    assert.deepEqual(b?.labels, { worker_id: 'b' });
    assert.deepEqual(named?.labels, { worker_id: worker });
    const steps = [0, 1, 2, 3, 4].map((i) => begin + i * MINUTE);
    assert.deepEqual(
      b.points,
      steps.map((time, i) => [time, i * 60 + 58]),
    );
    assert.deepEqual(
      named.points,
      steps.map((time, i) => [time, i * 60 + 59]),
    );
  });

  it('filter by labels of any text, group and aggregate', async () => {
    const one = await series(
      `metric=cpu_percent&${range}&step=5m&aggregation=count&label.worker_id=${encodeURIComponent(worker)}`,
    );
    assert.deepEqual(
      [one.total, one.series[0]?.points.reduce((sum, [, value]) => sum + value, 0)],
      [1, 150],
    );
    const grouped = await series(
      `metric=cpu_percent&${range}&step=5m&aggregation=avg&group_by=source`,
    );
    assert.deepEqual(
      grouped.series.map(({ labels }) => labels),
      [{ source: 'worker' }],
    );
    const first = await series(`metric=cpu_percent&${range}&limit=1`);
    assert.deepEqual([first.series.length, first.total, first.truncated], [1, 2, true]);
  });

  it('list the metrics with kind, unit and how many series they have', async () => {
    const page = await read<Page & { metrics: object[] }>(
      shared(),
      '/api/v1/series/metrics?text=LATENCY',
    );
    assert.deepEqual(page.metrics, [
      { metric: 'worker_latency_ms', kind: 'gauge', unit: 'ms', series: 2 },
    ]);
    const all = await allPages<{ metric: string }>(shared(), '/api/v1/series/metrics', {
      name: 'metrics',
      limit: 1,
    });
    const names = all.map(({ metric }) => metric);
    assert.deepEqual(names, [...names].sort());
    assert.ok(names.includes('cpu_percent'));
    const none = await read<Page>(shared(), '/api/v1/series/metrics?kind=counter');
    assert.equal(none.total, 0);
  });

  it('refuse what is none, naming the parameter', async () => {
    const unknown = await refusal(shared(), '/api/v1/series?metric=nothing');
    assert.deepEqual([unknown.status, unknown.code], [404, 'METRIC_UNKNOWN']);
    for (const [query, field] of [
      ['', '/metric'],
      ['metric=', '/metric'],
      ['metric=cpu_percent&range=1m', '/range'],
      ['metric=cpu_percent&range=31d', '/range'],
      [`metric=cpu_percent&from=${begin}&to=${begin}`, '/from'],
      [`metric=cpu_percent&from=${begin}&to=${begin - MINUTE}`, '/from'],
      ['metric=cpu_percent&range=7d&step=1s', '/step'],
      ['metric=cpu_percent&aggregation=median', '/aggregation'],
      ['metric=cpu_percent&labels=worker', '/labels'],
      ['metric=cpu_percent&colour=red', '/colour'],
      ['metric=cpu_percent&metric=memory_mb', '/metric'],
      ['metric=cpu_percent&limit=0', '/limit'],
    ] as const) {
      const problem = await refusal(shared(), `/api/v1/series?${query}`);
      assert.deepEqual(
        [problem.status, problem.code, problem.field],
        [400, 'QUERY_INVALID', field],
        query,
      );
    }
    assert.equal((await refusal(shared(), '/api/v1/series/metrics?kind=x')).field, '/kind');
  });
});
