import assert from 'node:assert/strict';
import type {
  CurrentMetrics,
  HistoryLine,
  MetricsSummary,
} from '../../../../service/protocol/metricsApi.ts';
import type { AlertRecord } from '../../../../service/protocol/record.ts';
import { type Page, allPages, read, refusal } from '../../../support/rest.ts';
import {
  type TestService,
  call,
  eventually,
  send,
  useServices,
  useSharedService,
} from '../../../support/service.ts';

const MINUTE = 60_000;
const REQUESTS = 1000;

/** Durations whose order in time says nothing: 1 to 1000 ms, each once, shuffled by a step that meets all of them. */
const DURATIONS = Array.from({ length: REQUESTS }, (_, i) => ((i * 617) % REQUESTS) + 1);
const isError = (i: number) => i % 40 === 0;
const endpointOf = (i: number) => (i % 5 === 0 ? '/predict/{id}' : '/health ü');

/** The smallest value that `q` of the values do not exceed. */
function exactQuantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;
}

function assertNear(value: number | null | undefined, exact: number, what: string): void {
  assert.ok(
    value !== null && value !== undefined && Math.abs(value - exact) <= exact * 0.01,
    `${what}: ${value} for ${exact}`,
  );
}

describe('the metrics routes', () => {
  const shared = useSharedService({ sampling: { host_interval_ms: 0 } });
  const begin = Date.now();
  /** Spread over the last two minutes. */
  const timeOf = (i: number) => begin - 120_000 + i * 100;

  before(async () => {
    const to = shared();
    await send(
      to,
      DURATIONS.map((duration_ms, i) => ({
        type: 'request.recorded',
        endpoint: endpointOf(i),
        method: 'GET',
        status_code: isError(i) ? 503 : i % 7 === 0 ? 404 : 200,
        duration_ms,
        time: timeOf(i),
      })),
    );
    await send(to, [
      // Long over: in no window, but in the totals.
      {
        type: 'request.recorded',
        endpoint: '/old',
        status_code: 500,
        duration_ms: 9,
        time: begin - 3 * 24 * 60 * MINUTE,
      },
      ...[3, 5, 4].map((absolute_error, i) => ({
        type: 'prediction.recorded',
        model: 'result_predictor',
        absolute_error,
        confidence: 0.6 + i * 0.1,
        r2: 0.9 + i * 0.01,
        time: timeOf(i),
      })),
      { type: 'model.baselined', model: 'result_predictor', mae: 2, time: timeOf(3) },
      {
        type: 'prediction.recorded',
        model: 'duration_predictor',
        absolute_error: 1,
        time: timeOf(4),
      },
      { type: 'cache.sampled', cache: 'a', hits: 900, misses: 200, size_mb: 10, time: timeOf(5) },
      { type: 'cache.sampled', cache: 'b', hits: 80, misses: 70, size_mb: 2.5, time: timeOf(6) },
      {
        type: 'resource.sampled',
        cpu_percent: 20,
        memory_mb: 1000,
        disk_percent: 40,
        time: timeOf(10),
      },
      {
        type: 'resource.sampled',
        cpu_percent: 60,
        memory_mb: 2000,
        disk_percent: 42,
        time: timeOf(400),
      },
    ]);
    for (const [severity, component, minutes] of [
      ['CRITICAL', 'queue', 3],
      ['WARNING', 'queue', 2],
      ['WARNING', 'worker', 1],
    ] as const) {
      const time = begin - minutes * MINUTE;
      await send(to, {
        type: 'alert.raised',
        title: `${severity} ${component}`,
        severity,
        component,
        time,
      });
    }
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

  describe('GET /metrics/history', () => {
    interface History extends Page {
      from: string;
      to: string;
      step_ms: number;
      series: HistoryLine[];
    }
    const range = `from=${begin - 10 * MINUTE}&to=${begin + MINUTE}`;

    it('has the rates and averages of each step', async () => {
      const history = await read<History>(
        shared(),
        `/metrics/history?${range}&step=1m&metrics=requests_per_minute,avg_response_time_ms,p95_response_time_ms,error_rate_percent`,
      );
      assert.equal(history.step_ms, MINUTE);
      const exact = new Map<number, number[]>();
      DURATIONS.forEach((duration, i) => {
        const step = Math.floor(timeOf(i) / MINUTE) * MINUTE;
        exact.set(step, [...(exact.get(step) ?? []), duration]);
      });
      const [requests, avg, p95, errors] = history.series;
      assert.deepEqual(
        requests?.points,
        [...exact].map(([time, all]) => [time, all.length]),
      );
      assert.deepEqual(
        [requests.metric, requests.unit, requests.labels],
        ['requests_per_minute', 'requests/min', {}],
      );
      [...exact].forEach(([time, all], i) => {
        assert.equal(avg?.points[i]?.[0], time);
        assertNear(avg.points[i][1], all.reduce((a, b) => a + b, 0) / all.length, 'avg');
        assertNear(p95?.points[i]?.[1], exactQuantile(all, 0.95), 'p95');
      });
      const weighted = errors?.points.reduce(
        (sum, [time, share]) => sum + (share / 100) * (exact.get(time)?.length ?? 0),
        0,
      );
      assert.ok(Math.abs((weighted ?? 0) - 25) < 1e-6);
    });

    it('is of one endpoint, model or cache where that is asked for', async () => {
      const path = `/metrics/history?${range}&step=1h`;
      const one = await read<History>(
        shared(),
        `${path}&metrics=requests_per_minute&endpoint=${encodeURIComponent('/predict/{id}')}`,
      );
      const total = one.series[0]?.points.reduce((sum, [, perMinute]) => sum + perMinute * 60, 0);
      assert.ok(Math.abs((total ?? 0) - 200) < 1e-9);
      const models = await read<History>(shared(), `${path}&metrics=avg_mae`);
      assert.deepEqual(
        models.series.map(({ labels }) => labels['model']),
        ['duration_predictor', 'result_predictor'],
      );
      const model = await read<History>(shared(), `${path}&metrics=avg_mae&model=result_predictor`);
      assert.deepEqual([model.total, model.series[0]?.points[0]?.[1]], [1, 4]);
      const cache = await read<History>(shared(), `${path}&metrics=cache_size_mb&cache=b`);
      assert.deepEqual([cache.total, cache.series[0]?.points[0]?.[1]], [1, 2.5]);
    });

    it('has all metrics in pages when none is named', async () => {
      const path = `/metrics/history?${range}`;
      const lines = await allPages<HistoryLine>(shared(), path, { name: 'series', limit: 4 });
      assert.deepEqual(
        [...new Set(lines.map(({ metric }) => metric))],
        [
          'requests_per_minute',
          'avg_response_time_ms',
          'p95_response_time_ms',
          'p99_response_time_ms',
          'error_rate_percent',
          'avg_mae',
          'avg_confidence',
          'r2',
          'hit_rate_percent',
          'cache_size_mb',
          'cpu_percent',
          'memory_usage_mb',
          'disk_usage_percent',
        ],
      );
      const cpu = lines.find(({ metric }) => metric === 'cpu_percent');
      assert.deepEqual(new Set(cpu?.points.map(([, value]) => value)), new Set([20, 60]));
    });

    it('refuses ranges, steps and metrics that are none, naming the parameter', async () => {
      for (const [query, field] of [
        ['metrics=latency', '/metrics'],
        ['range=1m', '/range'],
        ['range=31d', '/range'],
        ['range=7d&step=1s', '/step'],
        ['step=fast', '/step'],
        [`from=${begin}&to=${begin - MINUTE}`, '/from'],
        [`from=${begin}&to=${begin}`, '/from'],
        ['from=yesterday', '/from'],
        ['limit=0', '/limit'],
      ] as const) {
        const problem = await refusal(shared(), `/metrics/history?${query}`);
        assert.deepEqual(
          [problem.status, problem.code, problem.field],
          [400, 'QUERY_INVALID', field],
          query,
        );
      }
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
      assert.deepEqual(summary.alerts, { active: 3, raised: 3 });
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

  describe('GET /alerts', () => {
    interface Alerts extends Page {
      alerts: AlertRecord[];
    }
    const titles = async (path: string) =>
      (await read<Alerts>(shared(), path)).alerts.map(({ title }) => title);

    it('active: the worst first, filtered', async () => {
      assert.deepEqual(await titles('/alerts/active'), [
        'CRITICAL queue',
        'WARNING worker',
        'WARNING queue',
      ]);
      assert.deepEqual(await titles('/alerts/active?component=queue&severity=warning'), [
        'WARNING queue',
      ]);
      assert.deepEqual(
        await titles('/alerts/active?severity=CRITICAL,WARNING&acknowledged=true'),
        [],
      );
      assert.deepEqual(
        await titles(`/alerts/active?from=${begin - 2.5 * MINUTE}&to=${begin - 1.5 * MINUTE}`),
        ['WARNING queue'],
      );
    });

    it('history: those raised last first, resolved ones too, in pages', async () => {
      const all = await allPages<AlertRecord>(shared(), '/alerts/history', {
        name: 'alerts',
        limit: 2,
      });
      assert.deepEqual(
        all.map(({ title }) => title),
        ['WARNING worker', 'WARNING queue', 'CRITICAL queue'],
      );
      assert.deepEqual(await titles('/alerts/history?active=false'), []);
      for (const [path, field] of [
        ['/alerts/active?severity=bad', '/severity'],
        ['/alerts/history?active=perhaps', '/active'],
        ['/alerts/history?from=x', '/from'],
        ['/alerts/history?cursor=x', '/cursor'],
      ] as const)
        assert.equal((await refusal(shared(), path)).field, field, path);
    });
  });

  describe('POST /alerts/configure', () => {
    const start = useServices();
    const configure = (to: TestService, body: unknown) =>
      call(to, '/alerts/configure', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    const DEFAULTS = {
      error_rate_percent: 5,
      response_time_ms: 500,
      accuracy_degradation_percent: 20,
      cache_hit_rate_percent: 50,
      resource_percent: 80,
    };

    it('changes the limits it names, keeps the others, and both over a restart', async () => {
      const first = await start();
      const answers: unknown[] = [];
      for (const body of [{}, { response_time_ms: 250.5 }, { resource_percent: 95 }]) {
        const response = await configure(first, body);
        assert.equal(response.status, 200);
        answers.push(await response.json());
      }
      assert.deepEqual(answers, [
        DEFAULTS,
        { ...DEFAULTS, response_time_ms: 250.5 },
        { ...DEFAULTS, response_time_ms: 250.5, resource_percent: 95 },
      ]);
      await first.stop();
      const second = await start({ dataDir: first.dataDir });
      assert.deepEqual(await (await configure(second, {})).json(), answers[2]);
    });

    it('takes changes that come at the same moment one after the other', async () => {
      const to = await start();
      const bodies = [{ response_time_ms: 1 }, { resource_percent: 2 }, { error_rate_percent: 3 }];
      const responses = await Promise.all(bodies.map((body) => configure(to, body)));
      assert.deepEqual(
        responses.map(({ status }) => status),
        [200, 200, 200],
      );
      assert.deepEqual(
        await (await configure(to, {})).json(),
        Object.assign({}, DEFAULTS, ...bodies),
      );
    });

    it('refuses what it does not know or cannot be, naming the field', async () => {
      for (const [body, field] of [
        [{ error_rate_percent: 101 }, '/error_rate_percent'],
        [{ error_rate_percent: '5' }, '/error_rate_percent'],
        [{ response_time_ms: 0 }, '/response_time_ms'],
        [{ cache_hit_rate_percent: -1 }, '/cache_hit_rate_percent'],
        [{ latency: 5 }, '/latency'],
        [[], undefined],
        ['{', undefined],
      ] as const) {
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        const problem = await refusal(shared(), '/alerts/configure', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: text,
        });
        assert.deepEqual([problem.status, problem.code], [400, 'BODY_INVALID'], text);
        if (field !== undefined) assert.equal(problem.field, field);
      }
      assert.deepEqual(await (await configure(shared(), {})).json(), DEFAULTS);
    });
  });

  describe('GET /health', () => {
    interface Health {
      status: string;
      reasons: string[];
      alerts_critical: number;
      storage: string;
      health_score: number;
    }

    it('is degraded by a critical alert or a bad score, and says so', async () => {
      for (const path of ['/health', '/api/health']) {
        const health = await read<Health>(shared(), path);
        assert.equal(health.status, 'DEGRADED');
        assert.ok(health.reasons.includes('Critical alert: CRITICAL queue'));
        assert.deepEqual([health.alerts_critical, health.storage], [1, 'open']);
      }
    });

    it('needs a token', async () => {
      const response = await fetch(`${shared().url}/health`);
      assert.equal(response.status, 401);
    });

    it('has one reason less when the alert was resolved', async () => {
      const { service } = shared();
      const { alerts } = await read<Alerts>(shared(), '/alerts/active?severity=CRITICAL');
      const [alert] = alerts;
      assert.ok(alert);
      await service.monitor.append([
        { type: 'alert.resolved', id: 'r1', time: Date.now(), alert_id: alert.alert_id },
      ]);
      await eventually(
        async () => (await titles('/alerts/history?active=false')).length === 1,
        'resolved',
      );
      const health = await read<Health>(shared(), '/health');
      assert.ok(health.reasons.every((reason) => !reason.startsWith('Critical alert')));
    });

    interface Alerts extends Page {
      alerts: AlertRecord[];
    }
    const titles = async (path: string) =>
      (await read<Alerts>(shared(), path)).alerts.map(({ title }) => title);
  });

  it('answer HEAD and refuse what is no GET', async () => {
    assert.equal((await call(shared(), '/metrics/current', { method: 'HEAD' })).status, 200);
    const { status, code } = await refusal(shared(), '/metrics/current', { method: 'DELETE' });
    assert.deepEqual([status, code], [405, 'METHOD_NOT_ALLOWED']);
  });
});
