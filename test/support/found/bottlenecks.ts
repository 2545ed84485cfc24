/** Bottlenecks of every kind, each as the detector itself finds it. */
import { patternsOf } from '../../../service/analysis/bottlenecks/configured.ts';
import { BottleneckDetector } from '../../../service/analysis/bottlenecks/detector.ts';
import type { TreeUse } from '../../../service/analysis/bottlenecks/trees.ts';
import type { TaskFact } from '../../../service/analysis/bottlenecks/workBook.ts';
import type { Bottleneck } from '../../../service/protocol/bottleneck.ts';
import {
  CALM,
  NOW,
  run,
  SATURATED,
  type Second,
  type Values,
} from '../../service/analysis/bottlenecks/support.ts';

const SECONDS = 20;
const IO = { host_stall_io_percent: 90, host_stall_io_full_percent: 80 };
const MACHINES: readonly Values[] = [
  { ...CALM, ...SATURATED },
  { ...CALM, ...IO, host_cpu_iowait_percent: 40 },
  { cpu_percent: 10, host_cpu_iowait_percent: 45.5 },
  { ...CALM, host_stall_memory_percent: 35, host_stall_memory_full_percent: 20 },
  { ...CALM, ...IO, host_refaults_per_s: 500_000, disk_read_mb_s: 2100, disk_write_mb_s: 0 },
  { ...CALM, host_memory_percent: 96.4 },
  {
    ...{ ...CALM, cpu_percent: 95, host_cpu_system_percent: 75, host_stall_cpu_percent: 80 },
    host_context_switches_per_s: 400_000.6,
  },
  {
    ...{ ...CALM, cpu_percent: 90, host_cpu_system_percent: 60, host_packets_per_s: 150_000 },
    host_loopback_mb_s: 1500,
  },
  { ...CALM, host_tcp_retransmits_percent: 12 },
  { ...CALM, gpu_percent: 99 },
];

const OWN = [
  {
    ...{ name: 'cold-cache', title: 'The cache is cold', for_seconds: 3, worst: 0 },
    conditions: [
      { metric: 'hit_rate', below: 40.5 },
      { metric: 'answer_ms', above: 500 },
    ],
  },
  { name: 'warm', for_seconds: 3, conditions: [{ metric: 'heat', above: 0.25 }] },
  {
    ...{ name: 'both', for_seconds: 3 },
    conditions: [
      { metric: 'heat', above: 0.25 },
      { metric: 'answer_ms', above: 500 },
    ],
  },
  { name: 'empty', for_seconds: 3, conditions: [{ metric: 'stock', below: 12_345 }] },
];

const WHOSE = { job_id: 'j-1', pipeline: 'nightly', phase_id: 'P03', worker_id: null };
const TREE: TreeUse = {
  whose: WHOSE,
  ...{ cores: 3.6, kernel_cores: 2.8, disk_mb_s: 50, threads: null, isReported: false },
};

const task = (task_id: string, more: Partial<TaskFact>): TaskFact => ({
  ...{ task_id, worker_id: null, queue: 'gpu', whose: WHOSE },
  ...{ submitted_at: null, started_at: null, ended_at: null },
  ...more,
});

/** The newest state of all that is found in these seconds. */
function found(
  second: (n: number, detector: BottleneckDetector, now: number) => Second,
  detector = new BottleneckDetector(),
): Bottleneck[] {
  run(SECONDS, second, detector);
  return detector.open();
}

/** All of this machine, some with the phase, the run or the job that has most of it. */
function ofMachines(): Bottleneck[] {
  const calm = MACHINES.flatMap((values) => found(() => ({ values })));
  const places = [WHOSE, { ...WHOSE, phase_id: null }, { ...WHOSE, pipeline: null }];
  const held = places.flatMap((whose) =>
    found(() => ({ values: { ...CALM, ...SATURATED }, trees: [{ ...TREE, whose }] })),
  );
  const threads = [[0.25, 0.24, 0.26, 0.25, 0.001]];
  const turns = { ...TREE, cores: 1, kernel_cores: 0, threads };
  const locked = { values: { ...CALM, cpu_percent: 27 }, trees: [turns] };
  return [...calm, ...held, ...found(() => locked)];
}

/** Those of thresholds: of the service and of people's own. */
function ofThresholds(): Bottleneck[] {
  const detector = new BottleneckDetector(patternsOf(OWN));
  const worker = { source: 'worker', worker_id: 'w-1' };
  return found((_, __, now) => {
    const say = (metric: string, value: number, [unit, labels]: [string, object] = ['', {}]) =>
      detector.point(
        { metric, value, unit, labels: labels as Record<string, string>, time: now },
        now,
      );
    say('cpu_percent', 93.25, ['percent', worker]);
    say('cpu_percent', 91, ['percent', { source: 'host' }]);
    say('worker_memory_percent', 97, ['percent', { worker_id: 'w-1' }]);
    say('gpu_percent', 99, ['percent', worker]);
    say('ipc_latency_ms', 1234.5678, ['ms', worker]);
    say('hit_rate', 30.125, ['percent', { cache: 'tokens' }]);
    say('answer_ms', 900, ['ms', { endpoint: '/search' }]);
    say('heat', 0.5, ['', { pipeline: 'nightly', phase_id: 'P01' }]);
    say('stock', 12_000, ['items', {}]);
    return { values: {} };
  }, detector);
}

function ofWork(): Bottleneck[] {
  const grows = found((n) => ({
    queues: [{ queue: 'gpu', pending: 5 + n * 60, oldest_wait_ms: 1000 * n + 1530 }],
  }));
  return [...grows, ...oneWorks(), ...farBehind()];
}

/** Two workers are known, and one of them works. */
function oneWorks(): Bottleneck[] {
  return found((n, detector, now) => {
    const ran = (id: string, worker_id: string) =>
      detector.task(
        task(id, { worker_id, submitted_at: now - 900, started_at: now - 800, ended_at: now }),
        now,
      );
    if (n < 3) for (const worker of ['w-0', 'w-1']) ran(`${worker}-${n}`, worker);
    if (n === 3)
      for (let i = 0; i < 20; i++) detector.task(task(`p${i}`, { submitted_at: now }), now);
    if (n >= 3) {
      const one = { submitted_at: now - 1000, started_at: now, worker_id: 'w-0' };
      detector.task(task(`r${n}`, one), now);
      detector.task(task(`r${n - 1}`, { ...one, ended_at: now }), now);
    }
    return {};
  });
}

function farBehind(): Bottleneck[] {
  const free = [NOW, NOW + 10, NOW + 20, NOW + 30];
  let count = 0;
  return found((_, detector, now) => {
    free.forEach((begin, n) => {
      let at = begin;
      const takes = (n === 2 ? 1500 : 150) + ((n * 37) % 50);
      for (; at + takes <= now; at += takes) {
        const done = { worker_id: `w-${n}`, started_at: at, ended_at: at + takes };
        detector.task(task(`t${count++}`, done), now);
      }
      free[n] = at;
    });
    return {};
  });
}

export function everyBottleneck(): Bottleneck[] {
  return [...ofMachines(), ...ofThresholds(), ...ofWork()];
}
