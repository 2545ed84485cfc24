import { ALERT_DEFAULTS } from '../../protocol/usualLimits.ts';
import type { RuleConfig } from './kind.ts';
import { machineKind } from './machine.ts';

/**
 * The documents differ: 001 has 80 % for CPU, memory and disk, 002 has 90 % for CPU and memory, 003 a target of 85 %. A
 * machine that works is at 80 % of its CPU for hours: 90 % holds, until somebody sets `resource_percent`.
 */
export function busyPercent({ alert_defaults: { resource_percent } }: RuleConfig): number {
  return resource_percent === ALERT_DEFAULTS.resource_percent ? 90 : resource_percent;
}

/** Ten minutes: a build or an update keeps every laptop busy for some. */
export const machineCpu = machineKind({
  kind: 'machine_cpu',
  metrics: ['cpu_percent'],
  what: 'CPU',
  name: 'Machine CPU',
  threshold: busyPercent,
  for_ms: 600_000,
});
