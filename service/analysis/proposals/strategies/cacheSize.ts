/** A larger cache, where it is full and often asked in vain, and there is memory for it. */
import { nextUp } from '../explored.ts';
import type { Idea, Strategy } from '../types.ts';
import { isTight, machineEvidence } from './words.ts';

const GOOD_RATE_PERCENT = 80;
/** A cache that is less full would not get fuller by being larger. */
const FULL_SHARE = 0.9;
/** Of the misses, so many become hits in a cache of twice the size, and so much of the time is spent on them. */
const SHARE = 0.25;

export const cacheSize: Strategy = {
  name: 'cache_size',
  kind: 'cache_size',
  propose({ parameter, situation, explored }): Idea | null {
    const name = parameter.subject ?? parameter.parameter;
    const cache = situation.caches.get(name);
    const to = nextUp(parameter, explored);
    if (!cache || to === null || typeof parameter.value !== 'number' || isTight(situation))
      return null;
    const { hit_rate_percent: rate, size_mb } = cache;
    if (rate === null || rate >= GOOD_RATE_PERCENT) return null;
    if (size_mb !== null && size_mb < parameter.value * FULL_SHARE) return null;
    return {
      to,
      sentence: `The cache "${name}" has what it is asked for in ${Math.round(rate)} % of the cases, and is full.`,
      expected_gain: ((100 - rate) / 100) * SHARE,
      confidence: 0.3,
      evidence: [
        { name: 'Hit rate', value: Math.round(rate * 10) / 10, unit: 'percent' },
        ...(size_mb === null ? [] : [{ name: 'Size', value: size_mb, unit: 'MB' }]),
        ...machineEvidence(situation),
      ],
      costs: true,
    };
  },
};
