import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { routedWords } from '../../../service/protocol/describeAlerts.ts';
import { count, duration, exactTime, relativeTime } from '../../../service/protocol/describe.ts';
import type { Routed } from '../../../service/protocol/notification.ts';
import type { AlertRecord } from '../../../service/protocol/record.ts';
import { freeValue } from '../../format.ts';
import type { Content } from '../shared/region.ts';
import { type AlertNames, type AlertRow, cutText } from './row.ts';

/** `acknowledged 2 h ago by Ann: I look at it`, `resolved 5 min ago`, `reopened 3 times`. */
export function stateOf(alert: AlertRecord, now: number): Content {
  return html`${reopened(alert)}${resolved(alert, now)}${acknowledged(alert, now)}`;
}

function reopened({ reopened_count: times, flapping }: AlertRecord): Content {
  if (times === 0 && !flapping) return nothing;
  const again = times === 0 ? '' : count(times, t('reopened {0} time'), t('reopened {0} times'));
  return html`${again === '' ? nothing : html` · ${again}`}${
    flapping
      ? html` ·
          <strong title=${t('It comes and goes so often that its changes are told together.')}
            >${t('flapping')}</strong
          >`
      : nothing
  }`;
}

function resolved(alert: AlertRecord, now: number): Content {
  const { active, resolved_at: at, resolved_by: by, resolve_reason: reason } = alert;
  if (active || at === null) return nothing;
  const when = relativeTime(at, now);
  const who = by === null ? t('resolved {0}', when) : t('resolved {0} by {1}', when, by);
  return html` · <span title=${exactTime(at)}><bdi>${cutText(withNote(who, reason))}</bdi></span>`;
}

/** Since when is said in the tree and here, so that nothing is forgotten; and when it counts no more. */
function acknowledged(alert: AlertRecord, now: number): Content {
  const { acknowledged: is, acknowledged_at: at, acknowledged_by: by, note } = alert;
  const { acknowledged_until: until, active } = alert;
  if (!is || at === null) return nothing;
  const when = relativeTime(at, now);
  const who = by === null ? t('acknowledged {0}', when) : t('acknowledged {0} by {1}', when, by);
  const ends =
    until === null || !active
      ? nothing
      : html` ·
          <span title=${exactTime(until)}
            >${t('counts again in {0}', duration(Date.parse(until) - now))}</span
          >`;
  return html` ·
    <span title=${exactTime(at)}><bdi>${cutText(withNote(who, note))}</bdi></span
    >${ends}`;
}

function withNote(what: string, note: string | null): string {
  return note === null || note === '' ? what : `${what}: ${note}`;
}

type Fact = readonly [name: string, value: string];

/** Everything that is known of it. */
export function details(row: AlertRow): TemplateResult {
  const { alert, now } = row;
  return html`<div class="more" data-alert=${alert.alert_id}>
    <p>${alert.title}</p>
    ${alert.description === '' ? nothing : html`<p class="text">${alert.description}</p>`}
    <dl>
      ${factsOf(alert, row.names).map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd><bdi>${value}</bdi></dd>
          </div>`,
      )}
    </dl>
    ${told(alert, row.names)}
    <p class="caption">${stateOf(alert, now)}</p>
    <p class="leads">
      <button class="plain link" @click=${row.silence}>${t('Silence…')}</button>
      ${
        row.editRule === undefined
          ? nothing
          : html`<button class="plain link" @click=${row.editRule}>${t('Edit Rule')}</button>`
      }
    </p>
  </div>`;
}

function factsOf(alert: AlertRecord, { rules }: AlertNames): Fact[] {
  const { component, component_id: id, rule, note, tags, metadata } = alert;
  const { acknowledged, acknowledged_at: since, last_raised_at: last, raised_at: first } = alert;
  const free = Object.entries({ ...tags, ...metadata }).map(([name, value]): Fact => [
    name,
    freeValue(value),
  ]);
  return [
    [t('Component'), id === null ? component : `${component} ${id}`],
    ...(rule === null ? [] : [[t('Rule'), rules.get(rule) ?? rule] as const]),
    [t('Raised'), exactTime(first)],
    ...(last === first ? [] : [[t('Reopened'), exactTime(last)] as const]),
    ...(acknowledged && since !== null
      ? [[t('Acknowledged since'), exactTime(since)] as const]
      : []),
    ...(note === null || note === '' ? [] : [[t('Note'), note] as const]),
    ...free,
  ];
}

/** What became of it on its way to each channel; those that are not for it in one line. */
function told({ routed }: AlertRecord, { channels }: AlertNames): Content {
  if (routed === null) return nothing;
  const name = (one: Routed): string => channels.get(one.channel_id) ?? one.channel_id;
  const mine = routed.filter(({ outcome }) => outcome !== 'filtered');
  const others = routed.filter(({ outcome }) => outcome === 'filtered').map(name);
  if (mine.length === 0) return html`<p class="caption">${t('No channel is told of it.')}</p>`;
  return html`<p class="caption">${t('Who is told')}</p>
    <ul class="told" aria-label=${t('Who is told')}>
      ${mine.map((one) => html`<li><bdi>${name(one)}</bdi>: ${routedWords(one)}</li>`)}
    </ul>
    ${others.length === 0 ? nothing : html`<p class="caption">${t('Not for {0}', others.join(', '))}</p>`}`;
}
