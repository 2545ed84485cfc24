import assert from 'node:assert/strict';
import type { HistoryLine } from '../../../../service/protocol/metricsApi.ts';
import {
  DURATIONS,
  MINUTE,
  assertNear,
  exactQuantile,
  requestTime,
  sendRequests,
} from '../../../support/requests.ts';
import { type Page, allPages, read, refusal } from '../../../support/rest.ts';
import { useSharedService } from '../../../support/service.ts';

describe('the history of the metrics', () => {
  const shared = useSharedService({ sampling: { host_interval_ms: 0 } });
  /** A whole minute: the requests fill most of the two before it. */
  let begin = 0;
  const timeOf = (i: number) => requestTime(begin, i);

  before(() => {
    begin = Math.floor(Date.now() / MINUTE) * MINUTE;
    return sendRequests(shared(), begin);
  });

  describe('GET /metrics/history', () => {
    interface History extends Page {
      from: string;
      to: string;
      step_ms: number;
      series: HistoryLine[];
    }
    const range = () => `from=${begin - 10 * MINUTE}&to=${begin + MINUTE}`;

    it('has the rates and averages of each step', async () => {
      const history = await read<History>(
        shared(),
        `/metrics/history?${range()}&step=1m&metrics=requests_per_minute,avg_response_time_ms,p95_response_time_ms,error_rate_percent`,
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
      const path = `/metrics/history?${range()}&step=1h`;
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
      const path = `/metrics/history?${range()}`;
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
});
