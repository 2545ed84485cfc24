import type { Monitor } from '../monitor.ts';
import { BUILD_INFO, type ExpositionParts, type Read, type Sample } from './read.ts';

export function serviceMetrics({ monitor, clients }: ExpositionParts): Read[] {
  const one = (value: () => number) => (): Sample[] => [[{}, value()]];
  const plain = (name: string, help: string, kind: Read['kind'], value: () => number): Read => ({
    name: `pipescope_${name}`,
    help,
    kind,
    labels: [],
    read: one(value),
  });
  return [
    BUILD_INFO,
    {
      name: 'pipescope_ingest_events_total',
      help: 'Events that came in, by the way they came and what became of them.',
      kind: 'counter',
      labels: ['protocol', 'outcome'],
      read: () => ingested(monitor),
    },
    {
      name: 'pipescope_dropped_total',
      help: 'Records that were let go by retention or did not fit, by kind.',
      kind: 'counter',
      labels: ['kind'],
      read: () => Object.entries(monitor.dropped).map(([kind, count]) => [{ kind }, count]),
    },
    plain(
      'journal_bytes',
      'Size of the journal on disk.',
      'gauge',
      () => monitor.storage.journal_bytes,
    ),
    plain(
      'journal_waiting_bytes',
      'Bytes that wait to be written to the journal.',
      'gauge',
      () => monitor.storage.waiting_bytes,
    ),
    plain('storage_writable', '1 while events can be written, else 0.', 'gauge', () =>
      monitor.storage.state === 'open' ? 1 : 0,
    ),
    plain('websocket_clients', 'WebSocket clients that are connected.', 'gauge', clients),
    plain('series', 'Label sets of all metrics.', 'gauge', () => monitor.series.counts.series),
    plain(
      'series_points_total',
      'Points that were taken since the start.',
      'counter',
      () => monitor.series.counts.points_total,
    ),
    plain('series_refused_total', 'Points that were refused since the start.', 'counter', () => {
      const { refused_labels, refused_times, refused_values } = monitor.series.counts;
      return refused_labels + refused_times + refused_values;
    }),
  ];
}

function ingested({ ingested }: Monitor): Sample[] {
  return Object.entries(ingested.all).flatMap(([protocol, counts]) =>
    Object.entries(counts).map(([outcome, count]): Sample => [{ protocol, outcome }, count]),
  );
}
