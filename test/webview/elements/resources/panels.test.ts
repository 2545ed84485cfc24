import assert from 'node:assert/strict';
import type { Metric } from '../../../../webview/charts/series.ts';
import { questionOf, workerOf, workersOf } from '../../../../webview/elements/resources/machine.ts';
import { arrange, memoryRate } from '../../../../webview/elements/resources/panels.ts';

const around = { span: { from: 0, to: 10 }, bands: [] };

describe('the charts of resources', () => {
  it('are those of which something was measured; the rest is named once', () => {
    const points = (metric: Metric): { x: number; y: number }[] =>
      metric === 'disk_write_mb_s' || metric === 'cpu_percent' ? [{ x: 1, y: 2 }] : [];
    const { charts, missing } = arrange(points, around);
    assert.deepEqual(
      charts.map(({ name }) => name),
      ['CPU', 'Disk'],
    );
    assert.deepEqual(
      charts[1]?.chart?.lines.map(({ name }) => name),
      ['read', 'written'],
    );
    assert.deepEqual(missing, ['Memory', 'GPU', 'GPU memory', 'Network']);
  });

  it('keep their place while they are being fetched', () => {
    const { charts, missing } = arrange(() => undefined, around);
    assert.equal(charts.length, 6);
    assert.ok(charts.every(({ chart }) => chart === null));
    assert.deepEqual(missing, []);
  });

  it('ask for the machine or for one worker, whatever it is called', () => {
    assert.equal(
      questionOf('cpu_percent', 'host'),
      'metric=cpu_percent&label.source=host&aggregation=avg',
    );
    assert.equal(
      questionOf('cpu_percent', 'worker:a&b=c'),
      'metric=cpu_percent&label.source=worker&label.worker_id=a%26b%3Dc&aggregation=avg',
    );
    assert.deepEqual([workerOf('host'), workerOf('worker:x:y')], [null, 'x:y']);
    assert.deepEqual(workersOf(undefined), []);
  });

  it('say speeds with their unit', () => {
    assert.deepEqual([null, 0, 0.5, 20, 3_000].map(memoryRate), [
      '-',
      '0 MB/s',
      '512 KB/s',
      '20 MB/s',
      '2.9 GB/s',
    ]);
  });
});
