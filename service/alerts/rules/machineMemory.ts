import { machineKind } from './machine.ts';
import { busyPercent } from './machineCpu.ts';

/**
 * Of a worker's machine by the `memory_percent` of its heartbeats, or `memory_mb` of `memory_total_mb`; of one that tells
 * neither, nothing is known.
 */
export const machineMemory = machineKind({
  kind: 'machine_memory',
  metrics: ['host_memory_percent', 'worker_memory_percent'],
  what: 'memory',
  name: 'Machine memory',
  threshold: busyPercent,
  for_ms: 300_000,
});
