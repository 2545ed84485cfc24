import assert from 'node:assert/strict';
import { flatten, revive } from '../../../../service/core/document.ts';
import type { Domain } from '../../../../service/core/domain/domain.ts';
import {
  actionRecords,
  cacheRecords,
  endpointRecords,
  modelRecords,
  optimizationRecords,
  queueRecords,
  signalTotals,
  taskRecords,
  workerRecords,
} from '../../../../service/core/domain/queries.ts';
import { periodStatistics, totals } from '../../../../service/core/domain/statistics.ts';
import type { DomainLimits } from '../../../../service/core/domain/tables.ts';
import { Model } from '../../../../service/core/fold.ts';
import { newTouched } from '../../../../service/core/touched.ts';
import type { Event } from '../../../../service/protocol/event.ts';
import { parseEvents } from '../../../../service/protocol/parse.ts';

export const T0 = Date.UTC(2026, 0, 5, 10, 0, 0);

/** Events as they would be sent; `time` is seconds after T0. */
export function events(
  ...values: ({ type: string; time: number } & Record<string, unknown>)[]
): Event[] {
  const raw = values.map((value, n) => ({ id: `e${n}`, ...value, time: T0 + value.time * 1000 }));
  const parsed: Event[] = [];
  for (let at = 0; at < raw.length; at += 1000) {
    const { events: some, rejected } = parseEvents(raw.slice(at, at + 1000), {
      now: T0,
      newId: () => assert.fail('every event has an id'),
    });
    assert.deepEqual(rejected, []);
    parsed.push(...some);
  }
  return parsed;
}

interface FoldOptions {
  limits?: Partial<DomainLimits>;
  /** Epoch milliseconds of arrival; the event's own time when not given. */
  receivedAt?: (event: Event) => number;
}

/** A model of the events in the order given. */
export function fold(list: readonly Event[], options: FoldOptions = {}): Model {
  const model = new Model(options.limits);
  foldInto(model, list, options);
  return model;
}

/** Folds more into a model; the entries follow those it has. */
export function foldInto(model: Model, list: readonly Event[], options: FoldOptions = {}) {
  const { receivedAt = (event) => event.time } = options;
  const touched = newTouched();
  for (const event of list) {
    const seq = model.domain.folded_seq + 1;
    model.apply({ seq, received_at: receivedAt(event), event }, touched);
  }
  return touched;
}

/** Everything the domain answers, without sequence numbers: those say when something was learnt, not what is true. */
export function answers(domain: Domain): unknown {
  const all = {
    workers: workerRecords(domain),
    tasks: taskRecords(domain),
    queues: queueRecords(domain),
    models: modelRecords(domain),
    endpoints: endpointRecords(domain),
    caches: cacheRecords(domain),
    actions: actionRecords(domain),
    optimizations: optimizationRecords(domain),
    signals: signalTotals(domain),
    minutes: periodStatistics(domain, 'minute', ALL_TIME),
    hours: periodStatistics(domain, 'hour', ALL_TIME),
    days: periodStatistics(domain, 'day', ALL_TIME),
    totals: totals(domain),
  };
  return JSON.parse(
    JSON.stringify(all, (key, value: unknown) => (key === 'seq' ? undefined : value)),
  );
}

export const ALL_TIME = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** A model with the tables of `model` as they come back from JSON files. */
export function restored(model: Model, limits?: Partial<DomainLimits>): Model {
  const copy = new Model(limits);
  model.domain.tables.forEach((table, at) => {
    const into = copy.domain.tables[at];
    assert.equal(into?.name, table.name);
    for (const page of new Set(table.takeDirtyPages())) {
      const rows = table.pageRows(page).map(([id, row]) => [id, flatten(row)]);
      const read = JSON.parse(JSON.stringify(rows)) as [string, unknown][];
      into.restorePage(
        page,
        read.map(([id, row]) => [id, revive(row)]),
      );
    }
  });
  copy.domain.folded_seq = model.domain.folded_seq;
  return copy;
}
