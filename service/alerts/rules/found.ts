/** What the kinds of rules on findings have in common: the analysis says what is so, the rule how much of it is worth an alert. */
import type { Finding as Found, FindingKind } from '../../protocol/finding.ts';
import { BETWEEN, ENDED, type Verdict } from './kind.ts';

/** Bad where it is of the kind, still so, and `enough`. */
export function judgeFound(found: Found, kind: FindingKind, enough: boolean): Verdict {
  if (found.kind !== kind) return BETWEEN;
  if (found.until !== null) return { is: 'good', why: found.ended_why ?? ENDED };
  if (!enough) return BETWEEN;
  const { title, sentence: description, metric, value, threshold } = found;
  const finding = {
    ...{ title, description },
    ...(metric !== null && { metric }),
    ...(value !== null && { value }),
    ...(threshold !== null && { threshold }),
  };
  return { is: 'bad', finding, occasion: found.since };
}

/** What all of them say of themselves. */
export const ON_FINDINGS = {
  unit: () => null,
  bound: null,
  scope: ['pipeline', 'phase', 'worker', 'subject', 'labels'],
  builtin: true,
} as const;
