/** Settings for services that are compared: they say nothing of their own that another would say at another moment. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ConfigInput } from '../../../service/config.ts';
import { makeTempDir } from '../../support/tempDir.ts';

const HIGH = 1_000_000_000;

/** The environment of a service with these settings. */
export function withConfig(settings: ConfigInput): Record<string, string> {
  const file = join(makeTempDir('config'), 'pipescope.yaml');
  writeFileSync(file, stringify(settings));
  return { PIPESCOPE_CONFIG: file };
}

export const QUIET_SETTINGS: ConfigInput = {
  sampling: { host_interval_ms: 0 },
  thresholds: {
    execution_time_ms: HIGH,
    memory_usage_mb: HIGH,
    cpu_usage_percent: HIGH,
    error_count: HIGH,
  },
};

export const QUIET = withConfig(QUIET_SETTINGS);
