/** A job as a document that another service takes in again: made here, checked here, cut into events here. Pure. */
import { type Static, FormatRegistry, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { ProductError, messageOf } from '../protocol/errors.ts';
import {
  type AlertEvent,
  type Event,
  INTERNAL_EVENTS,
  OWN_ID,
  PUBLIC_EVENTS,
} from '../protocol/event.ts';
import { describeValueError, printable } from '../protocol/parse.ts';
import {
  type AlertRecord,
  type JobContents,
  type JobExport,
  JobSnapshot,
} from '../protocol/record.ts';
import { EXPORT_FORMAT, VERSION } from '../protocol/version.ts';
import { isWellFormed } from '../protocol/wellFormed.ts';
import { toDocument, unescaped } from './document.ts';
import { Model } from './fold.ts';
import { inAlertOrder } from './list.ts';
import type { AlertState, JobState } from './model.ts';
import { jobSnapshot, logRecords } from './queries.ts';
import { splitDocument } from './split.ts';
import { StateDocument } from './stateDocument.ts';
import { newTouched } from './touched.ts';
import { alertRecord } from './alertView.ts';

/** Everything about the job, and all that is needed to have it again. `alerts` are those of the job. */
export function jobExport(job: JobState, alerts: readonly AlertState[]): JobExport {
  const shown = alerts.filter((alert) => alert.raised !== null && !alert.cleared);
  const records = inAlertOrder(shown.flatMap((alert) => alertRecord(alert) ?? []));
  return {
    pipescope: { format: EXPORT_FORMAT, version: VERSION },
    ...jobContents(job, records),
    alert_events: shown.flatMap(eventsOf).map((event) => ({ ...event })),
    state: toDocument(job) as Record<string, unknown>,
  };
}

/** All records of the job. */
export function jobContents(job: JobState, alerts: readonly AlertRecord[]): JobContents {
  return { ...jobSnapshot(job, alerts), logs: logRecords(job, { levels: ['info'] }) };
}

/** Who was told of it is of this service only. */
function eventsOf({ raised, life, acks }: AlertState): AlertEvent[] {
  return [raised, ...acks, ...life].filter((event) => event !== null);
}

const Numbered = Type.Object({ id: Type.String(), time: Type.Number() });
const AlertEvents = Type.Array(
  Type.Union([
    Type.Intersect([PUBLIC_EVENTS['alert.raised'], Numbered]),
    Type.Intersect([INTERNAL_EVENTS['alert.acknowledged'], Numbered]),
    Type.Intersect([INTERNAL_EVENTS['alert.unacknowledged'], Numbered]),
    Type.Intersect([INTERNAL_EVENTS['alert.resolved'], Numbered]),
    Type.Intersect([INTERNAL_EVENTS['alert.reopened'], Numbered]),
  ]),
  { maxItems: 10_000 },
);
const Transfer = Type.Object({
  job_id: Type.String({ minLength: 1, maxLength: 256 }),
  state: StateDocument,
  alert_events: AlertEvents,
});
const Header = Type.Object({ pipescope: Type.Object({ format: Type.Integer() }) });

const transferCheck = TypeCompiler.Compile(Transfer);
const headerCheck = TypeCompiler.Compile(Header);
if (!FormatRegistry.Has('date-time'))
  FormatRegistry.Set('date-time', (text) => !Number.isNaN(Date.parse(text)));
const snapshotCheck = TypeCompiler.Compile(JobSnapshot);

/** A checked export, ready to become events. */
export type ParsedExport = Omit<Static<typeof Transfer>, 'alert_events'> & {
  alert_events: AlertEvent[];
  ended_at: string | null;
};

/**
 * Checks an export whole: form, limits, and that records can be made of it. Throws IMPORT_INVALID naming the field;
 * `where` says which document it is ("jobs[3]"), for the sentence.
 */
export function parseExport(document: unknown, where: string): ParsedExport {
  checkHeader(document, where);
  const value = { ...document, state: unescaped(document.state) };
  if (!transferCheck.Check(value)) {
    const error = transferCheck.Errors(value).First();
    const field = error ? describeValueError(error) : { path: '', message: 'It is not valid.' };
    throw invalid(where, field.path, field.message);
  }
  const unsafe = unsafePath(value, 0);
  if (unsafe !== null) throw invalid(where, unsafe, 'It is nested too deep or has a refused key.');
  const { job_id, state } = value;
  if (!isWellFormed(job_id)) throw invalid(where, '/job_id', 'It has half of a character.');
  if (state.job_id !== job_id) throw invalid(where, '/state/job_id', 'It names another job.');
  const alert_events = value.alert_events as unknown as AlertEvent[];
  const foreign = alert_events.findIndex(
    (event) => event.type === 'alert.raised' && event.job_id !== job_id,
  );
  if (foreign >= 0)
    throw invalid(where, `/alert_events/${foreign}/job_id`, 'The alert is of another job.');
  const parsed = { job_id, state, alert_events, ended_at: null };
  return { ...parsed, ended_at: checkRecords(parsed, where).ended_at };
}

function checkHeader(value: unknown, where: string): asserts value is { state?: unknown } {
  if (!headerCheck.Check(value)) {
    throw invalid(
      where,
      '/pipescope',
      'It is no export of Pipescope, or one of a version that did not write the state. Export the job again.',
    );
  }
  const { format } = value.pipescope;
  if (format !== EXPORT_FORMAT) {
    const message = `The export has format ${format}, and this version reads format ${EXPORT_FORMAT}. Update the older one.`;
    throw invalid(where, '/pipescope/format', message);
  }
}

const MAX_DEPTH = 48;

/** The path of a value nested too deep, or of a key that could change what objects are. */
function unsafePath(value: object, depth: number): string | null {
  if (depth > MAX_DEPTH) return '';
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return `/${key}`;
    const inner = (value as Record<string, unknown>)[key];
    if (typeof inner !== 'object' || inner === null) continue;
    const found = unsafePath(inner, depth + 1);
    if (found !== null) return `/${key}${found}`;
  }
  return null;
}

/** What a person would see of the job has to be what records are: nothing of it may break an answer later. */
function checkRecords(parsed: ParsedExport, where: string): JobSnapshot {
  const model = new Model();
  const touched = newTouched();
  importEvents(parsed, { import_id: 'check', now: 0 }).forEach((event, i) => {
    model.apply({ seq: i + 1, received_at: 0, event }, touched);
  });
  const job = model.jobs.get(parsed.job_id);
  if (!job) throw invalid(where, '/state', 'It holds no job.');
  let snapshot: JobSnapshot;
  try {
    const alerts = [...model.alerts.values()].flatMap((alert) => alertRecord(alert) ?? []);
    snapshot = jobSnapshot(job, alerts);
  } catch (error) {
    throw invalid(where, '/state', `No records can be made of it: ${messageOf(error)}.`);
  }
  const error = snapshotCheck.Check(snapshot) ? undefined : snapshotCheck.Errors(snapshot).First();
  if (error) throw invalid(where, error.path, describeValueError(error).message);
  return snapshot;
}

export interface ImportStamp {
  /** Unique for each import, at most 64 characters: makes the ids of its events. */
  import_id: string;
  /** Epoch milliseconds. */
  now: number;
  /** The signals of the job that this one replaces. */
  known_signals?: ReadonlyMap<string, number>;
}

/** Bytes of state in one event: short enough that none of them holds up the others. */
const PART_BYTES = 256 * 1024;

/** The events that make the job: its state in parts, then its alerts. */
export function importEvents(parsed: ParsedExport, stamp: ImportStamp): Event[] {
  const { import_id, now, known_signals } = stamp;
  const { job_id, state, alert_events } = parsed;
  const states = splitDocument(state, PART_BYTES);
  const events: Event[] = states.map((part, i) => ({
    type: 'job.imported',
    id: `${OWN_ID}import:${import_id}/${i}`,
    time: now,
    job_id,
    part: i,
    parts: states.length,
    state: part,
    new_signals: newSignals(part, known_signals),
  }));
  for (const [alert_id, said] of byAlert(alert_events)) {
    const id = `${OWN_ID}import:${import_id}/a${events.length}`;
    events.push({ type: 'alert.imported', id, time: now, alert_id, events: said });
  }
  return events;
}

/**
 * Importing a job again in its own place adds nothing to the totals. One that was removed in between counts once more:
 * what a removed job had counted is not known.
 */
function newSignals(
  { signals }: StateDocument,
  known: ReadonlyMap<string, number> = new Map(),
): [string, number][] {
  return signals.$map.flatMap(([signal, count]): [string, number][] => {
    const more = count - (known.get(signal) ?? 0);
    return more > 0 ? [[signal, more]] : [];
  });
}

function byAlert(events: readonly AlertEvent[]): Map<string, AlertEvent[]> {
  const groups = new Map<string, AlertEvent[]>();
  for (const event of events) {
    const id = alertOf(event);
    const group = groups.get(id);
    if (group) group.push(event);
    else groups.set(id, [event]);
  }
  return groups;
}

function alertOf(event: AlertEvent): string {
  return event.type === 'alert.raised' ? event.id : event.alert_id;
}

/** The same job under another id. Alerts get ids of their own as well: the old ones may be taken. */
export function renamed(parsed: ParsedExport, job_id: string, import_id: string): ParsedExport {
  return {
    ...parsed,
    job_id,
    state: { ...parsed.state, job_id },
    alert_events: parsed.alert_events.map((event) => {
      const alert_id = `${alertOf(event).slice(0, 180)}@${import_id}`;
      return event.type === 'alert.raised'
        ? { ...event, id: alert_id, job_id }
        : { ...event, alert_id };
    }),
  };
}

function invalid(where: string, path: string, message: string): ProductError {
  const place = path === '' ? where : `${where}${path}`;
  return new ProductError('IMPORT_INVALID', {
    detail: `${printable(place)}: ${message}`,
    errors: [{ path: `/${where}${path}`, message }],
  });
}
