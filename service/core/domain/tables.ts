/** The tables of the domain and how many rows each holds. */
import { History } from '../history.ts';
import { type ActionState, newAction } from './action.ts';
import { type Bucket, Buckets, newBucket } from './bucket.ts';
import { type CacheState, newCache } from './cache.ts';
import { definitionChangesTable, definitionsTable } from './definitions.ts';
import { type EndpointState, newEndpoint } from './endpoint.ts';
import { type ModelState, newModel } from './model.ts';
import { forecastsTable } from './forecast.ts';
import { gatheringsTable, notificationsTable } from './notification.ts';
import {
  type OptimizationState,
  type ParameterState,
  newOptimization,
  newParameter,
} from './optimization.ts';
import { type QueueState, newQueue } from './queue.ts';
import { settingsTable } from './settings.ts';
import { type SignalState, newSignal } from './signal.ts';
import { Table } from './table.ts';
import { type TaskState, newTask } from './task.ts';
import { WaitingTasks } from './waiting.ts';
import { type WorkerState, newWorker } from './worker.ts';

export interface DomainLimits {
  /** Tasks that are kept one by one; statistics cover all there ever were. */
  tasks: number;
  workers: number;
  /** Queues, models, endpoints, caches, signals, actions, parameters and optimizations: so many of each. */
  others: number;
}

const LIMITS: DomainLimits = { tasks: 20_000, workers: 5000, others: 1000 };

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export class Tables {
  readonly workers: Table<WorkerState>;
  readonly tasks: Table<TaskState>;
  /** Those of the tasks that wait. */
  readonly waiting: WaitingTasks;
  readonly queues: Table<QueueState>;
  readonly models: Table<ModelState>;
  readonly endpoints: Table<EndpointState>;
  readonly caches: Table<CacheState>;
  readonly signals: Table<SignalState>;
  readonly actions: Table<ActionState>;
  readonly parameters: Table<ParameterState>;
  readonly optimizations: Table<OptimizationState>;
  readonly history = new History();
  /** How well ends were foretold, by pipeline. */
  readonly forecasts = forecastsTable();
  readonly settings = settingsTable();
  /** Rules, channels and silences, by `of/key`. */
  readonly definitions = definitionsTable();
  readonly definitionChanges = definitionChangesTable();
  /** The outbox, and what is gathered for it. */
  readonly notifications = notificationsTable();
  readonly gatherings = gatheringsTable();
  /** 24 hours of minutes, 30 days of hours, 2 years of days in which something happened. */
  readonly minutes = periodTable('minutes', 1440, 60);
  readonly hours = periodTable('hours', 720, 24);
  readonly days = periodTable('days', 731, 31);
  /** One row, "all": since the beginning. */
  readonly totals = new Table<Bucket>({
    name: 'totals',
    limit: 1,
    pageRows: 1,
    make: () => newBucket(0),
  });

  readonly periods = [
    new Buckets(this.minutes, MINUTE_MS),
    new Buckets(this.hours, HOUR_MS),
    new Buckets(this.days, DAY_MS),
  ] as const;

  constructor(limits: Partial<DomainLimits> = {}) {
    const { tasks, workers, others } = { ...LIMITS, ...limits };
    const small = <S>(name: string, make: (id: string) => S) =>
      new Table<S>({ name, limit: others, pageRows: 50, make });
    this.workers = new Table({ name: 'workers', limit: workers, pageRows: 20, make: newWorker });
    this.tasks = new Table({ name: 'tasks', limit: tasks, pageRows: 200, make: newTask });
    this.waiting = new WaitingTasks(this.tasks);
    this.queues = small('queues', newQueue);
    this.models = small('models', newModel);
    this.endpoints = small('endpoints', newEndpoint);
    this.caches = small('caches', newCache);
    this.signals = small('signals', newSignal);
    this.actions = small('actions', newAction);
    this.parameters = small('parameters', newParameter);
    this.optimizations = small('optimizations', newOptimization);
  }

  /** All of them: what the storage writes and reads. */
  get tables(): readonly Table<unknown>[] {
    return [
      this.workers,
      this.tasks,
      this.queues,
      this.models,
      this.endpoints,
      this.caches,
      this.signals,
      this.actions,
      this.parameters,
      this.optimizations,
      this.minutes,
      this.hours,
      this.days,
      this.totals,
      this.history.table,
      this.forecasts,
      this.settings,
      this.definitions,
      this.definitionChanges,
      this.notifications,
      this.gatherings,
    ];
  }

  /** How many rows of each kind were refused or had to go because a table is full; only kinds with some. */
  dropped(): Record<string, number> {
    const counts = this.tables.map(({ name, refused }) => [name, refused] as const);
    return Object.fromEntries(counts.filter(([, refused]) => refused > 0));
  }
}

/** Rows are named by the RFC 3339 time of their begin. */
function periodTable(name: string, limit: number, pageRows: number): Table<Bucket> {
  return new Table({ name, limit, pageRows, make: (id) => newBucket(Date.parse(id)) });
}
