/** Phases and whole runs that a rule on their time would have alerted of. */
import { type PastOne, pastTimes, phaseTimes } from '../analysis/expected/before.ts';
import type { Execution } from '../core/executions.ts';
import { executionTime, historyRows } from '../core/history.ts';
import type { Model } from '../core/fold.ts';
import type { HistoryRow } from '../core/historyRow.ts';
import { listJobs } from '../core/list.ts';
import type { JobRecord } from '../protocol/record.ts';
import type { RuleOf } from '../protocol/rule.ts';
import type { FoundOccasion, Span } from './previewParts.ts';
import { fitsNames } from './ruleIndex.ts';
import { slowLimit } from './rules/slowPhase.ts';
import { usualOf } from './subject.ts';

type SlowRule = RuleOf<'slow_phase'>;

export function slowRuns(rule: SlowRule, span: Span, model: Model): FoundOccasion[] {
  const jobs = listJobs(model);
  const phases = slowPhases(rule, span, { jobs, rows: historyRows(model.domain) });
  const said = new Set(phases.map(({ job_id }) => job_id));
  // Where a phase was the reason, it spoke for its run.
  return [...phases, ...slowJobs(rule, span, jobs).filter(({ job_id }) => !said.has(job_id))];
}

function slowPhases(
  rule: SlowRule,
  { from, to }: Span,
  { jobs, rows }: { jobs: readonly JobRecord[]; rows: readonly HistoryRow[] },
): FoundOccasion[] {
  const labels = new Map(jobs.map((job) => [job.job_id, job.labels]));
  return rows.flatMap((row) => {
    const { pipeline, phase_id: phase } = row;
    if (!fitsNames(rule.scope, { pipeline, phase })) return [];
    const past = phaseTimes(row, labels);
    return row.executions.flatMap((one): FoundOccasion[] => {
      if (one.ended_at < from || one.ended_at > to) return [];
      const said = slow(rule, one, { past, labels: labels.get(one.job_id) ?? {} });
      const { job_id } = one;
      return said ? [{ ...said, until: null, job_id, subject: `${pipeline} ${phase}` }] : [];
    });
  });
}

type Said = Pick<FoundOccasion, 'time' | 'value'>;

function slow(
  { params }: SlowRule,
  one: Execution,
  { past, labels }: { past: readonly PastOne[]; labels: JobRecord['labels'] },
): Said | null {
  const value = executionTime(one);
  const { job_id, started_at: before, items_done: size } = one;
  if (value === null || before === null) return null;
  const usual = () => usualOf(past, { job_id, before, size, labels });
  const limit = slowLimit({ usual, speaks: true }, params, value);
  return limit && value > limit.ms ? { time: before + limit.ms, value } : null;
}

function slowJobs(rule: SlowRule, { from, to }: Span, jobs: readonly JobRecord[]): FoundOccasion[] {
  const groups = new Map<string, JobRecord[]>();
  for (const job of jobs) {
    const group = groups.get(job.pipeline);
    if (group) group.push(job);
    else groups.set(job.pipeline, [job]);
  }
  return [...groups].flatMap(([pipeline, group]) => {
    if (!fitsNames(rule.scope, { pipeline })) return [];
    const { totals } = pastTimes(group, []);
    return group.flatMap((job): FoundOccasion[] => {
      const { job_id, started_at, ended_at, duration_ms: value, labels, items_total: size } = job;
      if (started_at === null || ended_at === null || value === null) return [];
      if (Date.parse(ended_at) < from || Date.parse(ended_at) > to) return [];
      const before = Date.parse(started_at);
      const usual = () => usualOf(totals, { job_id, before, size, labels });
      const limit = slowLimit({ usual, speaks: job.phases_total === 0 }, rule.params, value);
      if (limit === null || value <= limit.ms) return [];
      return [{ time: before + limit.ms, value, until: null, job_id, subject: job_id }];
    });
  });
}
