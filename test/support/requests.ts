/** A service that was told of a thousand requests of known durations, and of models, caches and this machine. */
import assert from 'node:assert/strict';
import { type TestService, send } from './service.ts';

export const MINUTE = 60_000;
export const REQUESTS = 1000;

/** Durations whose order in time says nothing: 1 to 1000 ms, each once, shuffled by a step that meets all of them. */
export const DURATIONS = Array.from({ length: REQUESTS }, (_, i) => ((i * 617) % REQUESTS) + 1);
export const isError = (i: number) => i % 40 === 0;
export const endpointOf = (i: number) => (i % 5 === 0 ? '/predict/{id}' : '/health ü');

/** The smallest value that `q` of the values do not exceed. */
export function exactQuantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;
}

export function assertNear(value: number | null | undefined, exact: number, what: string): void {
  assert.ok(
    value !== null && value !== undefined && Math.abs(value - exact) <= exact * 0.01,
    `${what}: ${value} for ${exact}`,
  );
}

/** When request i happened: spread over the two minutes before `begin`. */
export const requestTime = (begin: number, i: number) => begin - 120_000 + i * 100;

/** Sends all of it; `begin` is epoch milliseconds, shortly before now. */
export async function sendRequests(to: TestService, begin: number): Promise<void> {
  const timeOf = (i: number) => requestTime(begin, i);

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
}
