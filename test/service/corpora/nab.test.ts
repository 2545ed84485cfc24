import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Aggregation } from '../../../service/protocol/aggregation.ts';
import type { SeriesAnswer } from '../../../service/protocol/series.ts';
import { corpus, needsCorpus } from '../../support/corpus.ts';
import { startService } from '../../support/service.ts';
import { makeTempDir, removeTempDir } from '../../support/tempDir.ts';
import {
  DAY,
  HOUR,
  type Peer,
  assertNear,
  groupBy,
  peerOf,
  quantile,
  sendAll,
  shuffled,
  sumOf,
} from './support.ts';

/** CPU, requests, bytes written, network, travel times and speeds: a point every five minutes, or irregular. */
const FILES = [
  'realAWSCloudwatch/ec2_cpu_utilization_825cc2.csv',
  'realAWSCloudwatch/elb_request_count_8c0756.csv',
  'realAWSCloudwatch/ec2_disk_write_bytes_c0d644.csv',
  'realTraffic/TravelTime_451.csv',
  'realTraffic/speed_7578.csv',
];
const config = { sampling: { host_interval_ms: 0 } };
/** The end of yesterday, and what a month before it begins. */
const END = Math.floor(Date.now() / DAY) * DAY;
const BEGIN = END - 29 * DAY;

interface Point {
  time: number;
  value: number;
}

/** The file's points of the 29 days before its last one, moved in time as a whole so that it ends with yesterday. */
function readPoints(file: string): Point[] {
  const [, ...lines] = readFileSync(corpus('nab', 'data', file), 'utf8')
    .trim()
    .split('\n');
  const points = lines.map((line) => {
    const [time = '', value = ''] = line.split(',');
    return { time: Date.parse(`${time.replace(' ', 'T')}Z`), value: Number(value) };
  });
  const offset = END - 1 - Math.max(...points.map(({ time }) => time));
  return points
    .map(({ time, value }) => ({ time: time + offset, value }))
    .filter(({ time }) => time >= BEGIN);
}

const EXACT: readonly [Aggregation, (values: readonly number[]) => number][] = [
  ['count', (values) => values.length],
  ['avg', (values) => sumOf(values) / values.length],
  ['min', (values) => Math.min(...values)],
  ['max', (values) => Math.max(...values)],
  ['sum', sumOf],
  ['p50', (values) => quantile(values, 0.5)],
  ['p95', (values) => quantile(values, 0.95)],
  ['p99', (values) => quantile(values, 0.99)],
];
const APPROXIMATE = new Set<Aggregation>(['p50', 'p95', 'p99']);

describe('recorded metrics (NAB), sent to a service', () => {
  needsCorpus('nab');
  let recorded: Map<string, Point[]>;
  let dataDir: string;
  let peer: Peer;
  let stop: () => Promise<void>;

  before(async function () {
    this.timeout(60_000);
    recorded = new Map(FILES.map((file) => [file, readPoints(file)]));
    dataDir = makeTempDir('nab');
    const service = await startService({ dataDir, config });
    stop = () => service.stop();
    peer = peerOf(service);
    const events = [...recorded].flatMap(([file, points]) =>
      points.map(({ time, value }, n) => ({
        ...{ type: 'metric.recorded', id: `${file}#${n}`, name: 'observed', value, time },
        labels: { file, folder: file.split('/', 1)[0] ?? '' },
      })),
    );
    // As they may come: of several senders, in no order.
    await sendAll(peer, shuffled(events, 3));
    const { duplicates } = await sendAll(peer, events.slice(0, 2000));
    assert.equal(duplicates, 2000);
  });
  after(async () => {
    await stop?.();
    if (dataDir) removeTempDir(dataDir);
  });

  /** Every aggregation of every label set, against what the points of each step give. */
  async function check(step: 'hour' | 'day', by: 'file' | 'folder'): Promise<void> {
    const width = step === 'hour' ? HOUR : DAY;
    const key = (file: string) => (by === 'file' ? file : (file.split('/', 1)[0] ?? ''));
    const points = [...recorded].flatMap(([file, own]) =>
      own.map((point) => ({ ...point, of: key(file) })),
    );
    for (const [aggregation, exact] of EXACT) {
      const answer = await peer.get<SeriesAnswer>(
        `/api/v1/series?metric=observed&from=${BEGIN}&to=${END - 1}&step=${width}&aggregation=${aggregation}&group_by=${by}`,
      );
      assert.equal(answer.step_ms, width);
      const lines = new Map(answer.series.map((line) => [line.labels[by], line.points]));
      const groups = groupBy(points, (point) => point.of);
      assert.deepEqual([...lines.keys()].sort(), [...groups.keys()].sort());
      for (const [name, own] of groups) {
        const steps = groupBy(own, ({ time }) => String(Math.floor(time / width) * width));
        const line = lines.get(name) ?? [];
        assert.deepEqual(
          line.map(([time]) => time),
          [...steps.keys()].map(Number).sort((a, b) => a - b),
        );
        for (const [time, value] of line) {
          const values = (steps.get(String(time)) ?? []).map((point) => point.value);
          const what = `${aggregation} of ${name} at ${new Date(time).toISOString()}`;
          if (APPROXIMATE.has(aggregation)) assertNear(value, exact(values), what);
          else assert.ok(Math.abs(value - exact(values)) <= 1e-9 * Math.abs(exact(values)), what);
        }
      }
    }
  }

  it('answers each hour of each of them as the file does', () => check('hour', 'file'));
  it('answers each day of each of them as the file does', () => check('day', 'file'));
  it('answers for several together', () => check('day', 'folder'));

  it('answers the same after a new start', async () => {
    await stop();
    const again = await startService({ dataDir, config });
    stop = () => again.stop();
    peer = peerOf(again);
    await check('hour', 'file');
    await check('day', 'folder');
  });

  it('shows a month in at most 2,000 points, with its highest and lowest', async () => {
    const [file = ''] = FILES;
    const { series } = await peer.get<SeriesAnswer>(
      `/api/v1/series?metric=observed&label.file=${encodeURIComponent(file)}&from=${BEGIN}&to=${END - 1}&aggregation=raw`,
    );
    const shown = (series[0]?.points ?? []).map(([, value]) => value);
    const values = (recorded.get(file) ?? []).map(({ value }) => value);
    assert.ok(shown.length > 500 && shown.length <= 2000, String(shown.length));
    assert.deepEqual(
      [Math.min(...shown), Math.max(...shown)],
      [Math.min(...values), Math.max(...values)],
    );
  });
});
