/** The Events table of the contract, typed out by hand, so that the example is held to the page and not to our code. */
import assert from 'node:assert/strict';
import { type Recorded } from './recorder.ts';

type Check = (value: unknown) => boolean;
type Fields = Record<string, Check>;

const text: Check = (value) => typeof value === 'string' && value.length > 0;
const count: Check = (value) => Number.isFinite(value) && (value as number) >= 0;
const whole: Check = (value) => Number.isInteger(value) && (value as number) >= 0;
const fraction: Check = (value) => count(value) && (value as number) <= 1;
const time: Check = (value) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value);
const object: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value as string);

const hasOnly = (value: unknown, required: Fields, optional: Fields): boolean =>
  object(value) && problemOf(value as Record<string, unknown>, required, optional) === undefined;

const phases: Check = (value) =>
  Array.isArray(value) &&
  value.every((phase) => hasOnly(phase, { phase_id: text }, { name: text, depends_on: texts }));
const error: Check = (value) =>
  hasOnly(
    value,
    { message: text },
    { type: text, stack: text, file: text, line: whole, column: whole, details: object },
  );

const job = { job_id: text };
const phase = { ...job, phase_id: text };
const statuses = oneOf('COMPLETED', 'FAILED', 'CANCELLED');

/** type -> required fields, optional fields */
const TABLE: Record<string, [Fields, Fields]> = {
  'job.started': [
    job,
    {
      name: text,
      pipeline: text,
      kind: text,
      submitted_at: time,
      phases,
      items_total: whole,
      source_file: text,
      pid: whole,
    },
  ],
  'job.progress': [job, { progress: fraction, message: (value) => typeof value === 'string' }],
  'job.completed': [job, {}],
  'job.cancelled': [job, {}],
  'job.failed': [{ ...job, error }, {}],
  'phase.started': [phase, { name: text, depends_on: texts, items_total: whole, worker_id: text }],
  'phase.progress': [
    phase,
    { progress: fraction, items_done: whole, items_total: whole, message: text },
  ],
  'phase.completed': [phase, { artifacts: texts, items_done: whole, metrics: object }],
  'phase.failed': [{ ...phase, error }, {}],
  'phase.skipped': [phase, { reason: text }],
  'phase.cancelled': [phase, { reason: text }],
  'subphase.recorded': [
    { ...phase, name: text },
    { status: statuses, started_at: time, duration_ms: count, metrics: object },
  ],
  'artifact.produced': [
    { ...job, path: text },
    { phase_id: text, kind: text, size_bytes: whole, checksum: text },
  ],
  'log.recorded': [
    { level: oneOf('info', 'warning', 'error'), message: text },
    { ...phase, worker_id: text, details: object },
  ],
  'parameter.offered': [
    { ...job, parameter: text, value: count, minimum: count, maximum: count },
    { kind: text, title: text, unit: text, step: count },
  ],
  'signal.counted': [
    { ...job, signal: text },
    { count: whole, phase_id: text },
  ],
};

function problemOf(
  value: Record<string, unknown>,
  required: Fields,
  optional: Fields,
): string | undefined {
  for (const field of Object.keys(required)) if (!(field in value)) return `${field} is missing`;
  for (const [field, content] of Object.entries(value)) {
    const check = required[field] ?? optional[field];
    if (!check) return `${field} is not in the contract`;
    if (!check(content)) return `${field} is wrong: ${JSON.stringify(content)}`;
  }
  return undefined;
}

export function assertInContract(event: Recorded): void {
  const [required, optional] = TABLE[event.type] ?? [];
  assert.ok(required && optional, `${event.type} is not in the contract`);
  const common = { id: text, type: text, time, source: text };
  const problem = problemOf(event, { ...common, ...required }, optional);
  assert.equal(problem, undefined, `${event.type}: ${problem}`);
}
