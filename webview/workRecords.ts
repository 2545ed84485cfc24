import type { RecordsFrame } from '../service/protocol/frame.ts';
import type { QueueRecord, TaskRecord, WorkerRecord } from '../service/protocol/domain.ts';
import { upsert } from './upsert.ts';

const MAX_WORKERS = 5_000;
const MAX_QUEUES = 1_000;
const MAX_TASKS = 5_000;

/** Workers, queues and the newest tasks, as long as somebody looks at them. */
export class WorkRecords {
  readonly workers = new Map<string, WorkerRecord>();
  readonly queues = new Map<string, QueueRecord>();
  readonly tasks = new Map<string, TaskRecord>();
  /** How many the service holds. */
  workersTotal = 0;
  tasksTotal = 0;
  /** True once the service has told. */
  loaded = false;
  /** How often the service began to tell: what happened between an end and the next beginning, it told nobody here. */
  begun = 0;

  /** Returns whether something changed. */
  apply(frame: RecordsFrame): boolean {
    const known = this.workers.size + this.queues.size + this.tasks.size > 0;
    if (frame.reset === true) this.clear();
    const changed = [
      frame.reset === true && known,
      upsert(this.workers, frame.workers ?? [], (worker) => worker.worker_id, MAX_WORKERS),
      upsert(this.queues, frame.queues ?? [], (queue) => queue.queue, MAX_QUEUES),
      upsert(this.tasks, frame.tasks ?? [], (task) => task.task_id, MAX_TASKS),
      ...frame.removed.map((removed) => this.#remove(removed)),
      this.#count(frame),
    ];
    return changed.includes(true);
  }

  clear(): void {
    this.workers.clear();
    this.queues.clear();
    this.tasks.clear();
    this.loaded = false;
  }

  #count({ workers, workers_total, tasks_total }: RecordsFrame): boolean {
    const first = workers !== undefined && !this.loaded;
    if (first) this.begun++;
    if (workers !== undefined) this.loaded = true;
    const [before, tasksBefore] = [this.workersTotal, this.tasksTotal];
    this.workersTotal = workers_total ?? before;
    this.tasksTotal = tasks_total ?? tasksBefore;
    return first || before !== this.workersTotal || tasksBefore !== this.tasksTotal;
  }

  #remove(removed: RecordsFrame['removed'][number]): boolean {
    if (removed.kind === 'worker') return this.workers.delete(removed.worker_id);
    return removed.kind === 'task' && this.tasks.delete(removed.task_id);
  }
}
