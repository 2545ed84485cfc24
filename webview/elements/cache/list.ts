/** Caches as the region lists them. */
import { t } from '@vscode/l10n';
import { percent } from '../../../service/protocol/describe.ts';
import type { CacheRecord } from '../../../service/protocol/domain.ts';
import { type GaugeChart, METRIC_COLORS } from '../../charts/spec.ts';

/** The least useful first; those that were not asked yet at the end. */
export function listCaches(caches: readonly CacheRecord[]): CacheRecord[] {
  const rate = (cache: CacheRecord): number => cache.hit_rate_percent ?? Infinity;
  return [...caches].sort((a, b) => rate(a) - rate(b) || (a.cache < b.cache ? -1 : 1));
}

/** The hit rate, with the part of the arc in which it helps too little. */
export function gaugeOf({ hit_rate_percent: value }: CacheRecord, least: number): GaugeChart {
  const bound = { value: least, side: 'below' } as const;
  return { kind: 'gauge', value, max: 100, bound, color: METRIC_COLORS.gpu, say: percent };
}

export function verdictOf(
  { hit_rate_percent: rate }: CacheRecord,
  least: number,
): { text: string; bad: boolean } {
  if (rate === null) return { text: t('nothing was looked up so far'), bad: false };
  const bad = rate < least;
  const bound = percent(least);
  const text = bad
    ? t('helps too little: should be at least {0}', bound)
    : t('at least {0}', bound);
  return { text, bad };
}
