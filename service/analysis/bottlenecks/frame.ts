/** What this machine measured in one second, as means. What was not measured is absent: never 0. */

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
  net_in_mb_s: 'MB/s',
  net_out_mb_s: 'MB/s',
  gpu_percent: 'percent',
} as const;
export type FrameMetric = keyof typeof FRAME_METRICS;

export interface Frame {
  /** Epoch milliseconds of its end. */
  time: number;
  cores: number;
  values: Readonly<Partial<Record<FrameMetric, number>>>;
}

export function isFrameMetric(name: string): name is FrameMetric {
  return Object.hasOwn(FRAME_METRICS, name);
}

/** Puts the points of a second together. */
export class FrameMaker {
  #sums = new Map<FrameMetric, [sum: number, count: number]>();

  add(metric: string, value: number): void {
    if (!isFrameMetric(metric) || !Number.isFinite(value)) return;
    const held = this.#sums.get(metric);
    if (held) {
      held[0] += value;
      held[1]++;
    } else this.#sums.set(metric, [value, 1]);
  }

  /** What came since the last frame. */
  take(time: number, cores: number): Frame {
    const means = [...this.#sums].map(([metric, [sum, count]]) => [metric, sum / count] as const);
    this.#sums = new Map();
    return { time, cores, values: Object.fromEntries(means) };
  }
}
