/** One run against another, or against the median of those before it. */
import { type Static, Type } from '@sinclair/typebox';
import { DEFAULT_BOUNDS, compareRuns } from '../../analysis/compare.ts';
import { type RunFigures, medianRun, runFigures } from '../../analysis/runFigures.ts';
import { startText } from '../../core/jobFilter.ts';
import { findJob, listJobs } from '../../core/list.ts';
import type { JobState } from '../../core/model.ts';
import { artifactRecords, phaseRecords } from '../../core/queries.ts';
import { summarize } from '../../core/samples.ts';
import { jobRecord } from '../../core/view.ts';
import { type ComparedWith, PhaseComparison, comparisonFields } from '../../protocol/compare.ts';
import { ProductError } from '../../protocol/errors.ts';
import type { JobRecord } from '../../protocol/record.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, pageOf } from '../page.ts';
import { wrongQuery } from '../query.ts';
import { type Route, param, route } from '../route.ts';

const MEDIAN = 'median';
const USUAL_RUNS = 10;
/** Runs of very many phases: as many of the newest as have these together, and one at least. */
const MAX_MEDIAN_PHASES = 50_000;

const Query = Type.Object({
  last: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 50,
      description: 'of how many completed runs before it the median is, 1 to 50; default 10',
    }),
  ),
  time_percent: Type.Optional(
    Type.Number({
      ...{ minimum: 0, maximum: 10_000 },
      description: `a time differs from this part of the shorter one on; default ${DEFAULT_BOUNDS.time_percent}`,
    }),
  ),
  time_ms: Type.Optional(
    Type.Number({
      minimum: 0,
      description: `and not below this; default ${DEFAULT_BOUNDS.time_ms}`,
    }),
  ),
  different: Type.Optional(Type.Boolean({ description: 'true: only phases that differ' })),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 5000, description: 'how many phases; default 1000' }),
  ),
  cursor: Type.Optional(Type.String({ description: 'next_cursor of the page before' })),
});

export function compareRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/jobs/:job_id/compare/:other',
      summary:
        'A job held against another one, or against the "median" of the runs before it: by phase, in total, and where they first differ.',
      query: Query,
      response: PageOf('phases', PhaseComparison, comparisonFields),
      fails: ['JOB_UNKNOWN', 'COMPARE_SAME_JOB', 'COMPARE_NO_RUNS'],
      handle: async (request) => {
        const { query } = request;
        const ids = { job_id: param(request, 'job_id'), other: param(request, 'other') };
        const job = recordOf(monitor, ids.job_id);
        const { against, figures } = await otherOf(monitor, job, ids.other, query.last);
        const { phases, ...compared } = compareRuns(
          await figuresOf(monitor, job),
          figures,
          boundsOf(query),
        );
        const shown =
          query.different === true ? phases.filter(({ differs }) => differs.length > 0) : phases;
        const { items, ...page } = pageOf(shown, { limit: 1000, ...query });
        return { job, other: against, ...compared, phases: items, ...page };
      },
    }),
  ];
}

interface Other {
  against: ComparedWith;
  figures: RunFigures;
}

async function otherOf(
  monitor: Monitor,
  job: JobRecord,
  other: string,
  last: number | undefined,
): Promise<Other> {
  if (other === MEDIAN) return medianBefore(monitor, job, last ?? USUAL_RUNS);
  if (last !== undefined) throw wrongQuery('last', 'It goes with "median" only. Leave it out.');
  if (other === job.job_id) throw new ProductError('COMPARE_SAME_JOB');
  const against = recordOf(monitor, other);
  return { against: { kind: 'job', job: against }, figures: await figuresOf(monitor, against) };
}

/** The completed runs of the same pipeline that started before the job, the newest of them. */
async function medianBefore(monitor: Monitor, job: JobRecord, last: number): Promise<Other> {
  const { pipeline } = job;
  const began = startText(job);
  const before = listJobs(monitor.model, { pipeline, status: ['COMPLETED'] }, 'newest').filter(
    (one) => one.job_id !== job.job_id && startText(one) < began,
  );
  if (before.length === 0)
    throw new ProductError('COMPARE_NO_RUNS', {
      detail: `No completed run of "${pipeline}" started before job "${job.job_id}". Compare it with another job by its id.`,
    });
  const runs: JobRecord[] = [];
  let phases = 0;
  for (const one of before.slice(0, last)) {
    phases += one.phases_total;
    if (runs.length > 0 && phases > MAX_MEDIAN_PHASES) break;
    runs.push(one);
  }
  const figures: RunFigures[] = [];
  for (const run of runs) figures.push(await figuresOf(monitor, run));
  const named = runs.map(({ job_id, name, started_at }) => ({ job_id, name, started_at }));
  return { against: { kind: 'median', pipeline, runs: named }, figures: medianRun(figures) };
}

function recordOf(monitor: Monitor, job_id: string): JobRecord {
  const record = findJob(monitor.model, job_id);
  if (record) return record;
  throw new ProductError('JOB_UNKNOWN', {
    detail: `There is no job "${job_id}". GET /api/v1/jobs lists them.`,
  });
}

async function figuresOf(monitor: Monitor, { job_id }: JobRecord): Promise<RunFigures> {
  const job = await monitor.job(job_id);
  return runFigures({
    job: jobRecord(job, monitor.model.activeAlerts(job_id)),
    phases: phaseRecords(job),
    artifacts: artifactRecords(job),
    usage: {
      cpu_percent: wholeRun(job, 'cpu_percent')?.avg ?? null,
      memory_mb: wholeRun(job, 'memory_mb')?.max ?? null,
    },
  });
}

function wholeRun(job: JobState, field: string) {
  return summarize(job.samples, field, -Infinity, Infinity);
}

function boundsOf({ time_percent, time_ms }: Static<typeof Query>) {
  return {
    time_percent: time_percent ?? DEFAULT_BOUNDS.time_percent,
    time_ms: time_ms ?? DEFAULT_BOUNDS.time_ms,
  };
}
