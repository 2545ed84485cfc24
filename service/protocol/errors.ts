/**
 * Every failure that Pipescope expects, as one table: the stable code, the HTTP status it is answered with,
 * and the sentence that is shown. Anything thrown that is not a `ProductError` is a defect of ours.
 */
export const ERRORS = {
  EVENT_INVALID: { status: 422, title: 'The event is not valid.' },
  EVENT_TYPE_UNKNOWN: { status: 422, title: 'The event type is not known.' },
  REQUEST_INVALID: { status: 400, title: 'The request is not HTTP that could be read.' },
  BODY_INVALID: { status: 400, title: 'The body could not be read.' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large.' },
  BODY_TOO_MANY_EVENTS: {
    status: 413,
    title: 'The body holds more than 1,000 events. Send smaller batches.',
  },
  CONTENT_TYPE_UNSUPPORTED: { status: 415, title: 'The content type is not supported.' },
  QUERY_INVALID: { status: 400, title: 'A query parameter is not valid.' },
  HOST_REFUSED: { status: 421, title: 'The Host header is not one this service answers to.' },
  ORIGIN_REFUSED: { status: 403, title: 'Requests from other web pages are refused.' },
  TOKEN_MISSING: {
    status: 401,
    title: 'An access token is needed. Send it as "Authorization: Bearer <token>".',
  },
  TOKEN_WRONG: {
    status: 401,
    title: 'The access token is not right. `pipescope token` prints the right one.',
  },
  TOKEN_REFUSED: { status: 403, title: 'The access token is not accepted here.' },
  TOKEN_RATE_LIMITED: {
    status: 429,
    title: 'Too many wrong access tokens. Try again in a minute.',
  },
  ROUTE_UNKNOWN: { status: 404, title: 'There is nothing at this address.' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This method is not allowed here.' },
  UPGRADE_REQUIRED: { status: 426, title: 'This address speaks WebSocket only.' },
  JOB_UNKNOWN: { status: 404, title: 'There is no job with this id.' },
  COMPARE_SAME_JOB: {
    status: 422,
    title: 'A job cannot be compared with itself. Name two jobs, or "median".',
  },
  COMPARE_NO_RUNS: {
    status: 404,
    title: 'No completed run of this pipeline started before this job.',
  },
  PHASE_UNKNOWN: { status: 404, title: 'The job has no phase with this id.' },
  PHASE_HISTORY_UNKNOWN: { status: 404, title: 'No execution of this phase is known.' },
  ALERT_UNKNOWN: { status: 404, title: 'There is no alert with this id.' },
  WORKER_UNKNOWN: { status: 404, title: 'There is no worker with this id.' },
  TASK_UNKNOWN: { status: 404, title: 'There is no task with this id.' },
  METRIC_UNKNOWN: { status: 404, title: 'There is no metric of this name.' },
  SERIES_LIMIT: {
    status: 422,
    title: 'There are too many label sets. Drop labels that differ with each run.',
  },
  CONFIG_CHANGED: {
    status: 412,
    title: 'The configuration was changed meanwhile. Read it again, then repeat the change.',
  },
  CONFIG_REVISION_MISSING: {
    status: 428,
    title:
      'Say which configuration you change: send the "revision" that GET /api/v1/config answers as If-Match.',
  },
  RULE_INVALID: { status: 422, title: 'The rule is not valid.' },
  RULE_UNKNOWN: { status: 404, title: 'There is no rule with this id.' },
  RULE_EXISTS: {
    status: 409,
    title: 'A rule with this id is there already. Change that one, or choose another id.',
  },
  RULE_BUILTIN: {
    status: 409,
    title: 'This rule comes with Pipescope and cannot be removed. Switch it off instead.',
  },
  RULE_NOT_BUILTIN: {
    status: 409,
    title: 'Only a rule that comes with Pipescope can be reset. Remove this one instead.',
  },
  CHANNEL_INVALID: { status: 422, title: 'The channel is not valid.' },
  CHANNEL_UNKNOWN: { status: 404, title: 'There is no channel with this id.' },
  CHANNEL_EXISTS: {
    status: 409,
    title: 'A channel with this id is there already. Change that one, or choose another id.',
  },
  CHANNEL_BUILTIN: {
    status: 409,
    title: 'This channel comes with Pipescope and cannot be removed. Switch it off instead.',
  },
  CHANNEL_USED: {
    status: 409,
    title: 'Rules name this channel. Take it out of them first.',
  },
  SILENCE_INVALID: { status: 422, title: 'The silence is not valid.' },
  SILENCE_UNKNOWN: { status: 404, title: 'There is no silence with this id.' },
  SILENCE_EXPIRED: {
    status: 409,
    title: 'The silence has ended. Make a new one.',
  },
  DEFINITION_CHANGED: {
    status: 412,
    title: 'Somebody else changed it meanwhile. Read it again, then repeat the change.',
  },
  DEFINITION_REVISION_MISSING: {
    status: 428,
    title: 'Say which state you change: send its ETag, or its "revision", as If-Match.',
  },
  DEFINITIONS_FULL: {
    status: 422,
    title: 'There are too many rules, channels and silences. Remove some.',
  },
  NOTIFICATION_UNKNOWN: { status: 404, title: 'There is no notification with this id.' },
  NOTIFICATION_NOT_DEAD: {
    status: 409,
    title: 'Only a notification that was given up can be sent again.',
  },
  OPTIMIZATION_UNKNOWN: { status: 404, title: 'There is no proposal with this id.' },
  OPTIMIZATION_DECIDED: {
    status: 409,
    title: 'The proposal is decided already, or its time is over.',
  },
  OPTIMIZATION_BUSY: {
    status: 409,
    title: 'Another change of this job is under way. Wait until it has been measured.',
  },
  ACTION_UNKNOWN: { status: 404, title: 'No pipeline offers this action.' },
  ACTION_PARAMS_INVALID: { status: 422, title: 'The action does not take these params.' },
  JOB_STILL_RUNNING: {
    status: 409,
    title: 'The job is still running. Remove it when it has ended.',
  },
  JOB_EXISTS: {
    status: 409,
    title: 'A job with this id is there already. Import it under another id, or replace it.',
  },
  IMPORT_INVALID: { status: 422, title: 'The file is not one that can be imported.' },
  BACKUP_RUNNING: { status: 409, title: 'A backup is being made. Try again when it is done.' },
  ARCHIVE_INVALID: { status: 400, title: 'The file is not a whole backup of Pipescope.' },
  FRAME_INVALID: { status: 400, title: 'The frame could not be read.' },
  COMMAND_UNKNOWN: { status: 400, title: 'The command is not known.' },
  PROTOCOL_UNSUPPORTED: {
    status: 400,
    title: 'Client and service speak different protocol versions. Update the older one.',
  },
  CLIENTS_TOO_MANY: { status: 503, title: 'Too many windows are connected.' },
  OVERLOADED: {
    status: 503,
    title: 'The service has more to write than it can take. Try again shortly.',
  },
  JOURNAL_WRITE_FAILED: {
    status: 503,
    title: 'The events could not be written to disk. Send them again.',
  },
  STORAGE_READ_ONLY: {
    status: 503,
    title: 'Storage does not accept writes at the moment. Send the events again later.',
  },
  DISK_FULL: {
    status: 507,
    title: 'The disk is full. Free some space; nothing stored was harmed.',
  },
  DATA_DIR_LOCKED: { status: 503, title: 'Another Pipescope service uses this data directory.' },
  DATA_DIR_UNUSABLE: { status: 500, title: 'The data directory cannot be used.' },
  CONFIG_INVALID: { status: 400, title: 'The configuration is not valid.' },
  OPTION_INVALID: { status: 400, title: 'An option is not valid.' },
  SERVICE_UNREACHABLE: { status: 503, title: 'No Pipescope service answers.' },
  SERVICE_STOPPING: { status: 503, title: 'The service is stopping.' },
  INTERNAL: {
    status: 500,
    title: 'Something went wrong inside Pipescope. The log has the details.',
  },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERRORS, value);
}

/** One wrong field of an input: `path` is a JSON pointer ("/phase_id"), `message` says what would be right. */
export interface FieldError {
  path: string;
  message: string;
}

export interface ProductErrorOptions {
  /** What exactly went wrong here, as a sentence with the next step; the table's title when absent. */
  detail?: string;
  errors?: FieldError[];
  /** Seconds after which trying again makes sense. */
  retryAfter?: number;
  /** Methods that the address takes, where this one is not among them. */
  allow?: readonly string[];
  cause?: unknown;
}

/** An expected failure. `code` is stable; `message` is for people. */
export class ProductError extends Error {
  readonly code: ErrorCode;
  readonly errors: FieldError[];
  readonly retryAfter: number | undefined;
  readonly allow: readonly string[];

  constructor(code: ErrorCode, options: ProductErrorOptions = {}) {
    super(
      options.detail ?? ERRORS[code].title,
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.name = 'ProductError';
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfter = options.retryAfter;
    this.allow = options.allow ?? [];
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  /** The RFC 9457 `application/problem+json` document of this failure. */
  toProblem(): Problem {
    return {
      type: 'about:blank',
      title: ERRORS[this.code].title,
      status: this.status,
      detail: this.message,
      code: this.code,
      ...(this.errors.length > 0 ? { errors: this.errors } : {}),
    };
  }
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  errors?: FieldError[];
}

/** The sentence of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Ends a switch over a closed union: the compiler names the places a new member has to be handled in. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled member: ${JSON.stringify(value)}`);
}
