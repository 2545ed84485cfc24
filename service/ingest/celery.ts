/**
 * Celery's monitoring events (celery.events, recorded with 5.2.6) as tasks and workers: uuid = task, task name = phase and
 * content type, hostname = worker, retries keep the uuid. A chain's or group's root_id is kept as a label.
 * Times are the senders' own clocks, in seconds there and in milliseconds here.
 */

type Fields = Record<string, unknown>;

/** Ids of events have at most 128 characters. */
const MAX_ID = 128;

/**
 * One recorded value, `{recv, event}` or the event itself, as events before parsing. Types of Celery that say nothing new
 * (and a user's own) give none. What is no object is passed on: parsing it says what is wrong.
 */
export function celeryToEvents(value: unknown): unknown[] {
  if (!isObject(value)) return [value];
  const celery = isObject(value['event']) ? value['event'] : value;
  const { type } = celery;
  if (typeof type !== 'string') return [celery];
  const map = EVENTS[type];
  return map ? [defined({ ...common(celery, type), ...map(celery) })] : [];
}

const EVENTS: Readonly<Record<string, (celery: Fields) => Fields>> = {
  'task-sent': (celery) => ({
    ...task('task.submitted', celery),
    queue: celery['queue'],
    ...described(celery),
  }),
  // A worker has it, though not begun: what Celery calls reserved. Of tasks sent by workers it is the first word.
  'task-received': (celery) => ({ ...task('task.submitted', celery), ...described(celery) }),
  'task-started': (celery) => ({ ...task('task.started', celery), ...ofWorker(celery) }),
  'task-succeeded': (celery) => ({
    ...task('task.completed', celery),
    ...ofWorker(celery),
    runtime_ms: milliseconds(celery['runtime']),
  }),
  'task-failed': (celery) => failure(celery, errorOf(celery)),
  'task-retried': (celery) => ({
    ...task('task.retried', celery),
    ...ofWorker(celery),
    error: errorOf(celery),
  }),
  'task-revoked': revoked,
  'task-rejected': (celery) =>
    celery['requeued'] === true
      ? { ...task('task.retried', celery), ...ofWorker(celery) }
      : failure(celery, { message: 'The worker rejected the task.', type: 'Rejected' }),
  'worker-online': (celery) => worker('worker.registered', celery),
  'worker-heartbeat': (celery) => worker('worker.heartbeat', celery),
  'worker-offline': (celery) => worker('worker.stopped', celery),
};

/** The id is the same whenever the recording is read again. */
function common(celery: Fields, type: string): Fields {
  const { timestamp, hostname, uuid } = celery;
  const name = JSON.stringify([type, timestamp, uuid, hostname]);
  return {
    id: `celery:${name}`.slice(0, MAX_ID),
    time: milliseconds(timestamp),
    source: hostname,
  };
}

function task(type: string, celery: Fields): Fields {
  return { type, task_id: celery['uuid'] };
}

function ofWorker({ hostname }: Fields): Fields {
  return { worker_id: hostname };
}

/** What only task-sent and task-received tell. */
function described({ name, root_id, parent_id }: Fields): Fields {
  const labels = texts({ root_id, parent_id });
  return { phase_id: name, content_type: name, ...(labels && { labels }) };
}

function failure(celery: Fields, error: Fields): Fields {
  const timed_out = /TimeLimitExceeded$/.test(String(error['type'])) || undefined;
  return { ...task('task.failed', celery), ...ofWorker(celery), error, timed_out };
}

/** Every worker that sees a revoked task says so; only the one whose process was ended had begun it. */
function revoked(celery: Fields): Fields {
  const ended = failure(celery, { message: revocation(celery), type: 'Revoked' });
  return celery['terminated'] === true ? ended : { ...ended, worker_id: undefined };
}

function revocation({ expired, terminated, signum }: Fields): string {
  if (expired === true) return 'The task expired before a worker began it.';
  if (terminated !== true) return 'The task was revoked.';
  return typeof signum === 'string' || typeof signum === 'number'
    ? `The task was revoked and its process ended by signal ${signum}.`
    : 'The task was revoked and its process ended.';
}

/** The last line of a traceback names the real error: of a killed process, `exception` does not. */
function errorOf({ exception, traceback }: Fields): Fields {
  const stack = typeof traceback === 'string' && traceback.trim() !== '' ? traceback : undefined;
  const line = stack?.trimEnd().split('\n').at(-1) ?? '';
  const [, fromLine, said] = /^([A-Za-z_][\w.]*)(?:: (.*))?$/.exec(line) ?? [];
  if (fromLine !== undefined) return defined({ message: said ?? fromLine, type: fromLine, stack });
  const shown = typeof exception === 'string' && exception !== '' ? exception : 'It failed.';
  const [, fromText, args] = /^([A-Za-z_][\w.]*)\((.*)\)$/s.exec(shown) ?? [];
  const message = args === undefined || args === '' ? shown : args.replace(/^(['"])(.*)\1$/s, '$2');
  return defined({ message, type: fromText, stack });
}

/** `processed`, `loadavg` and the software's names are kept as fields of the worker's own. */
function worker(type: string, celery: Fields): Fields {
  const { hostname, active, processed, loadavg, freq, pid, sw_ident, sw_ver, sw_sys } = celery;
  return {
    type,
    worker_id: hostname,
    host: typeof hostname === 'string' ? hostname.split('@').at(-1) : undefined,
    active_tasks: active,
    heartbeat_s: freq,
    ...{ processed, loadavg, pid, sw_ident, sw_ver, sw_sys },
  };
}

function milliseconds(seconds: unknown): number | undefined {
  return typeof seconds === 'number' ? seconds * 1000 : undefined;
}

function texts(values: Fields): Record<string, string> | undefined {
  const found = Object.entries(values).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/** Without the fields that have no value. */
function defined(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
