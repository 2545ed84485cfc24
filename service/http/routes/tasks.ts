import { type Static, Type } from '@sinclair/typebox';
import { type TaskFilter, countTasks, findTask, taskRecords } from '../../core/domain/queries.ts';
import { TASK_STATES } from '../../protocol/states.ts';
import { TaskRecord } from '../../protocol/domain.ts';
import { ProductError } from '../../protocol/errors.ts';
import { occupancy } from '../../core/domain/occupancy.ts';
import { Occupancy } from '../../protocol/occupancy.ts';
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

const OccupancyQuery = Type.Object({
  ...Type.Omit(TaskFilters, ['limit', 'cursor', 'from', 'to']).properties,
  bins: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 500, description: 'stretches of time; default 200' }),
  ),
  lanes: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: 'workers of their own; default 50' }),
  ),
  ...TimeRange,
});

/** Answers are kept this long: many pages may look at the same 100,000 tasks while they run. */
const FRESH_MS = 1_000;
const MOST_KEPT = 16;

export function taskRoutes(monitor: Monitor): Route[] {
  const { model } = monitor;
  const kept = new Kept<Occupancy>();
  return [
    route({
      path: '/api/v1/task-occupancy',
      summary: 'How busy each worker was, in equal stretches of time: of any number of tasks.',
      query: OccupancyQuery,
      response: Occupancy,
      handle: ({ query }) =>
        kept.get(JSON.stringify(query), () => {
          const { from, to, bins = 200, lanes = 50, ...others } = query;
          const range = timesOf({ ...(from && { from }), ...(to && { to }) });
          const filter = taskFilterOf(others);
          return occupancy(model.domain, { filter, bins, lanes, ...range, now: Date.now() });
        }),
    }),
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

/** The latest answers by their question, each for a moment. */
class Kept<T> {
  readonly #answers = new Map<string, { at: number; value: T }>();

  get(question: string, answer: () => T): T {
    const now = performance.now();
    const known = this.#answers.get(question);
    if (known && now - known.at < FRESH_MS) return known.value;
    const value = answer();
    this.#answers.delete(question);
    this.#answers.set(question, { at: performance.now(), value });
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MOST_KEPT) break;
      this.#answers.delete(oldest);
    }
    return value;
  }
}
