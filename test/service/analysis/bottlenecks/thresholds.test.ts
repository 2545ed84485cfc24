import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  WATCHED,
  type WatchedLine,
  findBottlenecks,
} from '../../../service/analysis/bottlenecks.ts';

const NOW = Date.parse('2026-03-01T10:00:10.000Z');

/** Values that end at NOW, one each `step` ms. */
function line(
  metric: string,
  values: number[],
  { step = 1000, labels = { source: 'host' }, end = NOW } = {},
): WatchedLine {
  const watched = WATCHED.find((one) => one.metric === metric);
  assert.ok(watched, metric);
  const points = values.map((value, i): [number, number] => [
    end - (values.length - i) * step,
    value,
  ]);
  return { watched, labels, points };
}

describe('bottlenecks', () => {
  it('are found after five seconds at or above the threshold, with what shows them', () => {
    const [found, ...others] = findBottlenecks(
      [line('cpu_percent', [20, 91, 94, 85, 88, 92])],
      NOW,
    );
    assert.deepEqual(others, []);
    assert.ok(found);
    const { impact, confidence, ...rest } = found;
    assert.ok(Math.abs(impact - 1 / 3) < 1e-9, String(impact));
    assert.equal(confidence, 6 / 7);
    assert.deepEqual(rest, {
      bottleneck_id: 'CPU:cpu_percent:source=host',
      kind: 'CPU',
      title: 'CPU use',
      pattern: null,
      metric: 'cpu_percent',
      labels: { source: 'host' },
      ...{ job_id: null, pipeline: null, phase_id: null, worker_id: null },
      impact_basis: 'use',
      evidence_series: [
        { metric: 'cpu_percent', labels: { source: 'host' }, unit: 'percent', title: 'CPU use' },
      ],
      since: '2026-03-01T10:00:05.000Z',
      sentence:
        'CPU use of this machine has been 90.0 % on average for 5 s, at or above 85 % all the time.',
      evidence: {
        unit: 'percent',
        average: 90,
        threshold: 85,
        max: 94,
        last: 92,
        points: 5,
        last_at: '2026-03-01T10:00:09.000Z',
      },
    });
  });

  it('are none when shorter, interrupted, over, or of old values', () => {
    const none = (one: WatchedLine) => assert.deepEqual(findBottlenecks([one], NOW), []);
    none(line('cpu_percent', []));
    none(line('cpu_percent', [99, 99, 99, 99]));
    none(line('cpu_percent', [99, 99, 99, 10, 99, 99, 99]));
    none(line('cpu_percent', [99, 99, 99, 99, 99, 99, 84.9]));
    none(line('cpu_percent', [99, 99, 99, 99, 99, 99], { end: NOW - 30_000 }));
    none(line('cpu_percent', [99, 99], { step: 10_000 }));
  });

  it('are seen in the slower heartbeats of workers, but not in the jobs that a host runs', () => {
    const worker = { source: 'worker', worker_id: 'gpu/1 ü' };
    const [found] = findBottlenecks(
      [line('cpu_percent', [100, 100, 100], { step: 5000, labels: worker })],
      NOW,
    );
    assert.equal(found?.impact, 1);
    assert.match(found.sentence, /of worker gpu\/1 ü has been 100\.0 % on average for 15 s/);
    const job = { source: 'job', pipeline: 'nightly' };
    assert.deepEqual(
      findBottlenecks([line('cpu_percent', [99, 99, 99, 99, 99, 99], { labels: job })], NOW),
      [],
    );
    const ipc = findBottlenecks(
      [line('ipc_latency_ms', [60, 60, 60, 60, 60, 60], { labels: job })],
      NOW,
    );
    assert.deepEqual(
      ipc.map(({ kind, impact }) => [kind, impact]),
      [['IPC', 1]],
    );
  });

  it('of all four kinds are listed by impact', () => {
    const found = findBottlenecks(
      [
        line('host_memory_percent', [91, 91, 91, 91, 91]),
        line('host_cpu_iowait_percent', [50, 50, 50, 50, 50]),
        line('ipc_latency_ms', [46, 46, 46, 46, 46]),
        line('cpu_percent', [97, 97, 97, 97, 97]),
      ],
      NOW,
    );
    assert.deepEqual(
      found.map(({ kind }) => kind),
      ['IPC', 'CPU', 'IO', 'MEMORY'],
    );
  });

  it('have an impact and a confidence from 0 to 1, and begin where the values rose', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 40 });
    fc.assert(
      fc.property(values, (all) => {
        const one = line('ipc_latency_ms', all);
        for (const { impact, confidence, since, evidence } of findBottlenecks([one], NOW)) {
          assert.ok(impact >= 0 && impact <= 1 && confidence > 0 && confidence < 1);
          const run = one.points.filter(([time]) => time >= Date.parse(since));
          assert.ok(run.every(([, value]) => value >= 10) && run.length === evidence.points);
          const before = one.points.at(-run.length - 1);
          assert.ok(before === undefined || before[1] < 10);
        }
      }),
    );
  });
});
