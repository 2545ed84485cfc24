/** What a change is called. */
import type { RunChange } from '../../protocol/changes.ts';
import { duration, memory, percent } from '../../protocol/describe.ts';
import type { TrendMetric } from '../../protocol/domain.ts';

const CLASSES: Record<TrendMetric, { more: string; less: string; verb: string }> = {
  execution_time: { more: 'slower', less: 'faster', verb: 'is' },
  memory_usage: { more: 'more memory', less: 'less memory', verb: 'uses' },
  cpu_usage: { more: 'more CPU', less: 'less CPU', verb: 'uses' },
  error_count: { more: 'more errors', less: 'fewer errors', verb: 'has' },
};

export function classOf(metric: TrendMetric, more: boolean): string {
  return CLASSES[metric][more ? 'more' : 'less'];
}

interface Named {
  phase_id: string | null;
  pipeline: string;
  metric: TrendMetric;
}

/** `P06 is slower`, `nightly uses more memory`. */
export function changeTitle({ phase_id, pipeline, metric }: Named, word: string): string {
  return `${phase_id ?? pipeline} ${CLASSES[metric].verb} ${word}`;
}

/** `P06 is slower since run #418: 12.1 s -> 17.9 s, +48 %.` */
export function changeSentence(
  series: Named,
  change: Pick<RunChange, 'class' | 'run' | 'before' | 'after' | 'percent'>,
): string {
  const { run, before, after } = change;
  const by = change.percent === null ? '' : `, ${signed(change.percent)}`;
  const levels = `${shown(before, series.metric)} -> ${shown(after, series.metric)}`;
  return `${changeTitle(series, change.class)} since run #${run}: ${levels}${by}.`;
}

/** A value of the metric with its unit. */
export function shown(value: number, metric: TrendMetric): string {
  switch (metric) {
    case 'execution_time':
      return duration(value);
    case 'memory_usage':
      return memory(value);
    case 'cpu_usage':
      return percent(value);
    case 'error_count':
      return `${Number(value.toFixed(1))} ${value === 1 ? 'error' : 'errors'}`;
  }
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${percent(Math.abs(value))}`;
}
