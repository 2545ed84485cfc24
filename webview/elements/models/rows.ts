/** Models against their baselines, in words and numbers. */
import { t } from '@vscode/l10n';
import { percent, UNKNOWN } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { ModelRecord } from '../../../service/protocol/domain.ts';

export interface ModelRow {
  model: ModelRecord;
  mae: string;
  baseline: string;
  /** `12 % worse than its baseline`. */
  verdict: string;
  tone: 'better' | 'worse' | 'bad' | 'unknown';
  /** Of the longer of both, 0-1; null without an error or a baseline. */
  bar: { mae: number; baseline: number } | null;
  r2: string;
  confidence: string;
}

/** Worst first: furthest above its baseline; those without one by their name at the end. */
export function modelRows(models: readonly ModelRecord[], limit: number): ModelRow[] {
  const rank = (model: ModelRecord): number => model.degradation_percent ?? -Infinity;
  return [...models]
    .sort((a, b) => rank(b) - rank(a) || (a.model < b.model ? -1 : 1))
    .map((model) => rowOf(model, limit));
}

function rowOf(model: ModelRecord, limit: number): ModelRow {
  const { avg_mae: mae, baseline_mae: baseline, degradation_percent: worse } = model;
  const longest = Math.max(mae ?? 0, baseline ?? 0);
  return {
    model,
    mae: score(mae),
    baseline: score(baseline),
    ...judged(model, worse, limit),
    bar:
      mae === null || baseline === null || longest <= 0
        ? null
        : { mae: mae / longest, baseline: baseline / longest },
    r2: score(model.r2),
    confidence: percent(model.avg_confidence === null ? null : model.avg_confidence * 100),
  };
}

function judged(
  { avg_mae: mae, baseline_mae: baseline }: ModelRecord,
  worse: number | null,
  limit: number,
): Pick<ModelRow, 'verdict' | 'tone'> {
  if (worse === null) {
    const verdict =
      mae === null
        ? t('no error was reported')
        : baseline === null
          ? t('no baseline: send model.baselined with its mae')
          : t('not comparable with a baseline of 0');
    return { verdict, tone: 'unknown' };
  }
  if (Math.abs(worse) < 0.5) return { verdict: t('as good as its baseline'), tone: 'better' };
  if (worse < 0)
    return { verdict: t('{0} better than its baseline', percent(-worse)), tone: 'better' };
  const verdict = t('{0} worse than its baseline', percent(worse));
  return { verdict, tone: worse > limit ? 'bad' : 'worse' };
}

/** Errors have any unit and size: three digits that matter. */
export function score(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN;
  return numeral(value, { significant: 3 });
}
