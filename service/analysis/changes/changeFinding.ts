/** A change of level as a finding, which rules and lists read. */
import type { RunChange } from '../../protocol/changes.ts';
import type { Finding } from '../../protocol/finding.ts';
import { METRICS } from '../performanceRuns.ts';
import type { RunSeries } from './runChanges.ts';
import { changeTitle } from './words.ts';

/** What rules hold against of a step up from nothing: there is no percentage of 0. */
const FROM_NOTHING_PERCENT = 100;
/** Back within this share of the step, a change is undone. */
const UNDONE = 0.25;

export function changeFinding(
  series: Pick<RunSeries, 'pipeline' | 'phase_id' | 'metric'>,
  change: RunChange,
  told: Pick<Finding, 'finding_id' | 'since' | 'noticed_at'>,
): Finding {
  const { pipeline, phase_id, metric } = series;
  const { change_id: _, sentence, job_id, before, after, percent, confidence, ...rest } = change;
  const most = change.direction === 'worse' ? FROM_NOTHING_PERCENT : -FROM_NOTHING_PERCENT;
  return {
    ...told,
    kind: 'change',
    class: change.class,
    title: changeTitle(series, change.class),
    sentence,
    ...{ until: null, ended_why: null, job_id, pipeline, phase_id, worker_id: null },
    ...{ metric, unit: METRICS[metric].unit, labels: {} },
    ...{ value: after, threshold: before, measure: percent ?? most, impact: null, confidence },
    evidence: { ...rest, before, after, percent, first_run: job_id },
  };
}

/** Why a change is over now that another one came after it. */
export function overBecause(change: RunChange, next: RunChange): string {
  const left = Math.abs(next.after - change.before);
  const isUndone =
    next.direction !== change.direction && left <= UNDONE * Math.abs(change.after - change.before);
  return isUndone
    ? `Undone since run #${next.run}: ${next.sentence}`
    : `Another change came after it: ${next.sentence}`;
}
