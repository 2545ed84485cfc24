import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { HealthScore, TargetRecord } from '../../../../service/protocol/targets.ts';
import type { SeriesAnswer } from '../../../../service/protocol/series.ts';
import { activeJobs } from '../../../../webview/elements/overview/active.ts';
import { healthRows } from '../../../../webview/elements/overview/health.ts';
import { regionOf } from '../../../../webview/places.ts';
import { sparkPoints } from '../../../../webview/elements/overview/sparkline.ts';
import { throughputChart, throughputOf } from '../../../../webview/elements/overview/throughput.ts';
import { csvOf } from '../../../../webview/charts/csv.ts';
import { tableOf } from '../../../../webview/charts/table.ts';
import { job } from '../../../fixtures/frames.ts';

const MINUTE = 60_000;

function answer(points: [number, number][], step_ms = MINUTE): SeriesAnswer {
  return {
    ...{ metric: 'tasks_completed', unit: null, kind: 'histogram', aggregation: 'count', step_ms },
    ...{ from: '', to: '', series: [{ labels: {}, points }], total: 1, truncated: false },
  };
}

describe('the throughput of the overview', () => {
  it('is the average of the time that is shown, in the unit that suits it', () => {
    const span = { from: 0, to: 10 * MINUTE };
    const of = (points: [number, number][]) => {
      const { value, unit } = throughputOf(answer(points), span);
      return `${value} ${unit}`;
    };
    assert.equal(
      of([
        [0, 200],
        [MINUTE, 210],
      ]),
      '41 tasks/min',
    );
    assert.equal(of([[0, 2]]), '12 tasks/h');
    assert.equal(of([[0, 60_000]]), '100 tasks/s');
    assert.equal(of([]), '0 tasks/h');
  });

  it('counts every task once in its small line, and gaps as none', () => {
    const steps = fc.uniqueArray(fc.integer({ min: 0, max: 299 }));
    fc.assert(
      fc.property(steps, (at) => {
        const span = { from: 0, to: 300 * MINUTE - 1 };
        const points = at.map((step): [number, number] => [step * MINUTE, 3]);
        const found = throughputOf(answer(points), span);
        assert.ok(found.points.length <= 40);
        assert.ok(found.points.every(({ y }) => Number.isFinite(y) && y >= 0));
        const perUnit = found.unit === 'tasks/h' ? 60 : 1;
        const sum = found.points.reduce((all, { y }) => all + y, 0);
        const minutes = Math.ceil(300 / found.points.length);
        assert.ok(Math.abs((sum / perUnit) * minutes - at.length * 3) < 1e-6);
      }),
    );
  });
});

describe('the small line of a tile', () => {
  it('has a chart that says the same values, each at its time, and in its unit', () => {
    const span = { from: 30_000, to: 10 * MINUTE };
    const found = throughputOf(
      answer([
        [0, 200],
        [2 * MINUTE, 210],
      ]),
      span,
    );
    const chart = throughputChart(found, span);
    assert.ok(chart.kind === 'time');
    assert.deepEqual(chart.lines[0]?.points.slice(0, 3), [
      { x: 30_000, y: 200 },
      { x: MINUTE, y: 0 },
      { x: 2 * MINUTE, y: 210 },
    ]);
    assert.equal(chart.say(1_234.56), '1,234.6 /min');
    assert.equal(csvOf(tableOf(chart)).split('\r\n')[0], 'Time (UTC),Throughput (tasks/min)');
  });

  it('goes from zero up, from edge to edge, also where all is zero', () => {
    assert.equal(sparkPoints([0, 5, 10]), '0,20 50,10 100,0');
    assert.equal(sparkPoints([0, 0]), '0,20 100,20');
  });
});

describe('what the health score is made of', () => {
  const target = (id: string, part: Partial<TargetRecord>): TargetRecord => ({
    ...{ target_id: id, title: id, metric: id, unit: 'percent', direction: 'at_most' },
    ...{ target: 85, critical: 95, value: 50, status: 'OK', score: 1, weight: 1 },
    ...{ read: 'average', window_ms: MINUTE, ...part },
  });
  const part = (id: string, points: number | null, possible: number | null) => ({
    ...{ target_id: id, title: id, value: null, unit: '', status: 'OK' as const, weight: 1 },
    ...{ points, points_possible: possible, sentence: '' },
  });

  it('stands in the order of what it costs, with its bound, its value and where it leads', () => {
    const health = {
      parts: [part('cpu_percent', 50, 50), part('queue_pending', 20, 50), part('x', null, null)],
    } as unknown as HealthScore;
    const rows = healthRows(health, [
      target('x', { value: null, status: 'UNKNOWN' }),
      target('cpu_percent', {}),
      target('queue_pending', { direction: 'at_least', unit: 'tasks', status: 'CRITICAL' }),
      target('own', { metric: 'health_score' }),
    ]);
    assert.deepEqual(
      rows.map(({ id, value, bound, points, cost, leadsTo }) => [
        ...[id, value, bound, points, cost, leadsTo],
      ]),
      [
        ['queue_pending', '50 tasks', 'at least 85 tasks', '20 of 50', '30 points', 'Workers'],
        ['cpu_percent', '50 %', 'at most 85 %', '50 of 50', '', 'Resources'],
        ['x', '-', 'at most 85 %', 'not counted', '', 'Performance'],
      ],
    );
  });

  it('leads to the region that shows the metric', () => {
    const found = {
      task_wait_ms: 'Workers',
      request_duration_ms: 'API',
      prediction_r2: 'Models',
      cache_hit_rate_percent: 'Cache',
      rust_memory_gb: 'Resources',
      documents_processed: 'Performance',
    };
    for (const [metric, region] of Object.entries(found)) assert.equal(regionOf(metric), region);
  });
});

describe('the jobs of the overview', () => {
  const now = Date.parse('2026-05-05T10:00:00Z');
  const iso = (ms: number): string => new Date(ms).toISOString();

  it('are those that have not ended, with the phase that runs and the time that is left', () => {
    const running = job({
      ...{ job_id: 'a', name: 'nightly', status: 'RUNNING', progress: 0.62 },
      ...{ current_phase: { phase_id: 'P02', name: 'Splitting' } },
      ...{ started_at: iso(now - 190_000), eta_at: iso(now + 110_000), ended_at: null },
      duration_ms: null,
    });
    const ended = job({ job_id: 'b', status: 'COMPLETED' });
    const [first, ...rest] = activeJobs([ended, running], now);
    assert.equal(rest.length, 0);
    assert.deepEqual(
      [first?.name, first?.done, first?.doing, first?.elapsed, first?.left],
      ['nightly', '62 %', 'P02 Splitting', '3m 10s', '~2 min left'],
    );
  });

  it('say a silent job as silent, and promise no end of it', () => {
    const silent = job({
      ...{ job_id: 'a', status: 'STALE', last_seen_at: iso(now - 12 * MINUTE) },
      ...{ started_at: iso(now - 20 * MINUTE), eta_at: iso(now + MINUTE), ended_at: null },
      duration_ms: null,
    });
    const [first] = activeJobs([silent], now);
    assert.deepEqual([first?.doing, first?.left], ['no sign of life for 12 min', '']);
  });
});
