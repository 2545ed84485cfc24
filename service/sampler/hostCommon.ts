/** What every platform tells in the same way: this process, the disk of the data directory, the temperature. */
import { statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import si from 'systeminformation';
import type { HostPart } from './hostMetrics.ts';
import { Rate } from './hostRates.ts';

const MB = 1024 * 1024;
const OWN_MS = 1000;
const DISK_MS = 10_000;
const TEMPERATURE_MS = 30_000;
const FIRST_MS = 2000;
const NO_SENSOR_MS = 600_000;
/** This process: CPU, memory, and how busy its event loop is. */
export function ownPart(): HostPart {
  const cpu = new Rate();
  let utilization = performance.eventLoopUtilization();
  return {
    name: 'own process',
    everyMs: OWN_MS,
    take: (elapsed) => {
      const { user, system } = process.cpuUsage();
      const seconds = cpu.add((user + system) / 1e6, elapsed);
      const now = performance.eventLoopUtilization();
      const busy = performance.eventLoopUtilization(now, utilization).utilization;
      utilization = now;
      return {
        host_service_cpu_percent:
          seconds === null ? null : (seconds / availableParallelism()) * 100,
        host_service_memory_mb: process.memoryUsage.rss() / MB,
        host_service_event_loop_percent: busy * 100,
      };
    },
  };
}

/**
 * How late the sampler's own timer went off. Node's monitorEventLoopDelay would see more, and cost as much as all the
 * fast counters together: it wakes the process 50 times a second.
 */
export function delayPart(): HostPart {
  const take = (_: number, lateMs: number | null) => ({ host_service_event_loop_delay_ms: lateMs });
  return { name: 'event loop', everyMs: 0, take };
}

/** As df tells it: blocks kept for root are neither used nor free. */
export function diskPart(folder: string): HostPart {
  return {
    name: `file system of ${folder}`,
    everyMs: DISK_MS,
    take: async () => {
      const { blocks, bfree, bavail, bsize } = await statfs(folder);
      const used = blocks - bfree;
      const usable = used + bavail;
      return {
        disk_percent: usable > 0 ? (used / usable) * 100 : null,
        host_disk_free_mb: (bavail * bsize) / MB,
      };
    },
  };
}

/** A machine without a sensor that may be read is asked again every ten minutes only. */
export function temperaturePart(): HostPart {
  let lookAgainAt = Number.NEGATIVE_INFINITY;
  return {
    name: 'temperature',
    everyMs: TEMPERATURE_MS,
    afterMs: FIRST_MS,
    take: (elapsed) => {
      if (elapsed < lookAgainAt) return {};
      return si.cpuTemperature().then(({ main }) => {
        // Typed as a number; null where there is no sensor.
        const known = (main as number | null) !== null && main > 0;
        if (!known) lookAgainAt = elapsed + NO_SENSOR_MS;
        return { host_temperature_celsius: known ? main : null };
      });
    },
  };
}
