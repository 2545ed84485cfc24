import type { Model } from '../core/fold.ts';
import { timeText } from '../core/view.ts';
import type { RuleOccasion } from '../protocol/rule.ts';
import type { SeriesReader } from '../series/types.ts';

export interface PreviewParts {
  model: Model;
  series: SeriesReader;
  /** Epoch milliseconds. */
  now: number;
  /** Ends the work. */
  signal?: AbortSignal | undefined;
  /** Lets others run; called now and then in long work. */
  pause?: () => Promise<void>;
}

/** An occasion with its times in epoch milliseconds. */
export interface FoundOccasion {
  time: number;
  until: number | null;
  subject: string;
  value: number | null;
  job_id: string | null;
}

export interface Previewed {
  found: FoundOccasion[];
  /** What could not be looked at, as sentences. */
  limits: string[];
}

export interface Span {
  /** Epoch milliseconds. */
  from: number;
  to: number;
}

export function toOccasion({ time, until, ...others }: FoundOccasion): RuleOccasion {
  return { time: timeText(time), until: until === null ? null : timeText(until), ...others };
}
