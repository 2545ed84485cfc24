import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { SeriesStore } from '../../../service/series/store.ts';
import { corpus, needsCorpus } from '../../support/corpus.ts';
import { DAY, HOUR, LIMITS, exactQuantile, handleOf, lineOf } from './support.ts';

/** Recorded metrics of machines, 4,000 to 22,000 points, 5 minutes apart. */
const FILES = [
  'realAWSCloudwatch/ec2_cpu_utilization_825cc2.csv',
  'realAWSCloudwatch/ec2_disk_write_bytes_c0d644.csv',
  'realKnownCause/machine_temperature_system_failure.csv',
  'realKnownCause/ec2_request_latency_system_failure.csv',
];

function readPoints(file: string): [number, number][] {
  const lines = readFileSync(corpus('nab', 'data', file), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  return lines.map((line) => {
    const [time = '', value = ''] = line.split(',');
    return [Date.parse(`${time.replace(' ', 'T')}Z`), Number(value)];
  });
}

function valuesByStep(points: readonly [number, number][], step: number): Map<number, number[]> {
  const steps = new Map<number, number[]>();
  for (const [time, value] of points) {
    const at = Math.floor(time / step) * step;
    const held = steps.get(at);
    if (held) held.push(value);
    else steps.set(at, [value]);
  }
  return steps;
}

describe('recorded series (NAB)', () => {
  needsCorpus('nab');

  for (const file of FILES) {
    it(`answers for ${file} as the file itself does`, async () => {
      const points = readPoints(file);
      const times = points.map(([time]) => time);
      const [from, to] = [Math.min(...times), Math.max(...times)];
      const store = new SeriesStore({ ...LIMITS, clock: () => to });
      const handle = handleOf(store);
      for (const [time, value] of points) assert.ok(handle.append(time, value));
      for (const step of [HOUR, DAY]) {
        // Older than 90 days only days are kept.
        const begin = step === HOUR ? Math.max(from, to - 80 * DAY) : from;
        const steps = valuesByStep(points, step);
        for (const [aggregation, q] of [
          ['p50', 0.5],
          ['p95', 0.95],
          ['p99', 0.99],
          ['max', 1],
        ] as const) {
          const line = await lineOf(store, { from: begin, to, step, aggregation });
          for (const [time, value] of line) {
            const exact = exactQuantile(steps.get(time) ?? [], q);
            assert.ok(Math.abs(value - exact) <= 0.01 * Math.abs(exact), `${value}, not ${exact}`);
          }
        }
        const counts = await lineOf(store, { from: begin, to, step, aggregation: 'count' });
        const counted = counts.reduce((sum, [, count]) => sum + count, 0);
        const first = Math.floor(begin / step) * step;
        assert.equal(counted, points.filter(([time]) => time >= first).length);
      }
    });
  }
});
