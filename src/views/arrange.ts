import { statusWord } from '../../service/protocol/describe.ts';
import { STATUSES, type Status } from '../../service/protocol/states.ts';
import type { JobRecord } from '../../service/protocol/record.ts';
import { runningFirst } from '../jobs.ts';

/** Which jobs the tree shows, and how; remembered per workspace. */
export interface Arrangement {
  grouped: boolean;
  /** States that are shown; all where empty. */
  states: readonly Status[];
  /** Words that name, id or pipeline have to hold. */
  text: string;
  pinned: ReadonlySet<string>;
  most: number;
}

export type Entry =
  | { kind: 'job'; job: JobRecord }
  | { kind: 'group'; pipeline: string; jobs: JobRecord[] }
  | { kind: 'more'; hidden: number };

/** The rows of the tree's first level, in their order: pinned jobs, running ones, then the newest. */
export function arrange(jobs: Iterable<JobRecord>, how: Arrangement): Entry[] {
  const matching = [...jobs].filter((job) => isShown(job, how));
  const first = (job: JobRecord): number => Number(how.pinned.has(job.job_id));
  matching.sort((a, b) => first(b) - first(a) || runningFirst(a, b));
  const shown = matching.slice(0, how.most);
  const hidden = matching.length - shown.length;
  const entries = how.grouped ? groups(shown) : shown.map((job): Entry => ({ kind: 'job', job }));
  return hidden > 0 ? [...entries, { kind: 'more', hidden }] : entries;
}

export function isFiltered(how: Pick<Arrangement, 'states' | 'text'>): boolean {
  return how.text.trim() !== '' || (how.states.length > 0 && how.states.length < STATUSES.length);
}

/** Says what the filter keeps, for the line above the tree. */
export function describeFilter(how: Pick<Arrangement, 'states' | 'text'>): string {
  const parts = [how.states.map(statusWord).join(', ')];
  if (how.text.trim() !== '') parts.push(`"${how.text.trim()}"`);
  return parts.filter((part) => part !== '').join(' · ');
}

function isShown(job: JobRecord, how: Arrangement): boolean {
  if (how.states.length > 0 && !how.states.includes(job.status)) return false;
  const held = `${job.name}\n${job.job_id}\n${job.pipeline}`.toLowerCase();
  return how.text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => held.includes(word));
}

/** A pipeline stands where its first job would. */
function groups(jobs: readonly JobRecord[]): Entry[] {
  const byPipeline = new Map<string, JobRecord[]>();
  for (const job of jobs) {
    const group = byPipeline.get(job.pipeline);
    if (group) group.push(job);
    else byPipeline.set(job.pipeline, [job]);
  }
  return [...byPipeline].map(([pipeline, group]) => ({ kind: 'group', pipeline, jobs: group }));
}
