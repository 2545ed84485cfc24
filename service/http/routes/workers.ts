import { Type } from '@sinclair/typebox';
import { findWorker, workerRecords } from '../../core/domain/queries.ts';
import { TaskRecord, WorkerRecord } from '../../protocol/domain.ts';
import { WORKER_KINDS, WORKER_STATES } from '../../protocol/states.ts';
import { ProductError } from '../../protocol/errors.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { ChoicesOf, choicesOf } from '../query.ts';
import { type Route, type RouteRequest, param, route } from '../route.ts';
import { TaskFilters, taskFilterOf, taskPage } from './tasks.ts';

const Filters = Type.Object({
  ...PageQuery,
  state: ChoicesOf(WORKER_STATES),
  kind: ChoicesOf(WORKER_KINDS),
  text: Type.Optional(Type.String({ maxLength: 256, description: 'anywhere in id or host' })),
});

export function workerRoutes({ model }: Monitor): Route[] {
  const workerOf = (request: RouteRequest<unknown>): WorkerRecord => {
    const worker_id = param(request, 'worker_id');
    const worker = findWorker(model.domain, worker_id);
    if (worker) return worker;
    throw new ProductError('WORKER_UNKNOWN', {
      detail: `There is no worker "${worker_id}". GET /api/v1/workers lists them.`,
    });
  };
  return [
    route({
      path: '/api/v1/workers',
      summary: 'Workers: what they do, how they are, what they use.',
      query: Filters,
      response: PageOf('workers', WorkerRecord),
      handle: ({ query }) => {
        const state = choicesOf(query.state, 'state', WORKER_STATES);
        const kind = choicesOf(query.kind, 'kind', WORKER_KINDS);
        const text = query.text?.toLowerCase();
        const workers = workerRecords(model.domain).filter(
          (worker) =>
            (state?.includes(worker.state) ?? true) &&
            (kind === undefined || (worker.kind !== null && kind.includes(worker.kind))) &&
            (text === undefined ||
              `${worker.worker_id}\n${worker.host ?? ''}`.toLowerCase().includes(text)),
        );
        const { items, ...page } = pageOf(workers, query);
        return { workers: items, ...page };
      },
    }),
    route({
      path: '/api/v1/workers/:worker_id',
      summary: 'One worker.',
      response: WorkerRecord,
      fails: ['WORKER_UNKNOWN'],
      handle: workerOf,
    }),
    route({
      path: '/api/v1/workers/:worker_id/tasks',
      summary: 'The tasks of a worker, the newest first.',
      query: Type.Omit(TaskFilters, ['worker_id']),
      response: PageOf('tasks', TaskRecord, { worker_id: Type.String() }),
      fails: ['WORKER_UNKNOWN'],
      handle: (request) => {
        const { worker_id } = workerOf(request);
        const filter = { ...taskFilterOf(request.query), worker_id };
        return { worker_id, ...taskPage(model, filter, request.query) };
      },
    }),
  ];
}
