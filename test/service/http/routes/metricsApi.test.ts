import assert from 'node:assert/strict';
import type { CurrentMetrics, MetricsSummary } from '../../../../service/protocol/metricsApi.ts';
import type { AlertRecord } from '../../../../service/protocol/record.ts';
import {
  DURATIONS,
  MINUTE,
  REQUESTS,
  assertNear,
  endpointOf,
  exactQuantile,
  isError,
  requestTime,
  sendRequests,
} from '../../../support/requests.ts';
import { read, refusal } from '../../../support/rest.ts';
import { call, send, useSharedService } from '../../../support/service.ts';

describe('the metrics routes', () => {
  const shared = useSharedService({ sampling: { host_interval_ms: 0 } });
  /** Of the tests, not of their loading: the windows of the answers end now. */
  let begin = 0;
  const timeOf = (i: number) => requestTime(begin, i);

  before(async () => {
    begin = Date.now();
    await sendRequests(shared(), begin);
    await send(shared(), {
      type: 'alert.raised',
      ...{ title: 'Queue full', severity: 'WARNING', component: 'queue' },
      time: begin - MINUTE,
    });
  });

  describe('GET /metrics/current', () => {
    it('answers the fields of the reference document', async () => {
      const current = await read<CurrentMetrics>(shared(), '/metrics/current');
      assert.deepEqual(Object.keys(current.api_metrics).sort(), [
        'avg_response_time_ms',
        'error_rate_percent',
        'p95_response_time_ms',
        'p99_response_time_ms',
        'requests_per_minute',
      ]);
      assert.deepEqual(Object.keys(current.system_metrics).sort(), [
        'cpu_percent',
        'disk_usage_percent',
        'memory_usage_mb',
        'uptime_seconds',
      ]);
      assert.deepEqual(Object.keys(current.cache_metrics).sort(), [
        'cache_size_mb',
        'hit_rate_percent',
        'total_hits',
        'total_misses',
      ]);
      for (const field of ['predictions_count', 'avg_mae', 'avg_confidence', 'last_updated'])
        assert.ok(field in (current.model_metrics['result_predictor'] ?? {}), field);
    });

    it('has exact rates and averages, and p95 and p99 within 1 %', async () => {
      const { api_metrics, window_minutes } = await read<CurrentMetrics>(
        shared(),
        '/metrics/current',
      );
      assert.equal(window_minutes, 5);
      assert.equal(api_metrics.requests_per_minute, REQUESTS / 5);
      assert.equal(api_metrics.avg_response_time_ms, (REQUESTS + 1) / 2);
      assert.equal(api_metrics.error_rate_percent, 2.5);
      assertNear(api_metrics.p95_response_time_ms, exactQuantile(DURATIONS, 0.95), 'p95');
      assertNear(api_metrics.p99_response_time_ms, exactQuantile(DURATIONS, 0.99), 'p99');
    });

    it('has the same by endpoint, the busiest first', async () => {
      const { endpoints, truncated } = await read<CurrentMetrics>(shared(), '/metrics/current');
      assert.equal(truncated, false);
      assert.deepEqual(
        endpoints.map(({ endpoint, requests }) => [endpoint, requests]),
        [
          ['/health ü', 800],
          ['/predict/{id}', 200],
        ],
      );
      for (const found of endpoints) {
        const mine = DURATIONS.map((duration, i) => ({ duration, i })).filter(
          ({ i }) => endpointOf(i) === found.endpoint,
        );
        const durations = mine.map(({ duration }) => duration);
        const errors = mine.filter(({ i }) => isError(i)).length;
        assert.equal(found.requests_per_minute, durations.length / 5);
        assertNear(
          found.avg_response_time_ms,
          durations.reduce((a, b) => a + b, 0) / durations.length,
          'avg',
        );
        assert.ok(Math.abs((found.error_rate_percent ?? -1) - (errors / mine.length) * 100) < 1e-9);
        assertNear(found.p95_response_time_ms, exactQuantile(durations, 0.95), 'p95');
        assertNear(found.p99_response_time_ms, exactQuantile(durations, 0.99), 'p99');
      }
    });

    it('counts over the minutes that are asked for', async () => {
      const { api_metrics } = await read<CurrentMetrics>(
        shared(),
        '/metrics/current?window_minutes=60',
      );
      assert.equal(api_metrics.requests_per_minute, REQUESTS / 60);
      for (const minutes of ['0', '61', 'x']) {
        const { code, field } = await refusal(
          shared(),
          `/metrics/current?window_minutes=${minutes}`,
        );
        assert.deepEqual([code, field], ['QUERY_INVALID', '/window_minutes']);
      }
    });

    it('has models and caches since their first event', async () => {
      const { model_metrics, cache_metrics } = await read<CurrentMetrics>(
        shared(),
        '/metrics/current',
      );
      const { last_updated, avg_confidence, ...result } = model_metrics['result_predictor'] ?? {};
      assert.equal(last_updated, new Date(timeOf(3)).toISOString());
      assert.ok(Math.abs((avg_confidence ?? 0) - 0.7) < 1e-9);
      assert.deepEqual(result, {
        predictions_count: 3,
        avg_mae: 4,
        baseline_mae: 2,
        degradation_percent: 100,
        r2: 0.92,
      });
      assert.equal(model_metrics['duration_predictor']?.avg_confidence, null);
      assert.deepEqual(cache_metrics, {
        hit_rate_percent: (980 / 1250) * 100,
        total_hits: 980,
        total_misses: 270,
        cache_size_mb: 12.5,
      });
    });
  });

  describe('GET /metrics/summary', () => {
    it('sums up the last day, and all time beside it', async () => {
      const summary = await read<MetricsSummary>(shared(), '/metrics/summary');
      assert.equal(Date.parse(summary.to) - Date.parse(summary.from), 24 * 60 * MINUTE);
      assert.deepEqual([summary.requests, summary.errors], [REQUESTS, 25]);
      assert.equal(summary.success_rate_percent, 97.5);
      assert.equal(summary.api_metrics.avg_response_time_ms, (REQUESTS + 1) / 2);
      assertNear(summary.api_metrics.p95_response_time_ms, exactQuantile(DURATIONS, 0.95), 'p95');
      assert.deepEqual(summary.system, {
        cpu_percent: { avg: 40, max: 60 },
        memory_usage_mb: { avg: 1500, max: 2000 },
        disk_usage_percent: { avg: 41, max: 42 },
      });
      assert.deepEqual(summary.all_time, {
        requests: REQUESTS + 1,
        errors: 26,
        endpoints: 3,
        models: 2,
        caches: 2,
      });
      // One that was sent, and those that the built-in rules raised of it.
      const { alerts } = await read<{ alerts: AlertRecord[] }>(shared(), '/api/v1/alerts');
      const rules = alerts.map(({ rule }) => rule ?? 'external');
      assert.ok(rules.includes('external') && rules.includes('response_time'), rules.join(', '));
      assert.deepEqual(summary.alerts, { active: alerts.length, raised: alerts.length });
    });

    it('sums up the range that is asked for', async () => {
      const from = begin - 4 * 24 * 60 * MINUTE;
      const summary = await read<MetricsSummary>(
        shared(),
        `/metrics/summary?from=${from}&to=${begin - 60 * MINUTE}`,
      );
      assert.deepEqual([summary.requests, summary.errors, summary.success_rate_percent], [1, 1, 0]);
      assert.equal(summary.alerts.raised, 0);
      const none = await read<MetricsSummary>(
        shared(),
        `/metrics/summary?from=${begin - 120 * MINUTE}&to=${begin - 60 * MINUTE}`,
      );
      assert.deepEqual(
        [none.requests, none.success_rate_percent, none.api_metrics.p95_response_time_ms],
        [0, null, null],
      );
    });
  });

  it('answer HEAD and refuse what is no GET', async () => {
    assert.equal((await call(shared(), '/metrics/current', { method: 'HEAD' })).status, 200);
    const { status, code } = await refusal(shared(), '/metrics/current', { method: 'DELETE' });
    assert.deepEqual([status, code], [405, 'METHOD_NOT_ALLOWED']);
  });
});
