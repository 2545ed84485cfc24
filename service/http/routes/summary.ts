/** A run in one sentence. */
import { pastTimes } from '../../analysis/expected/before.ts';
import { runSummary } from '../../analysis/summary/summary.ts';
import { historyRows } from '../../core/history.ts';
import { findJob, listJobs } from '../../core/list.ts';
import { phaseRecords } from '../../core/queries.ts';
import type { Monitor } from '../../monitor.ts';
import { ProductError } from '../../protocol/errors.ts';
import { RunSummary } from '../../protocol/summary.ts';
import { type Route, param, route } from '../route.ts';

export function summaryRoutes(monitor: Monitor): Route[] {
  const { model } = monitor;
  return [
    route({
      path: '/api/v1/jobs/:job_id/summary',
      summary:
        'A run in one sentence: how much slower or faster than usual it is and which phase explains it, or where it failed.',
      response: RunSummary,
      fails: ['JOB_UNKNOWN'],
      handle: async (request) => {
        const state = await monitor.job(param(request, 'job_id'));
        const job = findJob(model, state.job_id);
        if (job === null) throw new ProductError('JOB_UNKNOWN');
        const { pipeline } = job;
        const rows = historyRows(model.domain, { pipeline });
        const past = pastTimes(listJobs(model, { pipeline }), rows);
        return runSummary({ job, phases: phaseRecords(state), past, now: monitor.now() });
      },
    }),
  ];
}
