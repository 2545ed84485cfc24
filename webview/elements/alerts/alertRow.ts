import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { exactTime, relativeTime } from '../../../service/protocol/describe.ts';
import type { AlertRecord } from '../../../service/protocol/record.ts';
import { freeValue } from '../../format.ts';
import { icon } from '../../icons.ts';
import type { Content } from '../shared/region.ts';
import { severityLabel } from '../shared/status.ts';
import { measured } from './list.ts';

/** What can be done with a row; it is drawn from this alone. */
export interface AlertRow {
  alert: AlertRecord;
  index: number;
  total: number;
  now: number;
  /** What the job is called. */
  jobName: string;
  opened: boolean;
  /** Whether Tab reaches it. */
  active: boolean;
  /** Undefined where alerts are not picked. */
  picked: boolean | undefined;
  toggle: () => void;
  pick: (on: boolean) => void;
  acknowledge: () => void;
  note: () => void;
  resolve: () => void;
  show: () => void;
}

export function alertRow(row: AlertRow): TemplateResult {
  const { alert, index, total, opened } = row;
  return html`<li
    class="alert ${alert.severity}"
    data-row=${index}
    aria-setsize=${total}
    aria-posinset=${index + 1}
  >
    <div class="line">
      ${row.picked === undefined ? nothing : pickBox(row, row.picked)}
      <div class="facts">
        <button
          class="plain head"
          tabindex=${row.active ? '0' : '-1'}
          aria-expanded=${opened ? 'true' : 'false'}
          @click=${row.toggle}
        >
          ${icon(opened ? 'chevronDown' : 'chevronRight')}${severityLabel(alert.severity)}
          <strong class="cut" title=${cutText(alert.title)}
            ><bdi>${cutText(alert.title)}</bdi></strong
          >
        </button>
        <div class="description cut"><bdi>${cutText(alert.description)}</bdi>&nbsp;</div>
        <div class="caption cut">${captionOf(row)}</div>
      </div>
      <div class="does">${actionsOf(row)}</div>
    </div>
    ${opened ? details(row) : nothing}
  </li>`;
}

function pickBox(row: AlertRow, picked: boolean): TemplateResult {
  const label = t('Select {0}', cutText(row.alert.title));
  return html`<input
    type="checkbox"
    tabindex=${row.active ? '0' : '-1'}
    aria-label=${label}
    title=${label}
    .checked=${picked}
    @change=${(event: Event) => row.pick((event.currentTarget as HTMLInputElement).checked)}
  />`;
}

function actionsOf(row: AlertRow): Content {
  const { alert } = row;
  if (!alert.active) return nothing;
  const title = cutText(alert.title);
  const open = !alert.acknowledged;
  return html`${
      open
        ? html`<vscode-button
              appearance="secondary"
              aria-label=${t('Acknowledge {0}', title)}
              title=${t('Acknowledge')}
              @click=${row.acknowledge}
              >${icon('check')}<bdi class="word">&nbsp;${t('Acknowledge')}</bdi></vscode-button
            >
            <vscode-button
              appearance="secondary"
              aria-label=${t('Acknowledge with a note: {0}', title)}
              title=${t('Acknowledge with a note')}
              @click=${row.note}
              >${icon('note')}<bdi class="word">&nbsp;${t('Note')}</bdi></vscode-button
            >`
        : nothing
    }<vscode-button
      appearance="secondary"
      aria-label=${t('Resolve {0}', title)}
      title=${t('Say that it is over')}
      @click=${row.resolve}
      >${icon('pass')}<bdi class="word">&nbsp;${t('Resolve')}</bdi></vscode-button
    >`;
}

function captionOf(row: AlertRow): TemplateResult {
  const { alert, now } = row;
  const value = measured(alert);
  return html`${value === '' ? nothing : html`<span class="number">${value}</span> · `}<span
      title=${exactTime(alert.raised_at)}
      >${relativeTime(alert.raised_at, now)}</span
    >${jobLink(row)}${stateOf(alert, now)}`;
}

function jobLink({ alert: { job_id, phase_id }, jobName, show }: AlertRow): Content {
  if (job_id === null) return nothing;
  const text = phase_id === null ? jobName : `${jobName}, ${phase_id}`;
  return html` ·
    <button class="plain link" title=${t('Show this job')} @click=${show}>
      <bdi>${cutText(text)}</bdi>
    </button>`;
}

/** `acknowledged 2 h ago by Ann: I look at it`, `resolved 5 min ago`. */
function stateOf(alert: AlertRecord, now: number): Content {
  return html`${resolved(alert, now)}${acknowledged(alert, now)}`;
}

function resolved({ active, resolved_at: at }: AlertRecord, now: number): Content {
  if (active || at === null) return nothing;
  return html` ·
    <span title=${exactTime(at)}>${t('resolved {0}', relativeTime(at, now))}</span>`;
}

function acknowledged(alert: AlertRecord, now: number): Content {
  const { acknowledged: is, acknowledged_at: at, acknowledged_by: by, note } = alert;
  if (!is || at === null) return nothing;
  const when = relativeTime(at, now);
  const who = by === null ? t('acknowledged {0}', when) : t('acknowledged {0} by {1}', when, by);
  const text = note === null || note === '' ? who : `${who}: ${note}`;
  return html` · <span title=${exactTime(at)}><bdi>${cutText(text)}</bdi></span>`;
}

/** Everything that is known of it. */
function details({ alert, now }: AlertRow): TemplateResult {
  const { component, component_id: id, rule, note, tags, metadata } = alert;
  const free = Object.entries({ ...tags, ...metadata }).map(([name, value]): Fact => [
    name,
    freeValue(value),
  ]);
  const facts: Fact[] = [
    [t('Component'), id === null ? component : `${component} ${id}`],
    ...(rule === null ? [] : [[t('Rule'), rule] as const]),
    [t('Raised'), exactTime(alert.raised_at)],
    ...(note === null || note === '' ? [] : [[t('Note'), note] as const]),
    ...free,
  ];
  return html`<div class="more" data-alert=${alert.alert_id}>
    <p>${alert.title}</p>
    ${alert.description === '' ? nothing : html`<p class="text">${alert.description}</p>`}
    <dl>
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd><bdi>${value}</bdi></dd>
          </div>`,
      )}
    </dl>
    <p class="caption">${stateOf(alert, now)}</p>
  </div>`;
}

type Fact = readonly [name: string, value: string];

/** Longer texts than a line can hold only cost time. */
function cutText(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
}
