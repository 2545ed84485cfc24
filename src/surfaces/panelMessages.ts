import type {
  ClientFrame,
  ExportFormat,
  HostRequest,
  PageGet,
  Topic,
} from '../../service/protocol/frame.ts';

/** What a dashboard page may say: its hello, a command or a question for the service, or a request to this window. */
export type PanelMessage =
  | Extract<ClientFrame, { type: 'hello' }>
  | Extract<ClientFrame, { type: 'command' }>
  | PageGet
  | HostRequest;

const LONGEST_ID = 1024;
const LONGEST_TOPIC = 8192;
const MOST_TOPICS = 1000;
const LONGEST_PATH = 8192;
const LARGEST_FILE = 64 * 1024 * 1024;
/** With the most widgets and saved filters, of the longest names. */
const LARGEST_LAYOUT = 512 * 1024;
const LONGEST_SECRET = 4096;
const MOST_SECRETS = 20;
const FORMATS: ReadonlySet<unknown> = new Set<ExportFormat>(['json', 'csv', 'zip', 'html']);

type Fields = Record<string, unknown>;
/** What each request must hold. */
const REQUESTS: { [A in HostRequest['action']]: (fields: Fields) => boolean } = {
  open_error: ({ job_id, phase_id }) =>
    isText(job_id) && (phase_id === undefined || isText(phase_id)),
  export_job: ({ job_id, format }) => isText(job_id) && FORMATS.has(format),
  run_demo: () => true,
  start_service: () => true,
  open_in_browser: ({ job_id }) => job_id === undefined || isText(job_id),
  save_layout: ({ layout }) => isLayout(layout),
  save_file: ({ name, base64 }) => isFileName(name) && isText(base64, LARGEST_FILE),
  pick_file: ({ ref, title, extension }) =>
    Number.isSafeInteger(ref) && isText(title) && isText(extension) && /^\w+$/.test(extension),
  save_secrets: ({ channel_id, secrets }) =>
    isText(channel_id) && /^[a-z0-9][a-z0-9_-]{0,63}$/.test(channel_id) && isSecrets(secrets),
};

/** Parses a message once, at the door; undefined for what is none. The service checks a command's own fields. */
export function parsePanelMessage(value: unknown): PanelMessage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const message = value as Record<string, unknown>;
  switch (message['type']) {
    case 'hello':
      return isHello(message) ? (message as Extract<PanelMessage, { type: 'hello' }>) : undefined;
    case 'command':
      return isCommand(message)
        ? (message as Extract<PanelMessage, { type: 'command' }>)
        : undefined;
    case 'get':
      return Number.isSafeInteger(message['ref']) && isPath(message['path'])
        ? (message as PageGet)
        : undefined;
    case 'get_cancel':
      return Number.isSafeInteger(message['ref']) ? (message as PageGet) : undefined;
    case 'host':
      return isRequest(message) ? (message as HostRequest) : undefined;
    default:
      return undefined;
  }
}

function isHello({ since, epoch, topics }: Record<string, unknown>): boolean {
  const position = since === null || (Number.isSafeInteger(since) && isText(epoch));
  return position && isTopics(topics);
}

function isCommand({ ref, command, topics }: Record<string, unknown>): boolean {
  if (!Number.isSafeInteger(ref) || !isText(command)) return false;
  return command !== 'topics.set' || isTopics(topics);
}

function isRequest(message: Fields): boolean {
  const { action } = message;
  if (!isText(action) || !Object.hasOwn(REQUESTS, action)) return false;
  return REQUESTS[action as HostRequest['action']](message);
}

/** An address of the service's REST, and nothing that could lead elsewhere. */
function isPath(value: unknown): boolean {
  if (!isText(value, LONGEST_PATH) || !/^\/api\/[\w/.%~!$&'()*+,;=:@?-]+$/.test(value))
    return false;
  const [path = ''] = value.split('?', 1);
  return !path.split('/').some((part) => /^(\.|%2e){1,2}$/i.test(part));
}

function isLayout(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === 'object' && sizeOf(value) <= LARGEST_LAYOUT;
}

/** Names as the kinds of channels have them; null removes one. */
function isSecrets(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const all = Object.entries(value);
  return (
    all.length <= MOST_SECRETS &&
    all.every(
      ([name, secret]) =>
        /^[a-z][a-z0-9_]{0,63}$/.test(name) && (secret === null || isText(secret, LONGEST_SECRET)),
    )
  );
}

/** A message may hold what JSON cannot: rings, big numbers. */
function sizeOf(value: object): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    return Infinity;
  }
}

/** A name alone: the person chooses the folder. */
function isFileName(value: unknown): boolean {
  return (
    isText(value) && value.length <= 255 && !/[/\\\p{Cc}]/u.test(value) && !/^\.+$/.test(value)
  );
}

function isTopics(value: unknown): value is Topic[] {
  return (
    Array.isArray(value) &&
    value.length <= MOST_TOPICS &&
    value.every((topic) => isText(topic, LONGEST_TOPIC))
  );
}

function isText(value: unknown, longest = LONGEST_ID): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longest;
}
