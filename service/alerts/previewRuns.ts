/** Runs of phases and jobs that a rule would have alerted of. */
import { deriveJob } from '../core/derive.ts';
import type { Execution } from '../core/executions.ts';
import { historyRows } from '../core/history.ts';
import type { HistoryRow } from '../core/historyRow.ts';
import { pipelineOf } from '../core/view.ts';
import type { Rule } from '../protocol/rule.ts';
import type { FoundOccasion, Previewed, PreviewParts, Span } from './previewParts.ts';
import { fitsNames } from './ruleIndex.ts';
import { slowRuns } from './previewSlow.ts';

export function previewRuns(rule: Rule, span: Span, { model }: PreviewParts): Previewed {
  const limits = limitsOf(rule);
  if (rule.kind === 'job_failed') return { found: failedJobs(rule, span, model), limits };
  if (rule.kind === 'slow_phase') return { found: slowRuns(rule, span, model), limits };
  const found: FoundOccasion[] = [];
  for (const row of historyRows(model.domain)) {
    if (!fitsNames(rule.scope, { pipeline: row.pipeline, phase: row.phase_id })) continue;
    for (const one of row.executions) {
      if (one.ended_at < span.from || one.ended_at > span.to) continue;
      const said = wrongWith(rule, row, one);
      if (said === null) continue;
      const subject = `${row.pipeline} ${row.phase_id}`;
      found.push({ until: null, job_id: one.job_id, subject, ...said });
    }
  }
  return { found, limits };
}

type Said = Pick<FoundOccasion, 'time' | 'value'>;

function wrongWith(rule: Rule, row: HistoryRow, one: Execution): Said | null {
  const time = one.ended_at;
  switch (rule.kind) {
    case 'phase_failed':
      return one.status === 'FAILED' ? { time, value: null } : null;
    case 'error_count':
      return one.error_count >= rule.params.threshold ? { time, value: one.error_count } : null;
    case 'high_cpu':
      return above(one, one.cpu_percent, rule.params.threshold_percent);
    case 'high_memory':
      return above(one, one.memory_mb, rule.params.threshold_mb);
    default:
      return null;
  }
}

function above(one: Execution, value: number | null, threshold: number): Said | null {
  return value !== null && value > threshold ? { time: one.ended_at, value } : null;
}

function failedJobs(rule: Rule, { from, to }: Span, model: PreviewParts['model']): FoundOccasion[] {
  const found: FoundOccasion[] = [];
  const take = (job: { pipeline: string; job_id: string; ended: number | null }) => {
    const { pipeline, job_id, ended } = job;
    if (ended === null || ended < from || ended > to) return;
    if (fitsNames(rule.scope, { pipeline }))
      found.push({ time: ended, until: null, subject: job_id, value: null, job_id });
  };
  for (const { status, phases_failed, ended_at, pipeline, job_id } of model.finished.values())
    if (status === 'FAILED' && phases_failed === 0)
      take({ pipeline, job_id, ended: ended_at === null ? null : Date.parse(ended_at) });
  for (const job of model.jobs.values()) {
    const { status, ended_at } = deriveJob(job);
    const below = [...job.phases.values()].some(({ marks }) => marks.at(-1)?.kind === 'FAILED');
    if (status === 'FAILED' && !below)
      take({ pipeline: pipelineOf(job), job_id: job.job_id, ended: ended_at });
  }
  return found;
}

function limitsOf({ kind, scope }: Rule): string[] {
  const limits: string[] = [];
  if (scope.labels !== undefined)
    limits.push('The history does not keep labels of jobs: all of them are counted.');
  if (kind === 'high_cpu' || kind === 'high_memory')
    limits.push('The history keeps the average of a whole run: short peaks are not counted.');
  if (kind !== 'job_failed')
    limits.push('Phases without executions in the history are not counted.');
  return limits;
}
