/** What CPU and memory of a run have in common. */
import { isEnded } from '../../protocol/states.ts';
import { type Bound, sideOf } from './bound.ts';
import { BETWEEN, ENDED, type Finding, type RunSubject, type Verdict } from './kind.ts';

export function judgeUse(
  subject: RunSubject,
  field: 'cpu_percent' | 'memory_mb',
  {
    bound,
    describe,
  }: { bound: Bound; describe: (value: number) => Pick<Finding, 'title' | 'description'> },
): Verdict {
  if (isEnded(subject.status)) return { is: 'good', why: ENDED };
  const value = subject.recent(field);
  if (value === null) return BETWEEN;
  const side = sideOf(value, bound);
  if (side === 'good') return { is: 'good', why: ENDED };
  if (side === 'between') return BETWEEN;
  const finding = { ...describe(value), metric: field, value, threshold: bound.threshold };
  return { is: 'bad', finding, occasion: subject.run };
}
