/** Times at which a run was due and none had begun. */
import { deriveJob } from '../core/derive.ts';
import { pipelineOf } from '../core/view.ts';
import type { RuleOf } from '../protocol/rule.ts';
import type { FoundOccasion, Previewed, PreviewParts, Span } from './previewParts.ts';
import { EARLY_MS, nextRun, scheduleOf } from './rules/missedSchedule.ts';
import { fitsPattern, isPattern } from './rules/pattern.ts';

/** A schedule of every minute over a week has 10,080. */
const MAX_TIMES = 11_000;

export function previewSchedule(
  rule: RuleOf<'missed_schedule'>,
  span: Span,
  parts: PreviewParts,
): Previewed {
  const starts = startsOf(rule.scope.pipeline ?? '', parts);
  const cron = scheduleOf(rule.params);
  const found: FoundOccasion[] = [];
  let due = nextRun(cron, span.from);
  let times = 0;
  for (; due !== null && due + rule.params.grace_ms <= span.to && times < MAX_TIMES; times++) {
    parts.signal?.throwIfAborted();
    const late = due + rule.params.grace_ms;
    const at = due;
    for (const [subject, begins] of starts) {
      if (begins.some((time) => time >= at - EARLY_MS && time <= late)) continue;
      const until = begins.find((time) => time > late) ?? null;
      found.push({ time: late, until, subject, value: null, job_id: null });
    }
    due = nextRun(cron, due);
  }
  const limits = times < MAX_TIMES ? [] : [`Only the first ${MAX_TIMES} times were looked at.`];
  return { found, limits };
}

/** Pipeline -> its starts, in order. One that is named is there even without any. */
function startsOf(pattern: string, { model }: PreviewParts): Map<string, number[]> {
  const starts = new Map<string, number[]>();
  if (!isPattern(pattern)) starts.set(pattern, []);
  const take = (pipeline: string, time: number) => {
    if (!fitsPattern(pattern, pipeline)) return;
    const held = starts.get(pipeline);
    if (held) held.push(time);
    else starts.set(pipeline, [time]);
  };
  for (const { pipeline, started_at } of model.finished.values())
    if (started_at !== null) take(pipeline, Date.parse(started_at));
  for (const job of model.jobs.values())
    take(pipelineOf(job), deriveJob(job).started_at ?? job.first_seen);
  for (const begins of starts.values()) begins.sort((a, b) => a - b);
  return starts;
}
