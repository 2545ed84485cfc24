import type { ClientFrame, HostRequest, Topic } from '../../service/protocol/frame.ts';

/** What a dashboard page may say: its hello, a command for the service, or a request to this window. */
export type PanelMessage =
  Extract<ClientFrame, { type: 'hello' }> | Extract<ClientFrame, { type: 'command' }> | HostRequest;

const LONGEST_ID = 1024;
const MOST_TOPICS = 1000;
const ACTIONS = new Set(['open_error', 'export_job', 'run_demo', 'start_service']);

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

function isRequest({
  action,
  job_id: jobId,
  phase_id: phaseId,
  format,
}: Record<string, unknown>): boolean {
  if (!isText(action) || !ACTIONS.has(action)) return false;
  if (action === 'open_error') return isText(jobId) && (phaseId === undefined || isText(phaseId));
  if (action === 'export_job') return isText(jobId) && (format === 'json' || format === 'csv');
  return true;
}

function isTopics(value: unknown): value is Topic[] {
  return Array.isArray(value) && value.length <= MOST_TOPICS && value.every(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_ID;
}
