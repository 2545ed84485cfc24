import { t } from '@vscode/l10n';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { count, duration, exactTime, relativeTime } from '../../../../service/protocol/describe.ts';
import type { ChannelRecord } from '../../../../service/protocol/channel.ts';
import type {
  NotificationRecord,
  NotificationState,
} from '../../../../service/protocol/notification.ts';
import type { App } from '../../../app.ts';
import { valueOf } from '../../../controls.ts';
import { icon, type IconName } from '../../../icons.ts';
import { Load } from '../../../load.ts';
import { Watch } from '../../../watch.ts';
import { fieldStyles } from '../../shared/field.ts';
import { KeepFocus } from '../../shared/keepFocus.ts';
import { loaded } from '../../shared/loaded.ts';
import type { Content } from '../../shared/region.ts';
import { severityLabel, statusStyles } from '../../shared/status.ts';
import { shared } from '../../shared/styles.ts';
import { definitionListStyles } from '../form/list.styles.ts';

/** As many as are shown; the newest. */
const MOST = 200;

const STATES: Record<NotificationState, { sign: IconName; word: () => string }> = {
  WAITING: { sign: 'circle', word: () => t('waits') },
  SENT: { sign: 'pass', word: () => t('sent') },
  DEAD: { sign: 'error', word: () => t('given up') },
};

interface Outbox {
  notifications: NotificationRecord[];
  total: number;
}

/** What channels were told, what they are still to be told, and what was given up. */
@customElement('pipescope-alert-outbox')
export class PipescopeAlertOutbox extends LitElement {
  static override styles = [
    shared,
    fieldStyles,
    statusStyles,
    definitionListStyles,
    css`
      .state {
        display: inline-flex;
        align-items: center;
        gap: 4px;
      }
    `,
  ];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) seen = true;
  @state() private state: NotificationState | '' = '';
  @state() private channel = '';
  readonly #outbox = new Load<Outbox>(this, {
    path: () => this.#path(),
    parts: ['definitions', 'alerts'],
    everyMs: 1000,
  });
  readonly #channels = new Load<{ channels: ChannelRecord[] }>(this, {
    path: () => '/api/v1/channels?limit=1000',
    parts: ['definitions'],
  });

  constructor() {
    super();
    new Watch(this, [], { clock: true });
    new KeepFocus(this, '.scroll');
  }

  #path(): string {
    const query = new URLSearchParams({ limit: String(MOST) });
    if (this.state !== '') query.set('state', this.state);
    if (this.channel !== '') query.set('channel_id', this.channel);
    return `/api/v1/outbox?${query}`;
  }

  protected override render(): TemplateResult {
    return html`<div class="bar" role="search" aria-label=${t('Filter deliveries')}>
        ${this.#states()}${this.#channelPicker()}
        <span class="caption number" role="status">${this.#number()}</span>
      </div>
      ${loaded(this.#outbox, {
        skeleton: html`<div class="skeleton"></div>`,
        content: ({ notifications }) => this.#rows(notifications),
      })}`;
  }

  #number(): string {
    const { value } = this.#outbox;
    return value === undefined ? '' : count(value.total, t('{0} delivery'), t('{0} deliveries'));
  }

  #states(): TemplateResult {
    const options = Object.entries(STATES) as [NotificationState, { word: () => string }][];
    const pick = (event: Event): void => {
      this.state = options.find(([one]) => one === valueOf(event))?.[0] ?? '';
    };
    return html`<select class="field" aria-label=${t('State')} @change=${pick}>
      <option value="">${t('Every state')}</option>
      ${options.map(([one, { word }]) => html`<option value=${one}>${word()}</option>`)}
    </select>`;
  }

  #channelPicker(): TemplateResult {
    const channels = this.#channels.value?.channels ?? [];
    const pick = (event: Event): void => {
      this.channel = valueOf(event);
    };
    return html`<select class="field" aria-label=${t('Channel')} @change=${pick}>
      <option value="">${t('Every channel')}</option>
      ${channels.map((one) => html`<option value=${one.channel_id}>${one.name}</option>`)}
    </select>`;
  }

  #rows(all: readonly NotificationRecord[]): TemplateResult {
    if (all.length === 0)
      return html`<p class="empty">
        ${t('Nothing was sent. What channels are told of alerts will show here.')}
      </p>`;
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${t('Deliveries')}>
      <ul class="rows">
        ${repeat(
          all,
          (one) => one.notification_id,
          (one) => this.#row(one),
        )}
      </ul>
    </div>`;
  }

  #row(one: NotificationRecord): TemplateResult {
    const { notification_id: id, summary, state, last_error: error, channel_id } = one;
    const channels = this.#channels.value?.channels ?? [];
    const name = channels.find((channel) => channel.channel_id === channel_id)?.name ?? channel_id;
    const { sign, word } = STATES[state];
    return html`<li class="row" data-id=${id}>
      <div class="facts">
        <div class="head">
          <span class="state">${icon(sign)} ${word()}</span> ${severityLabel(one.severity)}
          <strong><bdi>${summary}</bdi></strong>
        </div>
        <p class="caption"><bdi>${name}</bdi>${this.#times(one)}</p>
        ${error === null || state === 'SENT' ? nothing : html`<p class="problem"><bdi>${error}</bdi></p>`}
      </div>
      ${state === 'DEAD' ? this.#again(id, summary) : nothing}
    </li>`;
  }

  #again(notification_id: string, summary: string): TemplateResult {
    const send = (): void => {
      const { session } = this.app;
      void session
        .command({ command: 'notification.send_again', notification_id })
        .then(() => this.#outbox.retry());
    };
    return html`<div class="does">
      <vscode-button
        appearance="secondary"
        aria-label=${t('Send Again: {0}', summary)}
        @click=${send}
        >${t('Send Again')}</vscode-button
      >
    </div>`;
  }

  #times({
    attempts,
    created_at: made,
    sent_at: sent,
    next_attempt_at: next,
  }: NotificationRecord): Content {
    const now = this.app.clock.now();
    const wait = next === null ? 0 : Date.parse(next) - now;
    return html` ·
      <span title=${exactTime(sent ?? made)}>${relativeTime(sent ?? made, now)}</span> ·
      ${count(attempts, t('{0} try'), t('{0} tries'))}${
        next === null || sent !== null
          ? nothing
          : html` ·
              <span title=${exactTime(next)}
                >${wait > 0 ? t('next in {0}', duration(wait)) : t('next now')}</span
              >`
      }`;
  }
}
