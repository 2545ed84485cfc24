/** What CPU and memory of a run have in common. */
import { isEnded } from '../../protocol/states.ts';
import { type Bound, sideOf } from './bound.ts';
import { BETWEEN, ENDED, type Finding, type RunSubject, type Verdict } from './kind.ts';
import { beyond } from './words.ts';

export function judgeUse(
  subject: RunSubject,
  field: 'cpu_percent' | 'memory_mb',
  {
    bound,
    describe,
  }: {
    bound: Bound;
    describe: (value: string, threshold: string) => Pick<Finding, 'title' | 'description'>;
  },
): Verdict {
  if (isEnded(subject.status)) return { is: 'good', why: ENDED };
  const value = subject.recent(field);
  if (value === null) return BETWEEN;
  const side = sideOf(value, bound);
  if (side === 'good') return { is: 'good', why: ENDED };
  if (side === 'between') return BETWEEN;
  const { threshold } = bound;
  const said = describe(...beyond(value, threshold, field === 'memory_mb' ? 'MB' : 'percent'));
  const finding = { ...said, metric: field, value, threshold };
  return { is: 'bad', finding, occasion: subject.run };
}
