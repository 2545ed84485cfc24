import assert from 'node:assert/strict';
import type { RequestStatistics } from '../../../../service/protocol/requests.ts';
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
import { useSharedService } from '../../../support/service.ts';

const PATH = '/api/v1/endpoints/statistics';

describe('GET /api/v1/endpoints/statistics', () => {
  const shared = useSharedService({ sampling: { host_interval_ms: 0 } });
  let begin = 0;
  before(async () => {
    begin = Date.now();
    await sendRequests(shared(), begin);
  });

  it('has every endpoint of the range, the busiest first, with the quantiles of its own requests', async () => {
    const { endpoints } = await read<RequestStatistics>(shared(), `${PATH}?range=1h`);
    assert.deepEqual(
      endpoints.map(({ endpoint, requests }) => [endpoint, requests]),
      [
        ['/health ü', 800],
        ['/predict/{id}', 200],
      ],
    );
    for (const found of endpoints) {
      const mine = DURATIONS.flatMap((duration, i) =>
        endpointOf(i) === found.endpoint ? [{ duration, failed: isError(i) }] : [],
      );
      const durations = mine.map(({ duration }) => duration);
      assert.equal(found.errors, mine.filter(({ failed }) => failed).length);
      assert.equal(found.requests_per_minute, durations.length / 60);
      assert.equal(found.max_response_time_ms, Math.max(...durations));
      assertNear(found.p50_response_time_ms, exactQuantile(durations, 0.5), 'p50');
      assertNear(found.p95_response_time_ms, exactQuantile(durations, 0.95), 'p95');
      assertNear(found.p99_response_time_ms, exactQuantile(durations, 0.99), 'p99');
    }
  });

  it('sums up all endpoints, or the one that is asked for', async () => {
    const { figures } = await read<RequestStatistics>(shared(), `${PATH}?range=1h`);
    assert.equal(figures.requests, REQUESTS);
    assert.equal(figures.error_rate_percent, 2.5);
    assert.equal(figures.avg_response_time_ms, (REQUESTS + 1) / 2);
    const one = await read<RequestStatistics>(
      shared(),
      `${PATH}?range=1h&endpoint=${encodeURIComponent('/predict/{id}')}`,
    );
    assert.equal(one.figures.requests, 200);
    assert.equal(one.endpoints.length, 1);
  });

  it('tells how response times spread, each in its bar to within 0.75 %', async () => {
    const { response_times: bars } = await read<RequestStatistics>(shared(), `${PATH}?range=1h`);
    assert.equal(
      bars.reduce((sum, { requests }) => sum + requests, 0),
      REQUESTS,
    );
    for (const [i, bar] of bars.entries()) {
      if (i > 0) assert.equal(bar.from_ms, bars[i - 1]?.to_ms, 'a gap between bars');
      const within = (slack: number) =>
        DURATIONS.filter((ms) => ms >= bar.from_ms * (1 + slack) && ms < bar.to_ms * (1 - slack));
      assert.ok(bar.requests >= within(0.0076).length, JSON.stringify(bar));
      assert.ok(bar.requests <= within(-0.0076).length, JSON.stringify(bar));
    }
  });

  it('counts in the range that is asked for, and has nothing where nothing was', async () => {
    const from = requestTime(begin, 500);
    const half = await read<RequestStatistics>(shared(), `${PATH}?from=${from}`);
    assert.equal(half.figures.requests, 500);
    const before = await read<RequestStatistics>(
      shared(),
      `${PATH}?from=${begin - 60 * MINUTE}&to=${begin - 30 * MINUTE}`,
    );
    assert.deepEqual(before.response_times, []);
    assert.deepEqual(before.endpoints, []);
    assert.equal(before.figures.p95_response_time_ms, null);
    assert.equal(before.figures.error_rate_percent, null);
  });

  it('refuses a range that is none, naming it', async () => {
    const { code, field } = await refusal(shared(), `${PATH}?range=1s`);
    assert.deepEqual([code, field], ['QUERY_INVALID', '/range']);
  });
});
