/** What the kinds that look at series have in common. */
import { type Bound, sideOf } from './bound.ts';
import { BETWEEN, type Finding, type Verdict } from './kind.ts';
import { amount, beyond } from './words.ts';

/** `describe` gets the value with its unit, and the threshold. */
export function judgeValue(
  value: number | null,
  bound: Bound,
  say: {
    unit: string | null;
    metric: string;
    describe: (value: string, threshold: string) => Pick<Finding, 'title' | 'description'>;
  },
): Verdict {
  if (value === null || !Number.isFinite(value)) return BETWEEN;
  const side = sideOf(value, bound);
  if (side === 'between') return BETWEEN;
  if (side === 'good') {
    // Most values are good, and nobody reads why: the words are made for those who do.
    return {
      is: 'good',
      get why() {
        return `It is ${amount(value, say.unit)} now.`;
      },
    };
  }
  const { threshold } = bound;
  return {
    is: 'bad',
    // Nor does anybody read again what an alert says that is there already.
    get finding() {
      const said = say.describe(...beyond(value, threshold, say.unit));
      return { ...said, metric: say.metric, value: rounded(value), threshold };
    },
    occasion: '',
  };
}

/** Digits that a sum of floating-point numbers leaves behind say nothing. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
