import { machineKind } from './machine.ts';

/**
 * 95 %: reference document 002. A GPU that trains is at 100 %, as it should be: told as INFO, after half an hour, for
 * those who share one.
 */
export const machineGpu = machineKind({
  kind: 'machine_gpu',
  metrics: ['gpu_percent'],
  what: 'GPU',
  name: 'Machine GPU',
  threshold: () => 95,
  for_ms: 1_800_000,
  severity: 'INFO',
});
