/** What the schemas of events are made of. Unknown fields are kept, so every object stays open. */
import { type Static, type TSchema, Type } from '@sinclair/typebox';

export const literals = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Union(
    values.map((value) => Type.Literal(value as T[number])),
    { description },
  );

export const Id = (description: string) =>
  Type.String({ minLength: 1, maxLength: 256, description });
export const Text = (description: string) => Type.String({ maxLength: 65_536, description });
export const Fraction = Type.Number({ minimum: 0, maximum: 1, description: 'from 0 to 1' });
/** Sums of larger numbers would leave the range of numbers, and become null on the wire. */
export const LARGEST = Number.MAX_SAFE_INTEGER;
export const Count = Type.Number({
  minimum: 0,
  maximum: LARGEST,
  description: 'a number from 0 to 2^53',
});
export const Time = Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Type.Number()], {
  description: 'an RFC 3339 time or epoch milliseconds',
});
export const Values = Type.Record(Type.String(), Type.Unknown(), { description: 'an object' });
export const Labels = Type.Record(Type.String(), Type.String(), {
  description: 'an object of strings',
});

export const optional = <T extends Record<string, TSchema>>(fields: T) =>
  Type.Partial(Type.Object(fields));

export const ErrorDetails = Type.Intersect([
  Type.Object({ message: Text('what went wrong') }),
  optional({
    type: Text('the error class'),
    stack: Text('the stack trace, as printed'),
    file: Text('the file it happened in'),
    line: Type.Integer({ minimum: 0 }),
    column: Type.Integer({ minimum: 0 }),
    exit_code: Type.Integer(),
    details: Values,
  }),
]);
export type ErrorDetails = Static<typeof ErrorDetails>;

export const Resources = {
  cpu_percent: Count,
  memory_mb: Count,
  gpu_percent: Count,
  gpu_memory_mb: Count,
  disk_percent: Count,
  disk_read_mb_s: Count,
  disk_write_mb_s: Count,
  net_in_mb_s: Count,
  net_out_mb_s: Count,
  ipc_latency_ms: Count,
};
export const RESOURCE_FIELDS = Object.keys(Resources) as (keyof typeof Resources)[];

const Common = {
  id: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'unique per event' })),
  time: Type.Optional(Time),
  source: Type.Optional(Text('who says it')),
  labels: Type.Optional(Labels),
};
export const job = { job_id: Id('the job') };
export const phase = { ...job, phase_id: Id('the phase') };
export const maybe = {
  job_id: Type.Optional(job.job_id),
  phase_id: Type.Optional(phase.phase_id),
  worker_id: Type.Optional(Id('the worker')),
};

export const event = <N extends string, F extends Record<string, TSchema>>(type: N, fields: F) =>
  Type.Object({ type: Type.Literal(type), ...Common, ...fields });
