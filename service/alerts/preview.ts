/** How often a rule would have fired, from history and series. */
import type { Model } from '../core/fold.ts';
import { timeText } from '../core/view.ts';
import type { Rule, RuleOccasion, RulePreview } from '../protocol/rule.ts';
import type { SeriesReader } from '../series/types.ts';

export interface PreviewParts {
  model: Model;
  series: SeriesReader;
  /** Epoch milliseconds. */
  now: number;
  /** Ends the work; rejects with its reason. */
  signal?: AbortSignal;
}

const HOUR_MS = 3_600_000;

/** Looks at the last `hours`. Reads only what is kept; `limits` says what was not. */
export function preview(rule: Rule, hours: number, parts: PreviewParts): Promise<RulePreview> {
  parts.signal?.throwIfAborted();
  const occasions: RuleOccasion[] = [];
  return Promise.resolve({
    from: timeText(parts.now - hours * HOUR_MS),
    to: timeText(parts.now),
    count: occasions.length,
    sentence: `Would have fired ${occasions.length} times in the last ${hours} h.`,
    occasions,
    limits: `What was before is not looked at for rules of the kind "${rule.kind}" yet.`,
  });
}
