/**
 * What is measured of this machine: the one table of names, units and meanings. Names shared with the pipelines'
 * resource fields are the same; all others begin with `host_`. MB are 1024 x 1024 bytes, as everywhere.
 */
export const HOST_METRICS = {
  cpu_percent: ['percent', 'CPU in use, of all cores together'],
  host_cpu_user_percent: ['percent', 'CPU in programs, low priority ones included'],
  host_cpu_system_percent: ['percent', 'CPU in the kernel, interrupts included'],
  host_cpu_iowait_percent: ['percent', 'CPU idle while a disk was waited for'],
  host_cpu_steal_percent: ['percent', 'CPU that the hypervisor gave to other machines'],
  memory_mb: ['MB', 'memory in use: all that is not available'],
  host_memory_percent: ['percent', 'share of memory in use'],
  host_memory_free_mb: ['MB', 'memory that nothing uses'],
  host_memory_available_mb: ['MB', 'memory that programs can have without swapping'],
  host_memory_cached_mb: ['MB', 'memory that holds files and buffers'],
  host_swap_used_mb: ['MB', 'swap in use'],
  host_load_1: ['', 'processes that run or wait, average of 1 minute'],
  host_load_5: ['', 'processes that run or wait, average of 5 minutes'],
  host_load_15: ['', 'processes that run or wait, average of 15 minutes'],
  host_context_switches_per_s: ['1/s', 'switches from one thread to another'],
  host_processes_running: ['', 'threads that run or could run'],
  host_processes_blocked: ['', 'threads that wait for a disk'],
  host_pressure_cpu_percent: ['percent', 'time in which something waited for CPU, average of 10 s'],
  host_pressure_io_percent: [
    'percent',
    'time in which something waited for a disk, average of 10 s',
  ],
  host_pressure_memory_percent: [
    'percent',
    'time in which something waited for memory, average of 10 s',
  ],
  host_stall_cpu_percent: ['percent', 'time in which something waited for CPU'],
  host_stall_io_percent: ['percent', 'time in which something waited for a disk'],
  host_stall_io_full_percent: ['percent', 'time in which all that had work waited for a disk'],
  host_stall_memory_percent: ['percent', 'time in which something waited for memory'],
  host_stall_memory_full_percent: ['percent', 'time in which all that had work waited for memory'],
  host_cpu_core_max_percent: ['percent', 'use of the busiest core'],
  host_cpu_softirq_percent: ['percent', 'CPU in the second half of interrupts: network mostly'],
  host_disk_busy_percent: ['percent', 'time in which the busiest disk had work'],
  host_disk_wait_ms: ['ms', 'how long a request to a disk took on average'],
  host_loopback_mb_s: ['MB/s', 'sent from this machine to itself'],
  host_packets_per_s: ['1/s', 'packets of all interfaces, loopback included'],
  host_tcp_retransmits_percent: ['percent', 'segments that TCP sent again'],
  host_swap_mb_s: ['MB/s', 'moved to and from swap'],
  host_refaults_per_s: ['1/s', 'pages read again that had been dropped for want of memory'],
  net_in_mb_s: ['MB/s', 'received by the network cards'],
  net_out_mb_s: ['MB/s', 'sent by the network cards'],
  disk_read_mb_s: ['MB/s', 'read from all disks'],
  disk_write_mb_s: ['MB/s', 'written to all disks'],
  host_service_cpu_percent: ['percent', "this process's share of all cores together"],
  host_service_memory_mb: ['MB', "this process's resident memory"],
  host_service_event_loop_percent: [
    'percent',
    'time in which the event loop of this process was busy',
  ],
  host_service_event_loop_delay_ms: ['ms', 'how late a timer of this process went off'],
  disk_percent: [
    'percent',
    "share in use of the data directory's file system, for those without root",
  ],
  host_disk_free_mb: ['MB', "free on the data directory's file system, for those without root"],
  host_processes: ['', 'processes there are'],
  host_temperature_celsius: ['°C', 'temperature of the CPU'],
  gpu_percent: ['percent', 'use of the GPUs, average of all'],
  gpu_memory_mb: ['MB', 'GPU memory in use, sum of all'],
  host_gpu_memory_percent: ['percent', 'share of GPU memory in use'],
  host_gpu_temperature_celsius: ['°C', 'temperature of the hottest GPU'],
  host_gpu_power_watts: ['W', 'power drawn by the GPUs, sum of all'],
} as const satisfies Record<string, readonly [unit: string, meaning: string]>;

export type HostMetric = keyof typeof HOST_METRICS;
export const HOST_METRIC_NAMES = Object.keys(HOST_METRICS) as HostMetric[];

/** One look's values; null: looked for and not to be had. */
export type HostValues = Partial<Record<HostMetric, number | null>>;

/** One measured value. `time` is epoch milliseconds. */
export interface HostPoint {
  metric: HostMetric;
  value: number;
  unit: string;
  time: number;
}

/**
 * A group of metrics that come from one look. A look that answers at once is taken in the tick itself; one that is
 * waited for (a promise) is paced by what it costs.
 */
export interface HostPart {
  /** As it stands in the log: "The {name} of this machine cannot be read". */
  readonly name: string;
  /** Least time between two looks, milliseconds; 0 is every tick. */
  readonly everyMs: number;
  /** The first look comes so long after the start, milliseconds: programs are not started while a service starts. */
  readonly afterMs?: number;
  /**
   * `elapsed`: milliseconds that never jump. `lateMs`: how late this tick is; null for a look out of turn. Throws where
   * the machine does not tell.
   */
  take(elapsed: number, lateMs: number | null): HostValues | Promise<HostValues>;
  /** Lets go of files and programs. A look after it takes them again. */
  close?(): void;
}

/** The values as points; what is not known makes none. */
export function hostPoints(values: HostValues, time: number): HostPoint[] {
  const points: HostPoint[] = [];
  for (const metric of Object.keys(values) as HostMetric[]) {
    const value = values[metric];
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    points.push({ metric, value, unit: HOST_METRICS[metric][0], time });
  }
  return points;
}
