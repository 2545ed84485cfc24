/** What one wants to know of the service when something is wrong with it. Nothing secret is in it. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Type } from '@sinclair/typebox';
import { timeText } from '../../core/view.ts';
import { OrNull, Time } from '../../protocol/schema.ts';
import { PROTOCOL, VERSION } from '../../protocol/version.ts';
import { type FolderSizes, FolderSizeReader } from '../../storage/folderSizes.ts';
import type { Monitor } from '../../monitor.ts';
import { type Route, route } from '../route.ts';

/** What the monitor does not know. */
export interface DiagnosticSources {
  clients: () => { connected: number; windows: number; behind: number };
  problems: {
    readonly counts: { warnings: number; errors: number };
    readonly latest: readonly object[];
  };
}

const Count = Type.Integer();
const FolderSize = Type.Object({ files: Count, bytes: Count });

const Diagnostics = Type.Object({
  version: Type.String(),
  protocol: Count,
  node: Type.String(),
  platform: Type.String({ description: 'system and processor' }),
  pid: Count,
  uptime_ms: Type.Number(),
  paths: Type.Object({ data_dir: Type.String() }),
  memory_mb: Type.Number({ description: 'of the process' }),
  heap_mb: Type.Number(),
  event_loop_max_ms: Type.Number({ description: 'the longest block since the last question' }),
  event_loop_p99_ms: Type.Number(),
  storage: Type.String({ description: 'open, or why events are not taken' }),
  journal_mb: Type.Number(),
  jobs_in_memory: Count,
  jobs_stored: Count,
  sizes: OrNull(
    Type.Object(
      {
        measured_at: Time,
        journal: FolderSize,
        state: FolderSize,
        series: FolderSize,
        quarantine: FolderSize,
      },
      { description: 'measured once a minute at most; null while the first look is not done' },
    ),
  ),
  queues: Type.Object({
    events_waiting: Type.Integer({ description: 'durable, but not in the records yet' }),
    bytes_waiting: Type.Integer({ description: 'for the disk' }),
    clients: Type.Integer({ description: 'on the WebSocket' }),
    windows: Type.Integer({ description: 'those of them that are windows and dashboards' }),
    clients_behind: Type.Integer({ description: 'those of them that do not keep up' }),
  }),
  log: Type.Object({
    warnings: Type.Integer({ description: 'since the start' }),
    errors: Count,
    latest: Type.Array(
      Type.Object({
        time: Time,
        level: Type.Union([Type.Literal('warn'), Type.Literal('error')]),
        message: Type.String(),
        error: OrNull(Type.String()),
      }),
      { description: 'the last 50 of both, oldest first' },
    ),
  }),
  recovery: Type.Object(
    {
      cut: Type.Array(Type.String(), { description: 'unfinished ends, a sentence each' }),
      quarantined: Type.Array(Type.String(), { description: 'damaged bytes, a sentence each' }),
      problems: Type.Array(Type.String(), { description: 'of what is made of the journal' }),
      missing: Type.Integer({ description: 'events that are gone' }),
      read_from: Type.Integer({ description: 'the first entry that was read again' }),
      replayed_entries: Count,
      replay_ms: Type.Number(),
    },
    { description: 'what the last start found and did' },
  ),
  dropped: Type.Record(Type.String(), Count),
  series: Type.Object({
    series: Count,
    max_series: Count,
    points_total: Type.Integer({ description: 'since the start' }),
    refused_labels: Type.Integer({ description: 'points of label sets beyond the limits' }),
    refused_times: Type.Integer({ description: 'points too old, or more than a day ahead' }),
    refused_values: Type.Integer({ description: 'no finite numbers' }),
    memory_bytes: Count,
    disk_bytes: Count,
  }),
  tables: Type.Array(
    Type.Object({
      table: Type.String(),
      rows: Count,
      limit: Count,
      refused: Type.Integer({ description: 'rows for which there was no room' }),
    }),
  ),
});

/** Milliseconds between two looks at the event loop: part of what it measures. */
const RESOLUTION_MS = 5;

export function diagnosticsRoutes(monitor: Monitor, sources: DiagnosticSources): Route[] {
  const startedAt = Date.now();
  const sizes = new FolderSizeReader(monitor.settings.base.data_dir);
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return [
    route({
      path: '/api/v1/diagnostics',
      summary:
        'Versions, memory, sizes, queues, the latest warnings, what the last start found, and what was dropped or refused.',
      response: Diagnostics,
      handle: async () => {
        const now = Date.now();
        const measured = await sizes.read(now);
        const blocks = {
          event_loop_max_ms: Math.max(0, delay.max / 1e6 - RESOLUTION_MS),
          event_loop_p99_ms: Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS),
        };
        delay.reset();
        return {
          ...processFacts(now - startedAt),
          ...blocks,
          ...monitorFacts(monitor),
          sizes: measured && sizesRecord(measured),
          queues: queueFacts(monitor, sources),
          log: { ...sources.problems.counts, latest: sources.problems.latest },
        };
      },
    }),
  ];
}

function processFacts(uptime_ms: number) {
  const { rss, heapUsed } = process.memoryUsage();
  return {
    version: VERSION,
    protocol: PROTOCOL,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    pid: process.pid,
    uptime_ms,
    memory_mb: toMb(rss),
    heap_mb: toMb(heapUsed),
  };
}

function monitorFacts(monitor: Monitor) {
  const { model, storage, series, recovery, dropped, settings } = monitor;
  return {
    paths: { data_dir: settings.base.data_dir },
    storage: storage.state,
    journal_mb: toMb(storage.journal_bytes),
    jobs_in_memory: model.jobs.size,
    jobs_stored: model.finished.size,
    recovery,
    dropped,
    series: series.counts,
    tables: model.domain.tables.map(({ name, rows, limit, refused }) => ({
      table: name,
      rows: rows.size,
      limit,
      refused,
    })),
  };
}

function queueFacts({ storage }: Monitor, { clients }: DiagnosticSources) {
  const { connected, windows, behind } = clients();
  return {
    events_waiting: storage.waiting_events,
    bytes_waiting: storage.waiting_bytes,
    clients: connected,
    windows,
    clients_behind: behind,
  };
}

function sizesRecord({ measured_at, folders }: FolderSizes) {
  return { measured_at: timeText(measured_at), ...folders };
}

function toMb(bytes: number): number {
  return Math.round((bytes / (1024 * 1024)) * 10) / 10;
}
