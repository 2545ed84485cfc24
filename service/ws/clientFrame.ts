/** Text -> client frame. Throws FRAME_INVALID or COMMAND_UNKNOWN with the field that is wrong. */
import { type Static, type TObject, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { ProductError } from '../protocol/errors.ts';
import type { CommandName } from '../protocol/frame.ts';
import type { MessageRequest } from '../protocol/message.ts';
import { describeValueError } from '../protocol/parse.ts';

/** A job's id, or a query with its labels. */
const Topic = Type.String({ maxLength: 2000 });

const Hello = Type.Object({
  type: Type.Literal('hello'),
  protocol: Type.Unknown(),
  since: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  epoch: Type.Optional(Type.String({ maxLength: 128 })),
  topics: Type.Array(Topic),
  token: Type.Optional(Type.String({ maxLength: 256 })),
  client: Type.Optional(Type.String({ maxLength: 64 })),
});
const Events = Type.Object({
  type: Type.Literal('events'),
  ref: Type.Integer(),
  events: Type.Array(Type.Unknown()),
});
const CommandFrame = Type.Object({
  type: Type.Literal('command'),
  ref: Type.Integer(),
  command: Type.String(),
});

const By = { by: Type.Optional(Type.String({ maxLength: 200 })) };
const Note = { ...By, note: Type.Optional(Type.String({ maxLength: 2000 })) };
const Acknowledgement = {
  ...Note,
  for_ms: Type.Optional(Type.Integer({ minimum: 1000, maximum: 30 * 86_400_000 })),
};
const Revision = { revision: Type.Optional(Type.Integer({ minimum: 0 })) };
const DefinitionId = Type.String({ minLength: 1, maxLength: 256 });
const Secrets = Type.Record(
  Type.String({ maxLength: 64 }),
  Type.Union([Type.String({ minLength: 1, maxLength: 4096 }), Type.Null()]),
);
const AlertId = { alert_id: Type.String({ minLength: 1, maxLength: 2048 }) };
const JobId = Type.String({ minLength: 1, maxLength: 256 });

const COMMANDS: Record<CommandName, TObject> = {
  'topics.set': Type.Object({ topics: Type.Array(Topic) }),
  'alert.acknowledge': Type.Object({ ...AlertId, ...Acknowledgement }),
  'alert.acknowledge_all': Type.Object({ job_id: Type.Optional(JobId), ...Acknowledgement }),
  'alert.unacknowledge': Type.Object({ ...AlertId, ...By }),
  'alert.clear_acknowledged': Type.Object(By),
  'alert.resolve': Type.Object({ ...AlertId, ...Note }),
  'alert.test': Type.Object({}),
  'job.remove': Type.Object({ job_id: JobId, ...By }),
  'optimization.apply': Type.Object({ optimization_id: DefinitionId, ...By }),
  'optimization.dismiss': Type.Object({ optimization_id: DefinitionId, ...Note }),
  'action.invoke': Type.Object({
    action: DefinitionId,
    params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    ...By,
  }),
  'service.stop': Type.Object({}),
  'rule.set': Type.Object({ rule: Type.Unknown(), ...Revision, ...By }),
  'rule.reset': Type.Object({ rule_id: DefinitionId, ...By }),
  'rule.preview': Type.Object({
    rule: Type.Unknown(),
    hours: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 720 })),
  }),
  'channel.set': Type.Object({
    channel: Type.Unknown(),
    secrets: Type.Optional(Secrets),
    ...Revision,
    ...By,
  }),
  'channel.reset': Type.Object({ channel_id: DefinitionId, ...By }),
  'channel.secrets': Type.Object({ channel_id: DefinitionId, secrets: Secrets }),
  'channel.test': Type.Object({ channel_id: DefinitionId }),
  'silence.set': Type.Object({ silence: Type.Unknown(), ...Revision, ...By }),
  'silence.end': Type.Object({ silence_id: DefinitionId, ...By }),
  'notification.send_again': Type.Object({ notification_id: DefinitionId, ...By }),
};

const Ref = { ref: Type.Optional(Type.Integer()) };
const StatusRequest = Type.Object({
  type: Type.Literal('request_job_status'),
  job_id: JobId,
  ...Ref,
});
const SisasRequest = Type.Object({
  type: Type.Literal('request_sisas_update'),
  job_id: Type.Optional(JobId),
  ...Ref,
});

const compile = <T extends TObject>(schema: T) => TypeCompiler.Compile(schema);
const frames = {
  hello: compile(Hello),
  events: compile(Events),
  command: compile(CommandFrame),
  request_job_status: compile(StatusRequest),
  request_sisas_update: compile(SisasRequest),
};
const commands = new Map(Object.entries(COMMANDS).map(([name, schema]) => [name, compile(schema)]));

/** A request that misses something: it is answered, as others are that cannot be granted. */
export interface BadRequest {
  type: 'bad_request';
  ref: number | undefined;
  error: ProductError;
}

export type ParsedFrame =
  | Static<typeof Hello>
  | Static<typeof Events>
  | MessageRequest
  | BadRequest
  | { type: 'command'; ref: number; value: { command: string } & Record<string, unknown> };

export function parseClientFrame(text: string): ParsedFrame {
  const value = parse(text);
  const type = (value as { type?: unknown } | null)?.type;
  if (type === 'hello') return checked(frames.hello, value);
  if (type === 'events') return checked(frames.events, value);
  if (type === 'request_job_status') return request(frames.request_job_status, value);
  if (type === 'request_sisas_update') return request(frames.request_sisas_update, value);
  if (type !== 'command') {
    const known = Object.keys(frames).map((name) => `"${name}"`);
    throw new ProductError('FRAME_INVALID', {
      detail: `A frame has one of the types ${known.join(', ')}.`,
    });
  }
  const frame = checked(frames.command, value);
  const check = commands.get(frame.command);
  if (!check) {
    const detail = `There is no command "${frame.command.slice(0, 80)}". Commands: ${[...commands.keys()].join(', ')}.`;
    throw new ProductError('COMMAND_UNKNOWN', { detail });
  }
  checked(check, value);
  return {
    type: 'command',
    ref: frame.ref,
    value: value as { command: string } & Record<string, unknown>,
  };
}

function request<T extends TObject>(
  check: ReturnType<typeof compile<T>>,
  value: unknown,
): Static<T> | BadRequest {
  try {
    return checked(check, value);
  } catch (error) {
    if (!(error instanceof ProductError)) throw error;
    const { ref } = value as { ref?: unknown };
    return { type: 'bad_request', ref: Number.isInteger(ref) ? ref : undefined, error };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProductError('FRAME_INVALID', { detail: 'The frame is not valid JSON.' });
  }
}

function checked<T extends TObject>(
  check: ReturnType<typeof compile<T>>,
  value: unknown,
): Static<T> {
  if (check.Check(value)) return value;
  const error = check.Errors(value).First();
  const field = error
    ? describeValueError(error)
    : { path: '', message: 'The frame is not valid.' };
  throw new ProductError('FRAME_INVALID', { detail: field.message, errors: [field] });
}
