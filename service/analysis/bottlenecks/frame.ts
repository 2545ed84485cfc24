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
  disk_read_mb_s: 'MB/s',
  disk_write_mb_s: 'MB/s',
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

const GPU_HOLDS_MS = 5000;

/** Puts the points of a second together. */
export class FrameMaker {
  #sums = new Map<FrameMetric, [sum: number, count: number]>();
  /** GPUs are looked at less often than once a second: their newest value holds for a while. */
  #gpu: { value: number; time: number } | null = null;

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
    const values: Partial<Record<FrameMetric, number>> = {};
    for (const [metric, [sum, count]] of this.#sums) values[metric] = sum / count;
    this.#sums = new Map();
    if (values.gpu_percent !== undefined) this.#gpu = { value: values.gpu_percent, time };
    else if (this.#gpu && Math.abs(time - this.#gpu.time) <= GPU_HOLDS_MS)
      values.gpu_percent = this.#gpu.value;
    return { time, cores, values };
  }
}
