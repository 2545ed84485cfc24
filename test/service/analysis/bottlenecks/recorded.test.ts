import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BottleneckDetector } from '../../../../service/analysis/bottlenecks/detector.ts';
import { isFrameMetric } from '../../../../service/analysis/bottlenecks/frame.ts';
import { root } from '../../../support/paths.ts';
import { NOW, type Values } from './support.ts';

interface Recorded {
  metrics: string[];
  loads: { kind: string; load: string; seconds: (number | null)[][] }[];
}

const CORES = 2;

/** Recorded by the sampler on a crowded machine: all of the CPU was in use by others before, within and after. */
describe('recorded seconds of real load', () => {
  const { metrics, loads } = JSON.parse(
    readFileSync(join(root, 'test', 'fixtures', 'bottleneckSeconds.json'), 'utf8'),
  ) as Recorded;

  const valuesOf = (second: (number | null)[]): Values =>
    Object.fromEntries(
      metrics.flatMap((metric, n) => {
        const value = second[n];
        return isFrameMetric(metric) && typeof value === 'number' ? [[metric, value]] : [];
      }),
    );

  for (const { kind, load, seconds } of loads)
    it(`are ${kind} (${load})`, () => {
      const detector = new BottleneckDetector();
      const kinds = seconds.flatMap((second, n) => {
        const now = NOW + n * 1000;
        const frame = { time: now, cores: CORES, values: valuesOf(second) };
        const { opened } = detector.second({ now, frame, trees: [], queues: [] });
        return opened.map((one) => one.kind);
      });
      assert.ok(
        kinds.some((one) => one === kind),
        kinds.join(', '),
      );
      // The others' work may be found too; nothing else may.
      assert.deepEqual(
        kinds.filter((one) => one !== kind && one !== 'CPU'),
        [],
      );
    });
});
