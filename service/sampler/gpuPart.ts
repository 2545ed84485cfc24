/** GPU use as metrics of the machine. A machine without a GPU is looked at every ten minutes only. */
import si from 'systeminformation';
import { type Gpu, NvidiaSmi } from './gpu.ts';
import type { HostPart, HostValues } from './hostMetrics.ts';

/** Rarer where it costs much: what is waited for is paced by that. */
const EVERY_MS = 2000;
const FIRST_MS = 1000;
const ABSENT_MS = 600_000;

const NONE: HostValues = {
  gpu_percent: null,
  gpu_memory_mb: null,
  host_gpu_memory_percent: null,
  host_gpu_temperature_celsius: null,
  host_gpu_power_watts: null,
};

export function gpuPart(): HostPart {
  const nvidia = new NvidiaSmi();
  let lookAgainAt = Number.NEGATIVE_INFINITY;
  return {
    name: 'GPU use',
    everyMs: EVERY_MS,
    afterMs: FIRST_MS,
    take: (elapsed) => {
      if (elapsed < lookAgainAt) return {};
      // A failure counts as an absent GPU too, until then: a driver in trouble is not bothered at every look.
      lookAgainAt = elapsed + ABSENT_MS;
      return findGpus(nvidia).then((gpus) => {
        if (gpus.length > 0) lookAgainAt = Number.NEGATIVE_INFINITY;
        return gpuValues(gpus);
      });
    },
    close: () => nvidia.close(),
  };
}

/** The GPUs that tell their use; empty where there are none. Rejects where nvidia-smi fails. */
export async function findGpus(nvidia: NvidiaSmi): Promise<Gpu[]> {
  return (await nvidia.look()) ?? (await fromSystem());
}

/** Where nvidia-smi is not on the path, systeminformation knows other places; controllers without numbers do not count. */
async function fromSystem(): Promise<Gpu[]> {
  const { controllers } = await si.graphics();
  return controllers
    .filter(({ utilizationGpu, memoryUsed }) => (utilizationGpu ?? memoryUsed) !== undefined)
    .map((found, index) => ({
      index,
      name: found.name ?? found.model,
      gpu_percent: found.utilizationGpu ?? null,
      memory_used_mb: found.memoryUsed ?? null,
      memory_total_mb: found.memoryTotal ?? null,
      temperature_celsius: found.temperatureGpu ?? null,
      power_watts: found.powerDraw ?? null,
    }));
}

/** All GPUs as one: use on average, memory and power summed, the hottest one's temperature. */
export function gpuValues(gpus: readonly Gpu[]): HostValues {
  if (gpus.length === 0) return NONE;
  const known = (field: Exclude<keyof Gpu, 'name' | 'index'>) =>
    gpus.map((gpu) => gpu[field]).filter((value) => value !== null);
  const sum = (values: readonly number[]) =>
    values.length === 0 ? null : values.reduce((all, value) => all + value, 0);
  const uses = known('gpu_percent');
  const temperatures = known('temperature_celsius');
  const used = sum(known('memory_used_mb'));
  const total = sum(known('memory_total_mb'));
  const use = sum(uses);
  return {
    gpu_percent: use === null ? null : use / uses.length,
    gpu_memory_mb: used,
    host_gpu_memory_percent:
      used !== null && total !== null && total > 0 ? (used / total) * 100 : null,
    host_gpu_temperature_celsius: temperatures.length === 0 ? null : Math.max(...temperatures),
    host_gpu_power_watts: sum(known('power_watts')),
  };
}
