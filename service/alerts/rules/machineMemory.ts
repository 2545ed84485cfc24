import { machineKind } from './machine.ts';
import { busyPercent } from './machineCpu.ts';

export const machineMemory = machineKind({
  kind: 'machine_memory',
  metrics: ['host_memory_percent', 'worker_memory_percent'],
  what: 'memory',
  name: 'Machine memory',
  threshold: busyPercent,
  for_ms: 300_000,
});
