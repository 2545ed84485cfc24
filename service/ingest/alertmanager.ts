/**
 * The webhook of Prometheus Alertmanager, version "4", as alerts from outside. It is sent again for as long as an alert
 * fires: fingerprint and `startsAt` name the alert, so that a repetition is no new one.
 */
import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { type FieldError, ProductError } from '../protocol/errors.ts';
import { type Event, OWN_ID } from '../protocol/event.ts';
import {
  MAX_EVENTS,
  type Rejection,
  describeValueError,
  parseEvents,
  toEpochMs,
} from '../protocol/parse.ts';
import type { Severity } from '../protocol/states.ts';
import { fingerprintOf } from './fingerprint.ts';
import { parseJson } from './json.ts';

const Texts = Type.Record(Type.String(), Type.String(), { description: 'an object of strings' });
const Status = Type.Union([Type.Literal('firing'), Type.Literal('resolved')]);

const WebhookAlert = Type.Object({
  status: Type.Optional(Status),
  labels: Texts,
  annotations: Type.Optional(Texts),
  startsAt: Type.String({ description: 'an RFC 3339 time' }),
  endsAt: Type.Optional(Type.String({ description: 'an RFC 3339 time; year 1 while it fires' })),
  generatorURL: Type.Optional(Type.String()),
  fingerprint: Type.Optional(Type.String()),
});
type WebhookAlert = Static<typeof WebhookAlert>;

/** The parts that are read; all others may be there as well. */
export const AlertmanagerWebhook = Type.Object(
  {
    version: Type.Optional(Type.Literal('4')),
    status: Type.Optional(Status),
    receiver: Type.Optional(Type.String()),
    externalURL: Type.Optional(Type.String()),
    alerts: Type.Array(WebhookAlert, { maxItems: MAX_EVENTS }),
  },
  { additionalProperties: true },
);

const Envelope = Type.Object({
  ...AlertmanagerWebhook.properties,
  alerts: Type.Array(Type.Unknown()),
});
type Envelope = Static<typeof Envelope>;

const isEnvelope = TypeCompiler.Compile(Envelope);
const isAlert = TypeCompiler.Compile(WebhookAlert);

/** What one alert of the body says: that it is there, and perhaps that it has ended. */
export interface ExternalAlert {
  raised: Event & { type: 'alert.raised' };
  resolved: (Event & { type: 'alert.resolved' }) | null;
}

export interface AlertmanagerBatch {
  alerts: ExternalAlert[];
  /** Alerts that could not be taken; the others are. */
  rejected: Rejection[];
}

/**
 * The alerts of a body. `now` is epoch milliseconds: nothing begins or ends after it. Throws BODY_INVALID,
 * BODY_TOO_MANY_EVENTS.
 */
export function fromAlertmanager(body: string, now: number): AlertmanagerBatch {
  const webhook = envelopeOf(parseJson(body));
  const batch: AlertmanagerBatch = { alerts: [], rejected: [] };
  webhook.alerts.forEach((value, index) => {
    const made = alertOf(value, webhook, now);
    if ('raised' in made) batch.alerts.push(made);
    else {
      const path = `/alerts/${index}${made.path}`;
      batch.rejected.push({ index, code: 'EVENT_INVALID', path, message: made.message });
    }
  });
  return batch;
}

function envelopeOf(value: unknown): Envelope {
  if (!isEnvelope.Check(value)) {
    const error = isEnvelope.Errors(value).First();
    const field = error ? describeValueError(error) : { path: '', message: 'It is not valid.' };
    const detail = `The body is no webhook of Alertmanager. ${field.message} Send version "4", as Alertmanager 0.16 and later do.`;
    throw new ProductError('BODY_INVALID', { detail, errors: [field] });
  }
  if (value.alerts.length <= MAX_EVENTS) return value;
  throw new ProductError('BODY_TOO_MANY_EVENTS', {
    detail: `The body holds ${value.alerts.length} alerts. Set "max_alerts" of the receiver to ${MAX_EVENTS} at most.`,
  });
}

function alertOf(value: unknown, webhook: Envelope, now: number): ExternalAlert | FieldError {
  if (!isAlert.Check(value)) {
    const error = isAlert.Errors(value).First();
    return error ? describeValueError(error) : { path: '', message: 'The alert is not valid.' };
  }
  const startsAt = toEpochMs(value.startsAt);
  if (startsAt === undefined)
    return { path: '/startsAt', message: 'Give "startsAt" as an RFC 3339 time.' };
  const begin = Math.min(startsAt, now);
  const id = `alertmanager:${fingerprintOf(value)}:${startsAt}`;
  const raw = { id, time: begin, ...contentOf(value, webhook) };
  const { events, rejected } = parseEvents([raw], { now, newId: () => id });
  const [raised] = events;
  if (raised?.type !== 'alert.raised') {
    const { path = '', message = 'The alert is not valid.' } = rejected[0] ?? {};
    return { path: path.replace(/^\/tags/, '/labels'), message };
  }
  const isOver = (value.status ?? webhook.status) === 'resolved';
  const end = Math.min(now, Math.max(begin, toEpochMs(value.endsAt) ?? now));
  return { raised, resolved: isOver ? resolvedAt(id, end) : null };
}

function resolvedAt(alert_id: string, time: number): Event & { type: 'alert.resolved' } {
  const reason = 'Alertmanager says that it is resolved.';
  return { type: 'alert.resolved', id: `${OWN_ID}${alert_id}:resolved`, time, alert_id, reason };
}

/** The names that people give the label; whoever pages somebody means the worst. */
const SEVERITY_OF = new Map<string, Severity>([
  ...(['critical', 'fatal', 'emergency', 'disaster', 'page'] as const).map(
    (name) => [name, 'CRITICAL'] as const,
  ),
  ...(['error', 'major', 'high'] as const).map((name) => [name, 'ERROR'] as const),
  ...(['warning', 'warn', 'minor', 'ticket'] as const).map((name) => [name, 'WARNING'] as const),
  ...(['info', 'information', 'notice', 'none'] as const).map((name) => [name, 'INFO'] as const),
]);

const LONGEST = 60_000;
const LONGEST_ID = 256;

function contentOf({ labels, annotations = {}, ...rest }: WebhookAlert, webhook: Envelope) {
  const { summary, description, message } = annotations;
  const said = [...new Set([summary, description, message])].filter((text) => text);
  const title = [labels['alertname'], summary, 'Alert'].find((text) => text) ?? 'Alert';
  const { instance, job } = labels;
  return {
    type: 'alert.raised',
    title: title.slice(0, LONGEST),
    description: said.join('\n').slice(0, LONGEST),
    severity: SEVERITY_OF.get(labels['severity']?.toLowerCase() ?? '') ?? 'WARNING',
    component: 'alertmanager',
    ...idOf('component_id', instance ?? job),
    ...idOf('job_id', labels['job_id']),
    ...(labels['job_id'] ? idOf('phase_id', labels['phase_id']) : {}),
    tags: labels,
    source: webhook.externalURL ?? 'alertmanager',
    ...linkOf('generatorURL', rest.generatorURL),
    ...linkOf('runbook_url', annotations['runbook_url']),
    ...(webhook.receiver === undefined ? {} : { receiver: webhook.receiver }),
  };
}

function idOf(name: string, text: string | undefined): Record<string, string> {
  return text && text.length <= LONGEST_ID ? { [name]: text } : {};
}

/** What is shown as a link is one of the web. */
function linkOf(name: string, text: string | undefined): Record<string, string> {
  return text !== undefined && /^https?:\/\//i.test(text) ? { [name]: text } : {};
}
