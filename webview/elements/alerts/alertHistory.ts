import { t } from '@vscode/l10n';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { count, severityWord } from '../../../service/protocol/describe.ts';
import type { AlertRecord } from '../../../service/protocol/record.ts';
import { SEVERITIES } from '../../../service/protocol/states.ts';
import type { App } from '../../app.ts';
import { valueOf } from '../../controls.ts';
import { Pages } from '../../pages.ts';
import { wantedRows } from '../../virtual.ts';
import { Watch } from '../../watch.ts';
import { choice } from '../shared/choice.ts';
import { fieldStyles } from '../shared/field.ts';
import { failure } from '../shared/loaded.ts';
import { shared } from '../shared/styles.ts';
import './alertList.ts';
import { type AlertFilter, alertsPath, EVERY_ALERT } from './list.ts';

/** Typing is over after this long. */
const PAUSE_MS = 250;
const DAYS = [1, 7, 30];
/** Rows of the first screen, and what is read ahead. */
const FIRST = 30;

/** All alerts that the service holds, open or over: filtered, the newest first, read as they are scrolled. */
@customElement('pipescope-alert-history')
export class PipescopeAlertHistory extends LitElement {
  static override styles = [
    shared,
    fieldStyles,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        margin-bottom: 8px;
      }
      select {
        flex: 0 1 140px;
        min-width: 0;
      }
      .list {
        min-height: 340px;
      }
    `,
  ];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) seen = true;
  @property({ attribute: false }) now = 0;
  @state() private filter: AlertFilter = EVERY_ALERT;
  @state() private wanted = FIRST;
  /** Alerts raised later do not push the others down while somebody reads. */
  @state() private until = 0;
  readonly #alerts = new Pages<AlertRecord>(this, 'alerts', ({ alert_id }) => alert_id);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    new Watch(this, ['alerts', 'jobs']);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override willUpdate(): void {
    if (!this.seen) return;
    const latest = this.#latest();
    if (this.until === 0 || (this.wanted <= FIRST && latest > this.until))
      this.until = Math.max(latest, this.app.clock.now());
    this.#alerts.show(alertsPath(this.filter, this.until));
    this.#alerts.want(wantedRows(this.wanted));
  }

  #latest(): number {
    let latest = 0;
    for (const { raised_at } of this.app.store.alerts.values())
      latest = Math.max(latest, Date.parse(raised_at));
    return latest;
  }

  protected override render(): TemplateResult {
    const { total, message, rows } = this.#alerts;
    const { alerts } = this.app.store;
    return html`<div class="bar" role="search" aria-label=${t('Filter alerts')}>
        ${this.#text()}${this.#states()}${this.#severities()}${this.#days()}
        <span class="caption number" role="status"
          >${total === null ? t('Loading alerts…') : count(total, t('{0} alert'), t('{0} alerts'))}</span
        >
      </div>
      ${message === null ? nothing : failure(message, () => this.#alerts.retry())}
      <div class="list">
        ${
          total === 0
            ? html`<p class="empty">
                ${t('No alert matches. Alerts that were cleared are not kept.')}
              </p>`
            : html`<pipescope-alert-list
                .app=${this.app}
                .name=${t('Past alerts')}
                .alerts=${rows.map((row) => alerts.get(row.alert_id) ?? row)}
                .total=${total ?? 0}
                .now=${this.now}
                @pipescope-wanted=${(event: CustomEvent<number>) => (this.wanted = event.detail)}
              ></pipescope-alert-list>`
        }
      </div>`;
  }

  #text(): TemplateResult {
    const later = (event: Event): void => {
      const text = valueOf(event);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#set({ text }), PAUSE_MS);
    };
    return html`<input
      type="text"
      class="field"
      autocomplete="off"
      placeholder=${t('Title, component or job')}
      aria-label=${t('Title, component or job')}
      maxlength="256"
      .value=${this.filter.text}
      @input=${later}
    />`;
  }

  #states(): TemplateResult {
    const options = [
      ['all', t('Every state')],
      ['active', t('Active')],
      ['acknowledged', t('Acknowledged')],
      ['resolved', t('Resolved')],
    ] as const;
    return choice({
      label: t('State'),
      value: this.filter.state,
      options,
      pick: (state) => this.#set({ state }),
    });
  }

  #severities(): TemplateResult {
    const options = SEVERITIES.map((severity) => [severity, severityWord(severity)] as const);
    const all = [['', t('Every severity')], ...options] as const;
    const pick = (severity: (typeof all)[number][0]): void =>
      this.#set({ severity: severity === '' ? null : severity });
    return choice({ label: t('Severity'), value: this.filter.severity ?? '', options: all, pick });
  }

  #days(): TemplateResult {
    const words: Record<string, string> = {
      '1': t('Last 24 hours'),
      '7': t('Last 7 days'),
      '30': t('Last 30 days'),
    };
    const options = DAYS.map((days) => [String(days), words[String(days)] ?? ''] as const);
    return choice({
      label: t('Raised'),
      value: this.filter.days === null ? '' : String(this.filter.days),
      options: [['', t('Any time')], ...options],
      pick: (days) => this.#set({ days: days === '' ? null : Number(days) }),
    });
  }

  #set(change: Partial<AlertFilter>): void {
    clearTimeout(this.#timer);
    this.filter = { ...this.filter, ...change };
    this.until = Math.max(this.#latest(), this.app.clock.now());
    this.wanted = FIRST;
  }
}
