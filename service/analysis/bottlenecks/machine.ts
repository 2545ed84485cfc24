/**
 * What holds this machine back, from one second of its own figures.
 *
 * Waiting is taken from the kernel where it tells it: pressure stall information (Weiner, 2018, Documentation/
 * accounting/psi.rst), "some" as the share of time in which something waited, "full" as that in which nothing got on.
 * So full use of the CPU alone is no bottleneck: only with work that waits for it. Moving data (pipes, sockets) shows as
 * CPU in the kernel; which of them it is follows from what the moves cost: a context switch about 3.8 us (Li, Ding and
 * Shen, "Quantifying the cost of context switch", ExpCS 2007), a packet about as much, a byte on the loopback two copies.
 */
import type { BottleneckKind, EvidenceSeries, ImpactBasis } from '../../protocol/bottleneck.ts';
import { FRAME_METRICS, type Frame, type FrameMetric } from './frame.ts';
import { type Facts, NOBODY, type Sign, fraction, keyWith } from './sign.ts';
import { type TreeUse, attributed, mover } from './trees.ts';

const HOST = { source: 'host' };
const NEEDS_MS = 3000;
const STEP_MS = 1000;

const SWITCH_S = 3.8e-6;
const PACKET_S = 4e-6;
const LOOPBACK_S_PER_MB = 0.0005;
const PAGE_BYTES = 4096;
/** What is short of memory waits for it in one second and reads again in the next: that is one episode. */
const MEMORY_KEY = keyWith('MEMORY', null, null, HOST);

/** From these on (percent where nothing else is said), and as long as it is said, from those behind. */
const LIMITS = {
  cpu: [85, 70],
  /** One thread too many waits all of the time; the threads of a runtime that come and go wait in some of it. */
  cpuStall: [75, 50],
  /** Threads that want a core, a core: where the kernel tells no stalls. */
  queued: [1.5, 1.2],
  io: [30, 15],
  memoryStall: [7, 3.5],
  memoryUsed: [90, 87],
  /** Of what goes to and from disks: what is read once more, having been dropped. */
  readAgain: [0.5, 0.35],
  /** Share of the CPU time in use that goes into moving data, and into the kernel as a whole. */
  moving: [0.15, 0.1],
  kernel: [0.35, 0.25],
  /** Cores in use: below, moving data holds nobody back. */
  cores: [0.2, 0.1],
  retransmits: [5, 2],
  gpu: [95, 85],
} as const satisfies Record<string, readonly [begin: number, hold: number]>;

/** Which of the limits holds: that of what is said already, or that of the first time. */
export type IsOpen = (kind: BottleneckKind) => boolean;

interface Look {
  frame: Frame;
  of: (metric: FrameMetric) => number | undefined;
  limit: (kind: BottleneckKind, name: keyof typeof LIMITS) => number;
  /** Cores in use. */
  used: number;
  /** The job that has most of the kernel's time: what is moved is held against its CPU alone. */
  mover: TreeUse | undefined;
}

/** The signs of one frame: at most one a class. `trees`: what the processes of jobs use, where it was looked at. */
export function machineSigns(frame: Frame, isOpen: IsOpen, trees: readonly TreeUse[] = []): Sign[] {
  const of = (metric: FrameMetric): number | undefined => frame.values[metric];
  const cores = (metric: FrameMetric): number => ((of(metric) ?? 0) / 100) * frame.cores;
  const look: Look = {
    ...{ frame, of },
    limit: (kind, name) => LIMITS[name][isOpen(kind) ? 1 : 0],
    used: cores('cpu_percent'),
    mover: mover(trees, cores('host_cpu_system_percent')),
  };
  const moving = movingSign(look);
  const memory = memorySign(look);
  // Disks that are read again for want of memory, and CPU that goes into moving data, are told once.
  const io = memory !== null && isCausedBy(memory, look) ? null : ioSign(look);
  const cpu = moving !== null && !othersCompute(look) ? null : cpuSign(look);
  return [moving, memory, io, cpu, retransmitSign(look), gpuSign(look)]
    .filter((sign) => sign !== null)
    .map((sign) => attributed(sign, frame, trees));
}

/** The CPU is wanted by more than the job that moves data. */
function othersCompute({ used, mover: job }: Look): boolean {
  return job !== undefined && used - job.cores >= job.cores;
}

function cpuSign({ frame, of, limit }: Look): Sign | null {
  const cpu = of('cpu_percent');
  if (cpu === undefined || cpu < limit('CPU', 'cpu')) return null;
  const stall = of('host_stall_cpu_percent');
  const running = of('host_processes_running');
  const queued = running === undefined ? undefined : running / frame.cores;
  const isShort =
    stall === undefined
      ? queued === undefined || queued >= limit('CPU', 'queued')
      : stall >= limit('CPU', 'cpuStall');
  if (!isShort) return null;
  const lost = queued === undefined ? null : fraction(1 - 1 / Math.max(1, queued));
  return signOf(frame, {
    ...{ kind: 'CPU', metric: 'cpu_percent', title: 'CPU is used up', threshold: LIMITS.cpu[0] },
    impact: lost ?? fraction((cpu - LIMITS.cpu[0]) / (100 - LIMITS.cpu[0])),
    impact_basis: lost === null ? 'use' : 'throughput',
    fit: stall === undefined ? 0.8 : 0.6 + 0.4 * fraction(stall / 100),
    says:
      running === undefined
        ? `The CPU of this machine is ${percent(cpu)} in use`
        : `The CPU of this machine is ${percent(cpu)} in use and ${Math.round(running)} threads share ${frame.cores} cores`,
    facts: {
      use_percent: cpu,
      ...(running === undefined ? {} : { threads: running, cores: frame.cores }),
    },
    series: ['cpu_percent', 'host_stall_cpu_percent', 'host_processes_running'],
  });
}

function ioSign({ frame, of, limit }: Look): Sign | null {
  const stall = of('host_stall_io_percent');
  const full = of('host_stall_io_full_percent');
  const series = [
    'host_stall_io_percent',
    'host_disk_busy_percent',
    'host_cpu_iowait_percent',
  ] as const;
  const common = { kind: 'IO', title: 'Disks are waited for', series } as const;
  if (stall === undefined) return iowaitSign(frame, of('host_cpu_iowait_percent'));
  if (stall < limit('IO', 'io')) return null;
  return signOf(frame, {
    ...{ ...common, metric: 'host_stall_io_percent', threshold: LIMITS.io[0] },
    impact: Math.max(full ?? 0, stall / 2) / 100,
    impact_basis: 'throughput',
    fit: 0.6 + 0.4 * fraction(stall / 100),
    says: `Work on this machine waits for a disk in ${percent(stall)} of the time`,
    facts: { waits_percent: stall },
  });
}

/** Where the kernel tells no stalls: idle cores with a request under way. */
function iowaitSign(frame: Frame, iowait: number | undefined): Sign | null {
  const threshold = 25;
  if (iowait === undefined || iowait < threshold) return null;
  return signOf(frame, {
    ...{ kind: 'IO', title: 'Disks are waited for', metric: 'host_cpu_iowait_percent', threshold },
    ...{ impact: iowait / 100, impact_basis: 'throughput', fit: 0.7 },
    says: `The CPU of this machine is idle and waits for a disk in ${percent(iowait)} of the time`,
    facts: { waits_percent: iowait },
    series: ['host_cpu_iowait_percent', 'host_disk_busy_percent'],
  });
}

function memorySign({ frame, of, limit }: Look): Sign | null {
  const stall = of('host_stall_memory_percent');
  const used = of('host_memory_percent');
  const common = { key: MEMORY_KEY, kind: 'MEMORY', title: 'Memory is used up' } as const;
  if (stall !== undefined && stall >= limit('MEMORY', 'memoryStall'))
    return signOf(frame, {
      ...{ ...common, metric: 'host_stall_memory_percent', threshold: LIMITS.memoryStall[0] },
      impact: Math.max(of('host_stall_memory_full_percent') ?? 0, stall / 2) / 100,
      ...{ impact_basis: 'throughput', fit: 0.7 + 0.3 * fraction(stall / 50) },
      says: `Work on this machine waits for memory in ${percent(stall)} of the time`,
      facts: { waits_percent: stall },
      series: [
        'host_stall_memory_percent',
        'host_refaults_per_s',
        'host_swap_mb_s',
        'host_memory_percent',
      ],
    });
  const again = readAgain(frame);
  const waits = of('host_stall_io_percent') ?? 0;
  if (waits >= limit('MEMORY', 'io') && again >= limit('MEMORY', 'readAgain'))
    return signOf(frame, {
      ...{ ...common, metric: 'host_refaults_per_s', threshold: null },
      impact: Math.max(of('host_stall_io_full_percent') ?? 0, waits / 2) / 100,
      ...{ impact_basis: 'throughput', fit: 0.6 + 0.3 * fraction(again) },
      says: `Work on this machine waits for a disk in ${percent(waits)} of the time, for ${percent(100 * again)} with what was in memory before and had to make room`,
      facts: { waits_percent: waits, again_percent: 100 * again },
      series: ['host_refaults_per_s', 'disk_read_mb_s', 'host_stall_io_percent'],
    });
  if (used === undefined || used < limit('MEMORY', 'memoryUsed')) return null;
  const threshold = LIMITS.memoryUsed[0];
  return signOf(frame, {
    ...{ ...common, metric: 'host_memory_percent', threshold },
    ...{ impact: (used - threshold) / (100 - threshold), impact_basis: 'use', fit: 0.9 },
    says: `${percent(used)} of the memory of this machine is in use`,
    facts: { use_percent: used },
    series: ['host_memory_percent', 'host_swap_mb_s'],
  });
}

/**
 * The share of disk traffic that is refaults: pages that memory had no room to keep (Weiner, "Refault distance-based file cache
 * sizing", 2012, the kernel's workingset.c). The kernel counts the wait for those that had not been in use as one for disks.
 */
function readAgain({ values, page_bytes: page = PAGE_BYTES }: Frame): number {
  const moved = (values.disk_read_mb_s ?? 0) + (values.disk_write_mb_s ?? 0);
  return moved > 0 ? fraction(((values.host_refaults_per_s ?? 0) * (page / 1e6)) / moved) : 0;
}

/** Reading again what was dropped waits for the disk as well. */
function isCausedBy(memory: Sign, { of }: Look): boolean {
  if (memory.metric === 'host_refaults_per_s') return true;
  if (memory.metric !== 'host_stall_memory_percent') return false;
  return (of('host_stall_memory_percent') ?? 0) >= 0.4 * (of('host_stall_io_percent') ?? 0);
}

/** CPU that goes into moving data between processes (IPC) or machines (NETWORK). */
function movingSign({ frame, of, limit, used: all, mover: job }: Look): Sign | null {
  const system = of('host_cpu_system_percent');
  const cpu = of('cpu_percent');
  if (system === undefined || cpu === undefined || cpu <= 0) return null;
  const packets = (of('host_packets_per_s') ?? 0) * PACKET_S;
  const network = packets + (of('host_loopback_mb_s') ?? 0) * LOOPBACK_S_PER_MB;
  const switches = (of('host_context_switches_per_s') ?? 0) * SWITCH_S;
  const used = job?.cores ?? all;
  const kernel = job ? job.kernel_cores / Math.max(job.cores, Number.EPSILON) : system / cpu;
  // A packet wakes a thread: of switches, only those beyond the packets are of pipes.
  const isNetwork = network >= 0.4 * switches;
  const kind = isNetwork ? 'NETWORK' : 'IPC';
  // Who waits for a disk is switched away too: such switches hand nothing over.
  if (!isNetwork && (of('host_stall_io_percent') ?? 0) >= LIMITS.io[0]) return null;
  const share = used > 0 ? fraction((isNetwork ? network : switches) / used) : 0;
  if (used < limit(kind, 'cores') || share < limit(kind, 'moving')) return null;
  if (kernel < limit(kind, 'kernel')) return null;
  const per_second = of(isNetwork ? 'host_packets_per_s' : 'host_context_switches_per_s') ?? 0;
  const said = isNetwork
    ? `sending and receiving ${Math.round(per_second)} packets a second`
    : `${Math.round(per_second)} hand-overs a second between processes`;
  return signOf(frame, {
    kind,
    metric: isNetwork ? 'host_packets_per_s' : 'host_context_switches_per_s',
    title: isNetwork ? 'The network takes the CPU' : 'Messages between processes take the CPU',
    threshold: ((limit(kind, 'moving') * used) / (isNetwork ? PACKET_S : SWITCH_S)) | 0,
    ...{ impact: kernel, impact_basis: 'throughput', fit: 0.5 + 0.5 * fraction(share / 0.4) },
    says: `${percent(kernel * 100)} of the CPU time in use goes into ${said}`,
    facts: { kernel_percent: kernel * 100, per_second },
    series: isNetwork
      ? [
          'host_packets_per_s',
          'host_loopback_mb_s',
          'net_in_mb_s',
          'net_out_mb_s',
          'host_cpu_system_percent',
        ]
      : ['host_context_switches_per_s', 'host_cpu_system_percent', 'cpu_percent'],
  });
}

function retransmitSign({ frame, of, limit }: Look): Sign | null {
  const again = of('host_tcp_retransmits_percent');
  if (again === undefined || again < limit('NETWORK', 'retransmits')) return null;
  return signOf(frame, {
    ...{ kind: 'NETWORK', metric: 'host_tcp_retransmits_percent', title: 'The network loses data' },
    threshold: LIMITS.retransmits[0],
    // Throughput of TCP falls with the square root of the loss (Mathis et al., 1997).
    ...{ impact: Math.sqrt(again / 100), impact_basis: 'throughput', fit: 0.8 },
    says: `${percent(again)} of what TCP sends is sent again`,
    facts: { again_percent: again },
    series: ['host_tcp_retransmits_percent', 'net_out_mb_s', 'net_in_mb_s'],
  });
}

function gpuSign({ frame, of, limit }: Look): Sign | null {
  const gpu = of('gpu_percent');
  if (gpu === undefined || gpu < limit('GPU', 'gpu')) return null;
  const threshold = LIMITS.gpu[0];
  return signOf(frame, {
    ...{ kind: 'GPU', metric: 'gpu_percent', title: 'The GPU is used up', threshold },
    ...{ impact: (gpu - threshold) / (100 - threshold), impact_basis: 'use', fit: 0.9 },
    says: `The GPUs of this machine are ${percent(gpu)} in use`,
    facts: { use_percent: gpu },
    series: ['gpu_percent'],
  });
}

interface Said {
  key?: string;
  kind: BottleneckKind;
  metric: FrameMetric;
  title: string;
  threshold: number | null;
  impact: number;
  impact_basis: ImpactBasis;
  fit: number;
  says: string;
  facts: Facts;
  series: readonly FrameMetric[];
}

const TITLES: Partial<Record<FrameMetric, string>> = {
  cpu_percent: 'CPU in use',
  host_stall_cpu_percent: 'Waiting for CPU',
  host_processes_running: 'Threads that run or could run',
  host_stall_io_percent: 'Waiting for disks',
  host_disk_busy_percent: 'Busiest disk',
  host_cpu_iowait_percent: 'CPU idle for disks',
  host_stall_memory_percent: 'Waiting for memory',
  host_refaults_per_s: 'Pages read again',
  disk_read_mb_s: 'Read from disks',
  host_swap_mb_s: 'Swapping',
  host_memory_percent: 'Memory in use',
  host_context_switches_per_s: 'Context switches',
  host_cpu_system_percent: 'CPU in the kernel',
  host_packets_per_s: 'Packets',
  host_loopback_mb_s: 'Loopback',
  net_in_mb_s: 'Received',
  net_out_mb_s: 'Sent',
  host_tcp_retransmits_percent: 'Sent again',
  gpu_percent: 'GPU in use',
};

function signOf({ time, values }: Frame, said: Said): Sign {
  const value = values[said.metric];
  const known = said.series.filter((metric) => values[metric] !== undefined);
  const evidence = known.map((metric): EvidenceSeries => {
    const unit = FRAME_METRICS[metric];
    return { metric, labels: HOST, unit, title: TITLES[metric] ?? metric, aggregation: 'avg' };
  });
  return {
    ...(said.key !== undefined && { key: said.key }),
    ...{ kind: said.kind, title: said.title, pattern: null, metric: said.metric, labels: HOST },
    ...{ unit: FRAME_METRICS[said.metric], threshold: said.threshold, needs_ms: NEEDS_MS },
    samples: value === undefined ? [] : [[time - STEP_MS, value]],
    ...{ impact: fraction(said.impact), impact_basis: said.impact_basis, fit: fraction(said.fit) },
    ...{ whose: NOBODY, says: said.says, facts: said.facts, series: evidence },
  };
}

function percent(value: number): string {
  return `${Math.round(value)} %`;
}
