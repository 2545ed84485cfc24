import { setImmediate } from 'node:timers/promises';
import { type CriticalPath, toldPhases } from '../../analysis/expected/criticalPath.ts';
import { speedUpWork } from '../../analysis/expected/speedUp.ts';
import { deriveJob } from '../../core/derive.ts';
import type { JobState } from '../../core/model.ts';
import { phaseRecords } from '../../core/queries.ts';
import type { Monitor } from '../../monitor.ts';
import { CriticalPathRecord } from '../../protocol/criticalPath.ts';
import type { PhaseRecord } from '../../protocol/record.ts';
import { isEnded } from '../../protocol/states.ts';
import { Slices } from '../../series/slices.ts';
import { type Route, param, route } from '../route.ts';

/** Of a run that goes on, those who ask in this time get the same answer. */
const SAME_MS = 1_000;

export function criticalPathRoutes(monitor: Monitor): Route[] {
  const known = new KnownPaths();
  return [
    route({
      path: '/api/v1/jobs/:job_id/critical-path',
      summary:
        'The chain of phases that a run is as long as it is for, and what one would gain by speeding each up.',
      response: CriticalPathRecord,
      fails: ['JOB_UNKNOWN'],
      handle: async (request) =>
        known.of(await monitor.job(param(request, 'job_id')), monitor.now()),
    }),
  ];
}

/** Many pages show the same run: what was worked out of it is told to all of them. Goes with the job. */
class KnownPaths {
  readonly #known = new WeakMap<JobState, { key: string; answer: Promise<CriticalPathRecord> }>();

  of(job: JobState, now: number): Promise<CriticalPathRecord> {
    const { status } = deriveJob(job);
    const grows = !isEnded(status) && status !== 'STALE';
    const key = [job.folded_seq, job.seq, status, grows ? Math.floor(now / SAME_MS) : 0].join(' ');
    const before = this.#known.get(job);
    if (before?.key === key) return before.answer;
    // The bars of a silent job end where it was last heard of.
    const answer = pathOf(job, status === 'STALE' ? job.last_seen : now);
    this.#known.set(job, { key, answer });
    return answer;
  }
}

async function pathOf(job: JobState, now: number): Promise<CriticalPathRecord> {
  const { status, started_at } = deriveJob(job);
  const records = phaseRecords(job);
  const work = speedUpWork(toldPhases(records), { begin: started_at ?? Infinity, now });
  const slices = new Slices(() => setImmediate());
  let step = work.next();
  for (; step.done !== true; step = work.next()) await slices.step();
  const { path, phases } = step.value;
  const state = path === null ? 'not_enough_data' : isEnded(status) ? 'known' : 'running';
  return {
    ...{ job_id: job.job_id, state, length_ms: Math.round(path?.total_ms ?? 0) },
    ...{ method: path?.method ?? 'observed', path_ms: Math.round(path?.ms ?? 0) },
    ...{ path: stepsOf(path, records), phases },
  };
}

function stepsOf(
  path: CriticalPath | null,
  records: readonly PhaseRecord[],
): CriticalPathRecord['path'] {
  const byId = new Map(records.map((record) => [record.phase_id, record]));
  return (path?.steps ?? []).map(({ phase_id, from, ms, share, waited_ms, by }) => ({
    phase_id,
    began_at: new Date(from).toISOString(),
    ended_at: byId.get(phase_id)?.ended_at ?? null,
    ...{ ms: Math.round(ms), share, waited_ms: Math.round(waited_ms), by },
  }));
}
