/** What routes that look at everything read from. */
import type { Monitor } from '../../monitor.ts';

/** The newest values of this machine by metric; null for what is not known. */
export interface HostReader {
  latest(): Readonly<Record<string, number | null>>;
}

export interface Sources {
  monitor: Monitor;
  /** Absent where this machine is not measured. */
  host?: HostReader | undefined;
}
