import { type Recorded, speedUps } from '../../analysis/expected/speedUp.ts';
import { deriveJob } from '../../core/derive.ts';
import type { JobState } from '../../core/model.ts';
import { phaseRecords } from '../../core/queries.ts';
import type { Monitor } from '../../monitor.ts';
import { CriticalPathRecord } from '../../protocol/criticalPath.ts';
import { isEnded } from '../../protocol/states.ts';
import { type Route, param, route } from '../route.ts';

/** Each phase costs as much as all others: more nobody reads. */
const MOST_PHASES = 500;

export function criticalPathRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/jobs/:job_id/critical-path',
      summary:
        'Which phases the run is as long as it is for, and what one would gain by speeding them up.',
      response: CriticalPathRecord,
      fails: ['JOB_UNKNOWN'],
      handle: async (request) =>
        criticalPath(await monitor.job(param(request, 'job_id')), monitor.now()),
    }),
  ];
}

function criticalPath(job: JobState, now: number): CriticalPathRecord {
  const { status, started_at } = deriveJob(job);
  const phases = phaseRecords(job).flatMap((phase): Recorded[] => {
    if (phase.started_at === null) return [];
    const start = Date.parse(phase.started_at);
    const end = phase.ended_at === null ? now : Date.parse(phase.ended_at);
    const { phase_id, name, depends_on } = phase;
    return [{ phase_id, name, start, end, depends_on }];
  });
  const longest = [...phases].sort((a, b) => b.end - b.start - (a.end - a.start));
  const some = new Set(longest.slice(0, MOST_PHASES));
  const chosen = phases.filter((phase) => some.has(phase));
  const state = chosen.length === 0 ? 'not_enough_data' : isEnded(status) ? 'known' : 'running';
  return { job_id: job.job_id, state, ...speedUps(chosen, started_at ?? Infinity) };
}
