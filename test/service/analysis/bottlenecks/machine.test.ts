import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BottleneckDetector } from '../../../../service/analysis/bottlenecks/detector.ts';
import { FRAME_METRICS, FrameMaker } from '../../../../service/analysis/bottlenecks/frame.ts';
import type { TreeUse } from '../../../../service/analysis/bottlenecks/trees.ts';
import { CALM, CORES, NOW, SATURATED, type Values, assertSane, run, told } from './support.ts';

const IO: Values = {
  ...CALM,
  ...{ host_stall_io_percent: 90, host_stall_io_full_percent: 80, host_cpu_iowait_percent: 40 },
};
const MEMORY: Values = {
  ...CALM,
  ...{ host_stall_memory_percent: 35, host_stall_memory_full_percent: 20 },
  ...{ host_refaults_per_s: 80_000, host_stall_io_percent: 50, host_stall_io_full_percent: 30 },
};
const REREAD: Values = {
  ...{ ...IO, host_stall_memory_percent: 2.5, host_stall_memory_full_percent: 2 },
  ...{ host_refaults_per_s: 500_000, disk_read_mb_s: 2000, disk_write_mb_s: 0 },
};
const PIPES: Values = {
  ...{ ...CALM, cpu_percent: 95, host_cpu_system_percent: 75, host_stall_cpu_percent: 80 },
  host_context_switches_per_s: 400_000,
};
const LOOPBACK: Values = {
  ...{ ...CALM, cpu_percent: 90, host_cpu_system_percent: 60, host_context_switches_per_s: 90_000 },
  ...{ host_packets_per_s: 150_000, host_loopback_mb_s: 1500 },
};

/** Ten calm seconds, ten of the load, ten calm ones. */
const load = (values: Values, trees: readonly TreeUse[] = []) =>
  run(30, (n) => (n >= 10 && n < 20 ? { values, trees } : {}));

const tree = (more: Partial<TreeUse>): TreeUse => ({
  whose: { job_id: 'run-1', pipeline: 'nightly', phase_id: 'P03', worker_id: null },
  ...{ cores: 3.6, kernel_cores: 2.8, disk_mb_s: 50, threads: null, isReported: false },
  ...more,
});

describe('what holds a machine back', () => {
  const classes: [name: string, kind: string, values: Values][] = [
    ['CPU that work waits for', 'CPU', { ...CALM, ...SATURATED }],
    ['disks that work waits for', 'IO', IO],
    ['memory that is short', 'MEMORY', MEMORY],
    ['a disk that is read again and again for want of memory', 'MEMORY', REREAD],
    [
      'a disk that is written, with a little read again',
      'IO',
      { ...REREAD, disk_write_mb_s: 3000 },
    ],
    ['memory that is nearly full', 'MEMORY', { ...CALM, host_memory_percent: 96 }],
    ['messages through pipes', 'IPC', PIPES],
    ['bulk over the loopback', 'NETWORK', LOOPBACK],
    ['a network that loses data', 'NETWORK', { ...CALM, host_tcp_retransmits_percent: 12 }],
    ['a GPU in full use', 'GPU', { ...CALM, gpu_percent: 99 }],
  ];
  for (const [name, kind, values] of classes)
    it(`is ${kind} for ${name}: found within three seconds, ended five after its end, once`, () => {
      const happened = load(values);
      assert.deepEqual(told(happened), [`${kind} opened 12`, `${kind} ended 24`]);
      const found = happened[0]?.bottleneck;
      assert.ok(found?.impact && found.impact > 0 && found.impact <= 1, String(found?.impact));
      assert.ok(found.confidence > 0.5 && found.confidence <= 1, String(found.confidence));
      assert.equal(found.since, new Date(NOW + 9000).toISOString());
      assert.ok(found.evidence_series.length > 0);
      assert.equal(found.evidence_series[0]?.labels['source'], 'host');
      assert.match(found.sentence, /for 3 s\.$/);
    });

  it('is one shortage of memory that shows in turns as waiting, as reading again and as full', () => {
    const turns = [MEMORY, REREAD, { ...CALM, host_memory_percent: 97 }];
    const happened = run(30, (n) => (n >= 10 && n < 22 ? { values: turns[n % 3] ?? CALM } : {}));
    assert.deepEqual(told(happened), ['MEMORY opened 12', 'MEMORY ended 26']);
    const { metric, evidence, impact_basis } = happened[1]?.bottleneck ?? {};
    // All figures are of one of the three: the first of those that were seen as often.
    assert.equal(metric, 'host_refaults_per_s');
    assert.deepEqual([evidence?.unit, evidence?.average, evidence?.points], ['1/s', 500_000, 4]);
    assert.equal(impact_basis, 'throughput');
    const full = { ...CALM, host_memory_percent: 97 };
    const turned = run(60, (n) => (n < 3 ? { values: MEMORY } : { values: full }));
    assert.deepEqual(told(turned), ['MEMORY opened 2']);
  });

  it('is memory that is read again in pages of any size', () => {
    const values = { ...REREAD, host_refaults_per_s: 500_000 / 16 };
    const of = (page_bytes: number) =>
      told(run(20, (n) => (n >= 10 ? { values, page_bytes } : {})));
    assert.deepEqual(of(65_536), ['MEMORY opened 12']);
    assert.deepEqual(of(4096), ['IO opened 12']);
    const [found] = run(20, () => ({ values, page_bytes: 65_536 }));
    assert.equal(found?.bottleneck.evidence.threshold, null);
  });

  it('is found where the machine is looked at every two seconds only', () => {
    const maker = new FrameMaker();
    const found = (holds: number) =>
      told(
        run(30, (n, _, now) => {
          const values = n >= 10 && n < 20 ? { ...CALM, ...SATURATED } : CALM;
          for (const [metric, value] of Object.entries(values))
            if (n % 2 === 0) maker.add(metric, value);
          return { values: maker.take(now, { cores: CORES }, holds).values };
        }),
      );
    assert.deepEqual(found(2500), ['CPU opened 12', 'CPU ended 24']);
    assert.deepEqual(found(0), []);
  });

  it('is not the CPU alone: all of it in use with nothing that waits is no bottleneck', () => {
    assert.deepEqual(load({ ...CALM, cpu_percent: 100, host_stall_cpu_percent: 20 }), []);
  });

  it('is found without stall figures, where the kernel tells none', () => {
    const happened = load({ cpu_percent: 99, host_processes_running: 9 });
    assert.deepEqual(told(happened), ['CPU opened 12', 'CPU ended 24']);
    assert.deepEqual(load({ cpu_percent: 99, host_processes_running: 4 }), []);
    assert.deepEqual(told(load({ cpu_percent: 10, host_cpu_iowait_percent: 45 })), [
      'IO opened 12',
      'IO ended 24',
    ]);
  });

  it('is none for two bad seconds, and one for a bad time with a good second in it', () => {
    const at = (seconds: number[]) =>
      run(30, (n) => (seconds.includes(n) ? { values: { ...CALM, ...SATURATED } } : {}));
    assert.deepEqual(at([10, 11, 15, 16, 20]), []);
    assert.deepEqual(told(at([10, 11, 12, 14, 15, 18, 19])), ['CPU opened 12', 'CPU ended 24']);
  });

  it('is of the job whose processes do it, with its phase', () => {
    const [pipes] = load(PIPES, [tree({}), tree({ cores: 0.1, kernel_cores: 0.05 })]);
    const { job_id, pipeline, phase_id } = pipes?.bottleneck ?? {};
    assert.deepEqual([job_id, pipeline, phase_id], ['run-1', 'nightly', 'P03']);
    assert.match(pipes?.bottleneck.sentence ?? '', / \(phase P03 of nightly\)\.$/);
    const [cpu] = load({ ...CALM, ...SATURATED }, [tree({ cores: 0.5 })]);
    assert.equal(cpu?.bottleneck.job_id, null);
  });

  it('is less surely of a job that reports it of itself', () => {
    const [seen] = load({ ...CALM, ...SATURATED }, [tree({})]);
    const [told] = load({ ...CALM, ...SATURATED }, [tree({ isReported: true })]);
    assert.equal(told?.bottleneck.job_id, 'run-1');
    assert.ok((told?.bottleneck.confidence ?? 1) < (seen?.bottleneck.confidence ?? 0));
  });

  it('is held against the job’s own CPU where others use the machine as well', () => {
    const crowded = { ...CALM, ...SATURATED, host_cpu_system_percent: 15 };
    const values = { ...crowded, host_context_switches_per_s: 40_000 };
    assert.deepEqual(told(load(values)).slice(0, 1), ['CPU opened 12']);
    const own = tree({ cores: 0.5, kernel_cores: 0.4 });
    assert.deepEqual(told(load(values, [own])), [
      ...['IPC opened 12', 'CPU opened 12', 'IPC ended 24', 'CPU ended 24'],
    ]);
  });

  it('is a lock for threads that take turns on one core while others are free', () => {
    const values = { ...CALM, cpu_percent: 27 };
    const turns = tree({ cores: 1, kernel_cores: 0, threads: [[0.25, 0.24, 0.26, 0.25, 0.001]] });
    const [lock, ...others] = load(values, [turns]);
    assert.deepEqual([lock?.bottleneck.kind, others.length], ['LOCK', 1]);
    assert.equal(lock?.bottleneck.impact, 0.75);
    const none = [
      [[0.97, 0.01, 0.02]],
      // One busy thread, and helpers of its runtime that collect garbage.
      [[0.62, 0.1, 0.09, 0.1, 0.09]],
      // Processes that wait for each other.
      [[0.35], [0.33, 0.01], [0.34]],
      [[0.3, 0.3], [0.4]],
    ];
    for (const threads of none)
      assert.deepEqual(load(values, [tree({ cores: 1, kernel_cores: 0, threads })]), []);
    assert.deepEqual(load({ ...CALM, cpu_percent: 97 }, [turns]), []);
  });

  it('is nothing where nothing is measured, and nothing throws for any numbers', () => {
    assert.deepEqual(load({}), []);
    const metrics = Object.keys(FRAME_METRICS);
    const value = fc.oneof(fc.double(), fc.constantFrom(0, -1, 1e300, Number.NaN, Infinity));
    const frames = fc.array(fc.dictionary(fc.constantFrom(...metrics), value), { maxLength: 30 });
    const time = fc.integer({ min: -10_000, max: 10_000 });
    fc.assert(
      fc.property(frames, fc.array(time, { minLength: 30, maxLength: 30 }), (all, times) => {
        const detector = new BottleneckDetector();
        all.forEach((values, n) => {
          const now = NOW + (times[n] ?? 0);
          const frame = { time: now, cores: CORES, values };
          detector.second({ now, frame, trees: [], queues: [] });
          for (const one of detector.open()) assertSane(one, now);
        });
      }),
    );
  });
});

describe('a second of a machine', () => {
  it('is the means of what came in it; what did not come is absent', () => {
    const maker = new FrameMaker();
    for (const value of [10, 20, Number.NaN]) maker.add('cpu_percent', value);
    maker.add('of_somebody_else', 5);
    assert.deepEqual(maker.take(NOW, { cores: 2 }), {
      time: NOW,
      cores: 2,
      values: { cpu_percent: 15 },
    });
    assert.deepEqual(maker.take(NOW + 1000, { cores: 2 }).values, {});
  });

  it('tells which classes anything of it shows, and for how long', () => {
    const maker = new FrameMaker();
    for (const metric of ['cpu_percent', 'host_memory_percent']) maker.add(metric, 1);
    maker.take(NOW, { cores: 2 });
    assert.deepEqual(maker.watched(NOW + 5000), ['CPU', 'MEMORY']);
    assert.deepEqual(maker.watched(NOW + 11_000), []);
  });

  it('has the newest use of the GPU, which is looked at less often', () => {
    const maker = new FrameMaker();
    maker.add('gpu_percent', 90);
    const at = (ms: number) => maker.take(NOW + ms, { cores: 2 }).values.gpu_percent;
    assert.deepEqual([0, 1000, 4000, 9000].map(at), [90, 90, 90, undefined]);
  });
});
