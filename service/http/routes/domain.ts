/** Lists of what is known beyond jobs, workers and tasks: one route a kind of record. */
import { type TSchema, Type } from '@sinclair/typebox';
import {
  actionRecords,
  cacheRecords,
  endpointRecords,
  modelRecords,
  queueRecords,
  signalTotals,
} from '../../core/domain/queries.ts';
import {
  ActionRecord,
  CacheRecord,
  EndpointRecord,
  ModelRecord,
  QueueRecord,
} from '../../protocol/domain.ts';
import type { Monitor } from '../../monitor.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { type Route, route } from '../route.ts';

const SignalTotal = Type.Object({
  signal: Type.String(),
  count: Type.Integer({ description: 'of all jobs since the first event' }),
});

interface ListOptions {
  path: string;
  /** What the answer calls the list. */
  name: string;
  summary: string;
  item: TSchema;
  read: () => readonly unknown[];
}

export function domainRoutes(monitor: Monitor): Route[] {
  const { domain } = monitor.model;
  return [
    list({
      path: '/api/v1/queues',
      name: 'queues',
      summary: 'Queues with what waits in them.',
      item: QueueRecord,
      read: () => queueRecords(domain, monitor.now()),
    }),
    list({
      path: '/api/v1/models',
      name: 'models',
      summary: 'Models with their predictions, errors and baselines.',
      item: ModelRecord,
      read: () => modelRecords(domain),
    }),
    list({
      path: '/api/v1/endpoints',
      name: 'endpoints',
      summary:
        'Endpoints with their requests, response times and errors since they were first seen.',
      item: EndpointRecord,
      read: () => endpointRecords(domain),
    }),
    list({
      path: '/api/v1/caches',
      name: 'caches',
      summary: 'Caches with their hit rates and sizes.',
      item: CacheRecord,
      read: () => cacheRecords(domain),
    }),
    list({
      path: '/api/v1/signals',
      name: 'signals',
      summary: 'Signals with their totals. Those of one job are in its snapshot.',
      item: SignalTotal,
      read: () =>
        Object.entries(signalTotals(domain)).map(([signal, count]) => ({ signal, count })),
    }),
    list({
      path: '/api/v1/actions',
      name: 'actions',
      summary: 'Actions that pipelines offer.',
      item: ActionRecord,
      read: () => actionRecords(domain),
    }),
  ];
}

export function list({ path, name, summary, item, read }: ListOptions): Route {
  return route({
    ...{ path, summary },
    query: Type.Object(PageQuery),
    response: PageOf(name, item),
    handle: ({ query }) => {
      const { items, ...page } = pageOf(read(), query);
      return { [name]: items, ...page };
    },
  });
}
