import { type Static, Type } from '@sinclair/typebox';
import { type TaskFilter, countTasks, findTask, taskRecords } from '../../core/domain/queries.ts';
import { TASK_STATES, TaskRecord } from '../../protocol/domain.ts';
import { ProductError } from '../../protocol/errors.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageBy } from '../page.ts';
import { ChoicesOf, TimeRange, choicesOf, timesOf } from '../query.ts';
import { type Route, param, route } from '../route.ts';

const Id = Type.Optional(Type.String());
export const TaskFilters = Type.Object({
  ...PageQuery,
  worker_id: Id,
  job_id: Id,
  queue: Id,
  status: ChoicesOf(TASK_STATES),
  content_type: Id,
  ...TimeRange,
});

/** The filters of a query as the domain takes them. `from` and `to` are about the time a task was submitted. */
export function taskFilterOf(query: Static<typeof TaskFilters>): TaskFilter {
  const { worker_id, job_id, queue, content_type } = query;
  return {
    ...{ worker_id, job_id, queue, content_type },
    status: choicesOf(query.status, 'status', TASK_STATES),
    ...timesOf(query),
  };
}

/** One page of the tasks that the filter lets through, the newest first. */
export function taskPage(
  { domain }: Monitor['model'],
  filter: TaskFilter,
  query: { limit?: number; cursor?: string },
) {
  const { items, ...page } = pageBy(countTasks(domain, filter), query, (offset, limit) =>
    taskRecords(domain, filter, { offset, limit }),
  );
  return { tasks: items, ...page };
}

export function taskRoutes({ model }: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/tasks',
      summary: 'Tasks, the newest first.',
      query: TaskFilters,
      response: PageOf('tasks', TaskRecord),
      handle: ({ query }) => taskPage(model, taskFilterOf(query), query),
    }),
    route({
      path: '/api/v1/tasks/:task_id',
      summary: 'One task.',
      response: TaskRecord,
      fails: ['TASK_UNKNOWN'],
      handle: (request) => {
        const task_id = param(request, 'task_id');
        const task = findTask(model.domain, task_id);
        if (task) return task;
        throw new ProductError('TASK_UNKNOWN', {
          detail: `There is no task "${task_id}". GET /api/v1/tasks lists those that are kept.`,
        });
      },
    }),
  ];
}
