/** What `pipescope import` reads besides its own exports: one line a format, text -> events. */
import { celeryToEvents } from '../ingest/celery.ts';
import { parseJson } from '../ingest/json.ts';
import { fromNdjson } from '../ingest/ndjson.ts';
import { prometheusToEvents } from '../ingest/prometheus.ts';
import { wfFormatToEvents } from '../ingest/wfformat.ts';

/** The text of a file as events; `now` (epoch ms) for what has no time. Throws IMPORT_INVALID, BODY_INVALID. */
type Importer = (text: string, now: number) => unknown[];

const IMPORTERS = {
  events: (text) => fromNdjson(text),
  wfcommons: (text, now) => wfFormatToEvents(parseJson(text), now),
  celery: (text) => withStops(fromNdjson(text).flatMap(celeryToEvents)),
  prometheus: (text, now) => prometheusToEvents(text, now),
} as const satisfies Record<string, Importer>;

type EventFormat = keyof typeof IMPORTERS;
export type Format = EventFormat | 'pipescope';
export const FORMATS = ['pipescope', ...(Object.keys(IMPORTERS) as EventFormat[])] as const;

export function importerOf(format: EventFormat): Importer {
  return IMPORTERS[format];
}

/**
 * With an end for each worker that the recording leaves alive: it is not known to be alive now. A worker that is says so
 * with its next heartbeat.
 */
function withStops(events: unknown[]): unknown[] {
  const newest = new Map<string, { type: unknown; time: number }>();
  let end = -Infinity;
  for (const event of events) {
    const { type, time, worker_id } = (event ?? {}) as Record<string, unknown>;
    if (typeof time !== 'number') continue;
    end = Math.max(end, time);
    if (typeof worker_id !== 'string') continue;
    if (time >= (newest.get(worker_id)?.time ?? -Infinity)) newest.set(worker_id, { type, time });
  }
  const alive = [...newest].filter(([, { type }]) => type !== 'worker.stopped');
  const stops = alive.map(([worker_id]) => ({
    ...{ type: 'worker.stopped', id: `celery:end:${end}:${worker_id}`.slice(0, 128) },
    ...{ time: end, worker_id, source: 'celery' },
  }));
  return [...events, ...stops];
}

/** The format that the text shows by itself; null where it could be anything. */
export function detectFormat(text: string): Format | null {
  const start = text.slice(0, 4096).trimStart();
  if (/^\{\s*"pipescope"\s*:/.test(start)) return 'pipescope';
  if (/^#\s+(HELP|TYPE)\s/.test(start)) return 'prometheus';
  const line = start.split('\n', 1)[0] ?? '';
  if (/"type"\s*:\s*"(task|worker)-[a-z]+"/.test(line)) return 'celery';
  if (/"type"\s*:\s*"[a-z]+\.[a-z]+"/.test(line)) return 'events';
  return start.startsWith('{') && /"schemaVersion"\s*:/.test(text) ? 'wfcommons' : null;
}
