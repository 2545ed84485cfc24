/** Takes exported jobs in: all are checked before the first of them is stored, and each is stored with one append. */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type ParsedExport, importEvents, parseExport, renamed } from './core/transfer.ts';
import { ProductError } from './protocol/errors.ts';
import { type Event, OWN_ID } from './protocol/event.ts';
import type { Monitor } from './monitor.ts';

export interface ImportOptions {
  /** The id to give to the one job of the document. */
  as?: string | undefined;
  /** Whether jobs of the same ids are removed first. */
  replace: boolean;
  /** Whether it is only checked. */
  dryRun: boolean;
  /** Epoch milliseconds. */
  now: number;
}

/** A document and where it stands: "jobs[3]". */
export interface Document {
  value: unknown;
  where: string;
}

export interface ImportReport {
  /** False where it was only checked. */
  applied: boolean;
  jobs: { job_id: string; phases: number; alerts: number; replaced: boolean }[];
}

/** Throws IMPORT_INVALID and JOB_EXISTS before anything is stored; what `Monitor.append` throws while it is. */
export async function importJobs(
  monitor: Monitor,
  documents: readonly Document[],
  options: ImportOptions,
): Promise<ImportReport> {
  const jobs = await parseAll(documents, options.as);
  const plans: Plan[] = [];
  for (const job of jobs) {
    checkAge(monitor, job, options.now);
    plans.push(await plan(monitor, job, options.replace));
  }
  if (!options.dryRun) for (const one of plans) await store(monitor, one, options.now);
  const report = plans.map(({ job, alerts, replaced }) => ({
    ...{ job_id: job.job_id, phases: job.state.phases.$map.length, alerts, replaced },
  }));
  return { applied: !options.dryRun, jobs: report };
}

async function parseAll(
  documents: readonly Document[],
  as: string | undefined,
): Promise<ParsedExport[]> {
  if (as !== undefined && documents.length !== 1) {
    throw new ProductError('IMPORT_INVALID', {
      detail: `The file holds ${documents.length} jobs, and only one can get the id "${as}". Export that job alone.`,
    });
  }
  const jobs = new Map<string, ParsedExport>();
  for (const { value, where } of documents) {
    const parsed = parseExport(value, where);
    const job = as === undefined ? parsed : renamed(parsed, as, randomUUID());
    if (jobs.has(job.job_id)) {
      const message = `The job "${job.job_id}" is in the file twice.`;
      const errors = [{ path: `/${where}/job_id`, message }];
      throw new ProductError('IMPORT_INVALID', { detail: `${where}/job_id: ${message}`, errors });
    }
    jobs.set(job.job_id, job);
    // Checking a large job takes a while; others want to be heard between two of them.
    await setImmediate();
  }
  return [...jobs.values()];
}

const DAY_MS = 86_400_000;

/** Retention would remove it again within a minute, and nobody would know why. */
function checkAge({ settings }: Monitor, { job_id, ended_at }: ParsedExport, now: number): void {
  const { job_days } = settings.config.retention;
  if (ended_at === null || Date.parse(ended_at) >= now - job_days * DAY_MS) return;
  const message = `The job "${job_id}" ended at ${ended_at}, and finished jobs are kept for ${job_days} days. Raise retention.job_days first.`;
  const errors = [{ path: '/ended_at', message }];
  throw new ProductError('IMPORT_INVALID', { detail: message, errors });
}

interface Plan {
  job: ParsedExport;
  alerts: number;
  /** Something of that id is removed first. */
  clears: boolean;
  replaced: boolean;
  known_signals: ReadonlyMap<string, number>;
}

async function plan(monitor: Monitor, job: ParsedExport, replace: boolean): Promise<Plan> {
  const { job_id } = job;
  const held = await heldJob(monitor, job_id);
  // What an import left that was cut off by a crash counts as nothing.
  const whole = held !== null && held.import_missing === 0;
  if (whole && !replace) {
    throw new ProductError('JOB_EXISTS', {
      detail: `There is a job "${job_id}" already. Import it under another id (as=...), or replace the one that is there (replace=true).`,
      errors: [{ path: '/job_id', message: 'taken' }],
    });
  }
  const alerts = job.alert_events.filter((event) => event.type === 'alert.raised').length;
  // A copy: the job is folded on while others are imported.
  const known_signals = new Map(held?.signals);
  return { job, alerts, clears: held !== null, replaced: whole, known_signals };
}

async function heldJob(monitor: Monitor, job_id: string) {
  const { jobs, finished } = monitor.model;
  return jobs.has(job_id) || finished.has(job_id) ? monitor.job(job_id) : null;
}

async function store(monitor: Monitor, plan: Plan, now: number): Promise<void> {
  const { job, clears, known_signals } = plan;
  const import_id = randomUUID();
  const events: Event[] = importEvents(job, { import_id, now, known_signals });
  if (clears) {
    const id = `${OWN_ID}import:${import_id}/remove`;
    events.unshift({ type: 'job.removed', id, time: now, job_id: job.job_id });
  }
  await monitor.append(events);
}
