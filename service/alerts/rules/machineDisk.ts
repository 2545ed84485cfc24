import { machineKind } from './machine.ts';

/** 80 %: reference document 001, the only one that names the disk. It fills slowly, so ten minutes lose nothing. */
export const machineDisk = machineKind({
  kind: 'machine_disk',
  metrics: ['disk_percent'],
  what: 'disk',
  name: 'Machine disk',
  threshold: ({ alert_defaults }) => alert_defaults.resource_percent,
  for_ms: 600_000,
});
