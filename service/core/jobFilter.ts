/** Which jobs are meant, and in which order: what lists, statistics and exports of jobs have in common. */
import type { JobRecord } from '../protocol/record.ts';
import type { JobOrder, Status } from '../protocol/states.ts';

export interface JobFilter {
  status?: readonly Status[] | undefined;
  pipeline?: string | undefined;
  kind?: string | undefined;
  /** Anywhere in name or id, whatever the case. */
  text?: string | undefined;
  /** Epoch milliseconds: jobs that started in between. */
  from?: number | undefined;
  to?: number | undefined;
  /** Labels that a job has to have, with these values. */
  labels?: readonly (readonly [name: string, value: string])[] | undefined;
  /** Labels that it has to have, whatever their value. */
  hasLabels?: readonly string[] | undefined;
  /** Milliseconds: jobs that ended and took that long; one that runs has no duration yet. */
  minMs?: number | undefined;
  maxMs?: number | undefined;
}

/** When a job began; for one whose start is not known, when it was last heard of. Epoch milliseconds. */
export function startOf(job: JobRecord): number {
  return Date.parse(job.started_at ?? job.last_seen_at);
}

/** The same as text: times of records compare as text. */
export function startText(job: JobRecord): string {
  return job.started_at ?? job.last_seen_at;
}

export function jobMatcher(filter: JobFilter): (job: JobRecord) => boolean {
  const { status, pipeline, kind, from, to } = filter;
  const wanted = filter.text?.toLowerCase();
  const isBeyond = detailMatcher(filter);
  return (job) =>
    (status === undefined || status.includes(job.status)) &&
    (pipeline === undefined || job.pipeline === pipeline) &&
    (kind === undefined || job.kind === kind) &&
    (wanted === undefined || `${job.name}\n${job.job_id}`.toLowerCase().includes(wanted)) &&
    (from === undefined || startOf(job) >= from) &&
    (to === undefined || startOf(job) <= to) &&
    isBeyond(job);
}

/** Labels and durations. */
function detailMatcher({ labels, hasLabels, minMs, maxMs }: JobFilter) {
  const hasValues = (job: JobRecord) =>
    labels === undefined ||
    labels.every(([name, value]) => Object.hasOwn(job.labels, name) && job.labels[name] === value);
  const hasNames = (job: JobRecord) =>
    hasLabels === undefined || hasLabels.every((name) => Object.hasOwn(job.labels, name));
  const isLong = ({ duration_ms }: JobRecord) =>
    minMs === undefined || (duration_ms !== null && duration_ms >= minMs);
  const isShort = ({ duration_ms }: JobRecord) =>
    maxMs === undefined || (duration_ms !== null && duration_ms <= maxMs);
  return (job: JobRecord) => hasValues(job) && hasNames(job) && isLong(job) && isShort(job);
}

type Compare = (a: JobRecord, b: JobRecord) => number;

const byText = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);
const newest: Compare = (a, b) => byText(startText(b), startText(a)) || byText(a.job_id, b.job_id);

/** What has no duration comes last, in whichever order. */
const byDuration =
  (sign: 1 | -1): Compare =>
  ({ duration_ms: a }, { duration_ms: b }) =>
    a === null || b === null ? Number(a === null) - Number(b === null) : (a - b) * sign;

const ORDERS: Readonly<Record<JobOrder, Compare>> = {
  newest,
  oldest: (a, b) => byText(startText(a), startText(b)),
  longest: byDuration(-1),
  shortest: byDuration(1),
  errors: (a, b) => b.error_count - a.error_count || b.warning_count - a.warning_count,
  name: (a, b) => byText(a.name.toLowerCase(), b.name.toLowerCase()),
};

/** A sorted copy. Jobs that are equal in it stand newest first, so that pages do not overlap. */
export function inJobOrder(jobs: readonly JobRecord[], order: JobOrder): JobRecord[] {
  const compare = ORDERS[order];
  return [...jobs].sort((a, b) => compare(a, b) || newest(a, b));
}
