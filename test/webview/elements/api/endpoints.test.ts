import assert from 'node:assert/strict';
import type { EndpointFigures } from '../../../../service/protocol/requests.ts';
import {
  COLUMNS,
  columnOf,
  listEndpoints,
  standingOut,
  USUAL,
} from '../../../../webview/elements/api/endpoints.ts';
import { histogram, questionsOf, shortly } from '../../../../webview/elements/api/specs.ts';

function endpoint(name: string, part: Partial<EndpointFigures>): EndpointFigures {
  return {
    ...{ endpoint: name, requests: 10, requests_per_minute: 2.5, errors: 0, error_rate_percent: 0 },
    ...{ avg_response_time_ms: 20, p50_response_time_ms: 18, p95_response_time_ms: 40 },
    ...{ p99_response_time_ms: 90, max_response_time_ms: 120, ...part },
  };
}

const ROWS = [
  endpoint('/quick', { requests: 900 }),
  endpoint('/slow', { requests: 30, p95_response_time_ms: 2400 }),
  endpoint('/broken', { requests: 50, errors: 5, error_rate_percent: 10 }),
];

const names = (rows: readonly EndpointFigures[]): string[] => rows.map((row) => row.endpoint);

describe('the list of endpoints', () => {
  it('has the busiest first, and any other order that is asked for', () => {
    assert.deepEqual(names(listEndpoints(ROWS, '', USUAL)), ['/quick', '/broken', '/slow']);
    const slow = listEndpoints(ROWS, '', { column: 'p95', descending: true });
    assert.equal(names(slow)[0], '/slow');
    const byName = listEndpoints(ROWS, '', { column: 'endpoint', descending: false });
    assert.deepEqual(names(byName), ['/broken', '/quick', '/slow']);
  });

  it('finds by a part of the name', () => {
    assert.deepEqual(names(listEndpoints(ROWS, 'SLO', USUAL)), ['/slow']);
  });

  it('names the slowest, and the one that fails most, if one does', () => {
    assert.deepEqual(standingOut(ROWS), {
      slowest: { endpoint: '/slow', text: '2.4 s' },
      failing: { endpoint: '/broken', text: '10 %' },
    });
    assert.equal(standingOut([endpoint('/a', {})]).failing, null);
    assert.deepEqual(standingOut([]), { slowest: null, failing: null });
  });

  it('says every number with its unit, and what is not known as unknown', () => {
    const row = endpoint('/a', { p99_response_time_ms: null });
    assert.deepEqual(
      COLUMNS.map((column) => columnOf(column).text(row)),
      ['/a', '10', '2.5 /min', '18 ms', '40 ms', '-', '120 ms', '0', '0 %'],
    );
  });
});

describe('what the charts of the API ask for', () => {
  it('is one endpoint where one is chosen, whatever its name', () => {
    const span = { from: 0, to: 240_000 };
    const { volume, p95, errors } = questionsOf('/a?b&c', span);
    assert.ok(volume.includes('&label.endpoint=%2Fa%3Fb%26c&'));
    assert.ok(errors.includes('&label.endpoint=%2Fa%3Fb%26c&'));
    assert.ok(p95.includes('&step=5000&'));
    assert.ok(!questionsOf(null, span).volume.includes('label'));
  });
});

describe('the histogram of response times', () => {
  it('has a bar for each stretch, named by its round edges', () => {
    const { categories, bars } = histogram([
      { from_ms: 0.75, to_ms: 1, requests: 4 },
      { from_ms: 1, to_ms: 1.5, requests: 0 },
      { from_ms: 1000, to_ms: 1500, requests: 2 },
    ]);
    assert.deepEqual(categories, ['0.75 ms to 1 ms', '1 ms to 1.5 ms', '1 s to 1.5 s']);
    assert.deepEqual(bars[0]?.values, [4, 0, 2]);
    assert.equal(shortly(120_000), '2 min');
  });
});
