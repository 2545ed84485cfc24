/** What this machine measured in one second, as means. What was not measured is absent: never 0. */
import type { BottleneckKind } from '../../protocol/bottleneck.ts';

/** Metrics of service/sampler, as the series have them; the label `source` is "host". */
export const FRAME_METRICS = {
  cpu_percent: 'percent',
  host_cpu_system_percent: 'percent',
  host_cpu_iowait_percent: 'percent',
  host_memory_percent: 'percent',
  host_context_switches_per_s: '1/s',
  host_processes_running: '',
  host_stall_cpu_percent: 'percent',
  host_stall_io_percent: 'percent',
  host_stall_io_full_percent: 'percent',
  host_stall_memory_percent: 'percent',
  host_stall_memory_full_percent: 'percent',
  host_disk_busy_percent: 'percent',
  host_loopback_mb_s: 'MB/s',
  host_packets_per_s: '1/s',
  host_tcp_retransmits_percent: 'percent',
  host_swap_mb_s: 'MB/s',
  host_refaults_per_s: '1/s',
  disk_read_mb_s: 'MB/s',
  disk_write_mb_s: 'MB/s',
  net_in_mb_s: 'MB/s',
  net_out_mb_s: 'MB/s',
  gpu_percent: 'percent',
} as const;
export type FrameMetric = keyof typeof FRAME_METRICS;

/** What of a machine stays. */
export interface Machine {
  cores: number;
  page_bytes?: number;
}

export interface Frame {
  /** Epoch milliseconds of its end. */
  time: number;
  cores: number;
  /** Of its memory; 4096 where nobody says. */
  page_bytes?: number;
  values: Readonly<Partial<Record<FrameMetric, number>>>;
}

export function isFrameMetric(name: string): name is FrameMetric {
  return Object.hasOwn(FRAME_METRICS, name);
}

/** GPUs are looked at less often than once a second: their newest value holds for a while. */
const GPU_HOLDS_MS = 5000;
/** What was not measured for longer is not watched. */
const WATCHED_MS = 10_000;

/** What shows the classes that are seen in frames: without these nothing of them can be found. */
const SHOWN_BY = {
  CPU: ['cpu_percent'],
  MEMORY: ['host_memory_percent', 'host_stall_memory_percent'],
  IO: ['host_stall_io_percent', 'host_cpu_iowait_percent'],
  IPC: ['host_context_switches_per_s'],
  NETWORK: ['host_packets_per_s', 'host_tcp_retransmits_percent'],
  GPU: ['gpu_percent'],
} as const satisfies Partial<Record<BottleneckKind, readonly FrameMetric[]>>;

/** Puts the points of a second together. */
export class FrameMaker {
  #sums = new Map<FrameMetric, [sum: number, count: number]>();
  /** The newest value of each metric, and when it was taken. */
  readonly #newest = new Map<FrameMetric, { value: number; time: number }>();

  add(metric: string, value: number): void {
    if (!isFrameMetric(metric) || !Number.isFinite(value)) return;
    const held = this.#sums.get(metric);
    if (held) {
      held[0] += value;
      held[1]++;
    } else this.#sums.set(metric, [value, 1]);
  }

  /** What came since the last frame, and what is not older than `holds_ms`: for machines that are looked at more rarely. */
  take(time: number, { cores, page_bytes }: Machine, holds_ms = 0): Frame {
    const values: Partial<Record<FrameMetric, number>> = {};
    for (const [metric, [sum, count]] of this.#sums)
      this.#newest.set(metric, { value: sum / count, time });
    this.#sums = new Map();
    for (const [metric, { value, time: taken }] of this.#newest) {
      const holds = metric === 'gpu_percent' ? Math.max(GPU_HOLDS_MS, holds_ms) : holds_ms;
      if (Math.abs(time - taken) <= holds) values[metric] = value;
    }
    return { time, cores, values, ...(page_bytes !== undefined && { page_bytes }) };
  }

  /** The classes of which anything was measured lately. */
  watched(now: number): BottleneckKind[] {
    const isFresh = (metric: FrameMetric): boolean => {
      const held = this.#newest.get(metric);
      return held !== undefined && Math.abs(now - held.time) <= WATCHED_MS;
    };
    return Object.entries(SHOWN_BY).flatMap(([kind, metrics]) =>
      metrics.some(isFresh) ? [kind as BottleneckKind] : [],
    );
  }
}
