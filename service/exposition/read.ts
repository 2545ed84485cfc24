/** Metrics that are read from the model when somebody scrapes. */
import type { Monitor } from '../monitor.ts';
import { VERSION } from '../protocol/version.ts';

/** One value of a metric with its labels. */
export type Sample = [labels: Record<string, string>, value: number];

/** A metric that is read when it is asked for. `counter` names end in `_total`. */
export interface Read {
  name: string;
  help: string;
  kind: 'gauge' | 'counter';
  labels: readonly string[];
  read: () => Sample[];
}

export interface ExpositionParts {
  monitor: Monitor;
  /** WebSocket clients that are connected. */
  clients: () => number;
}

/** The version, as a label of a metric that is always 1. */
export const BUILD_INFO: Read = {
  name: 'pipescope_build_info',
  help: 'The version of this service.',
  kind: 'gauge',
  labels: ['version'],
  read: () => [[{ version: VERSION }, 1]],
};
