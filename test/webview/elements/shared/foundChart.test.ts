import assert from 'node:assert/strict';
import type { Finding } from '../../../../service/protocol/finding.ts';
import type { SeriesAnswer } from '../../../../service/protocol/series.ts';
import { foundChart, queryOf, rangeOf } from '../../../../webview/elements/shared/foundChart.ts';
import { foundAt } from '../../../support/finding.ts';

const T0 = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;
const iso = (ms: number): string => new Date(ms).toISOString();

/** Of a memory that grows by 60 MB a minute for ten minutes, and is full in five. */
function prediction(changes: Partial<Finding> = {}): Finding {
  return foundAt(T0, {
    ...{ kind: 'prediction', class: 'memory_mb', metric: 'memory_mb', unit: 'MB' },
    ...{ value: 700, threshold: 1000 },
    evidence: { at: iso(T0 + 5 * MINUTE), per_second: 1, span_ms: 10 * MINUTE },
    ...changes,
  });
}

const answer: SeriesAnswer = {
  ...{ metric: 'memory_mb', unit: 'MB', kind: 'gauge', aggregation: 'avg', step_ms: 1000 },
  ...{ from: '', to: '', total: 1, truncated: false },
  series: [{ labels: {}, points: [[T0, 700]] }],
};

describe('the values in which something was found', () => {
  it('are asked for by their metric and labels, as they were judged', () => {
    assert.equal(
      queryOf(prediction({ labels: { source: 'worker', worker_id: 'a&b' } })),
      'metric=memory_mb&label.source=worker&label.worker_id=a%26b&aggregation=avg',
    );
    const counted = prediction({ metric: 'cache_hits', unit: 'hits/s' });
    assert.match(queryOf(counted), /aggregation=rate/);
    const speed = prediction({ metric: 'disk_read_mb_s', unit: 'MB/s' });
    assert.match(queryOf(speed), /aggregation=avg/);
  });

  it('are shown from before it began to the limit that is foreseen', () => {
    const { query, span } = rangeOf(prediction(), T0 + MINUTE);
    assert.equal(query, 'range=15m');
    assert.deepEqual(span, { from: T0 - 14 * MINUTE, to: T0 + 5 * MINUTE });
  });

  it('are those of then where it is over, whatever the time is now', () => {
    const over = foundAt(T0, { kind: 'anomaly', until: iso(T0 + MINUTE) });
    const asked = rangeOf(over, T0 + 10_000 * MINUTE);
    assert.deepEqual(asked.span, { from: T0 - MINUTE / 2, to: T0 + 1.5 * MINUTE });
    assert.deepEqual(rangeOf(over, T0 + 20_000 * MINUTE), asked);
  });

  it('have the limit across and the trend that leads to it', () => {
    const span = { from: T0 - 14 * MINUTE, to: T0 + 5 * MINUTE };
    const chart = foundChart(prediction(), { state: { kind: 'ready', answer }, span });
    assert.deepEqual(chart?.marks, [{ label: 'limit', value: 1000 }]);
    assert.deepEqual(
      chart?.lines.map(({ name }) => name),
      ['memory_mb', 'trend'],
    );
    assert.deepEqual(chart?.lines[1]?.points, [
      { x: T0 - 10 * MINUTE, y: 100 },
      { x: T0 + 5 * MINUTE, y: 1000 },
    ]);
    assert.equal(chart?.say(1000), '1,000 MB');
  });

  it('have what is usual across where they are odd, and no trend', () => {
    const odd = foundAt(T0, { kind: 'anomaly', class: 'spike', threshold: 20 });
    const span = { from: T0 - MINUTE, to: T0 };
    const chart = foundChart(odd, { state: { kind: 'ready', answer }, span });
    assert.deepEqual(chart?.marks, [{ label: 'usual', value: 20 }]);
    assert.equal(chart?.lines.length, 1);
    assert.equal(foundChart(odd, { state: { kind: 'waiting' }, span }), null);
  });

  it('say nothing of a way that is not told right', () => {
    const wild = prediction({ evidence: { at: 'soon', per_second: NaN, span_ms: '1' } });
    const { span } = rangeOf(wild, T0);
    const chart = foundChart(wild, { state: { kind: 'ready', answer }, span });
    assert.equal(chart?.lines.length, 1);
    assert.equal(span.to, T0);
  });
});
