import { Type } from '@sinclair/typebox';
import { snapshotToCsv } from '../../core/csv.ts';
import { listAlerts } from '../../core/list.ts';
import { jobSnapshot } from '../../core/queries.ts';
import { JobSnapshot } from '../../protocol/record.ts';
import type { Monitor } from '../../monitor.ts';
import { Answer, type Route, param, route } from '../route.ts';

export function exportRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/monitoring/export/:job_id',
      summary: 'The complete data of a job as a file: JSON, or CSV with a row a record.',
      query: Type.Object({
        format: Type.Optional(
          Type.Union([Type.Literal('json'), Type.Literal('csv')], { description: 'json or csv' }),
        ),
      }),
      response: JobSnapshot,
      handle: async (request) => {
        const job = await monitor.job(param(request, 'job_id'));
        const snapshot = jobSnapshot(job, listAlerts(monitor.model, { job_id: job.job_id }));
        const format = request.query.format ?? 'json';
        const name = `${job.job_id.replace(/[^\w.-]+/g, '_').slice(0, 80)}.${format}`;
        const headers = { 'content-disposition': `attachment; filename="${name}"` };
        if (format === 'csv') {
          return new Answer(snapshotToCsv(snapshot), { type: 'text/csv; charset=utf-8', headers });
        }
        return new Answer(JSON.stringify(snapshot, null, 2), {
          type: 'application/json; charset=utf-8',
          headers,
        });
      },
    }),
  ];
}
