import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { count } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { AlertRecord } from '../../../service/protocol/record.ts';
import { valueOf } from '../../controls.ts';
import { ALERT_TABS, type AlertTab } from '../../view.ts';
import { Watch } from '../../watch.ts';
import { fieldStyles } from '../shared/field.ts';
import { type Content, RegionElement } from '../shared/region.ts';
import './alertHistory.ts';
import './alertList.ts';
import { alertsStyles } from './alerts.styles.ts';
import { alertsOf } from './list.ts';

type OpenTab = Exclude<AlertTab, 'history'>;

/** Functions: the language is not set yet when this is read. */
const TITLES: Record<AlertTab, () => string> = {
  active: () => t('Active'),
  acknowledged: () => t('Acknowledged'),
  history: () => t('History'),
};
const EMPTY: Record<OpenTab, () => string> = {
  active: () => t('No active alerts. A failed or slow phase, high CPU or memory will show here.'),
  acknowledged: () =>
    t('Nothing is acknowledged. Acknowledge an active alert to say that somebody looks at it.'),
};

/** Alerts of all jobs: what needs somebody, what somebody looks at, and what there was. */
@customElement('pipescope-alerts')
export class PipescopeAlerts extends RegionElement {
  static override styles = [...RegionElement.styles, fieldStyles, alertsStyles];
  readonly region = 'Alerts';
  @state() private picked: ReadonlySet<string> = new Set();
  #open: Record<OpenTab, AlertRecord[]> = { active: [], acknowledged: [] };

  constructor() {
    super();
    new Watch(this, ['alerts', 'jobs', 'view'], { clock: true });
  }

  protected override get waiting(): boolean {
    return !this.app.store.loaded;
  }

  protected override willUpdate(): void {
    const all = [...this.app.store.alerts.values()];
    this.#open = { active: alertsOf(all, 'active'), acknowledged: alertsOf(all, 'acknowledged') };
    const open = new Set(this.#open.active.map(({ alert_id }) => alert_id));
    const left = [...this.picked].filter((id) => open.has(id));
    if (left.length < this.picked.size) this.picked = new Set(left);
  }

  protected override actions(): Content {
    const { session } = this.app;
    return html`
      <vscode-button
        appearance="secondary"
        ?disabled=${this.#open.active.length === 0}
        @click=${() => void session.command({ command: 'alert.acknowledge_all' })}
        >${t('Acknowledge All')}</vscode-button
      >
      <vscode-button
        appearance="secondary"
        ?disabled=${this.#open.acknowledged.length === 0}
        @click=${() => void session.command({ command: 'alert.clear_acknowledged' })}
        >${t('Clear Acknowledged')}</vscode-button
      >
    `;
  }

  protected content(): TemplateResult {
    const { session } = this.app;
    const { alerts: chosen } = session.view;
    const follow = (event: Event): void => {
      const { activeid } = event.currentTarget as Element & { activeid: string };
      const tab = ALERT_TABS.find((candidate) => `tab-${candidate}` === activeid);
      if (tab !== undefined && tab !== session.view.alerts) session.set({ alerts: tab });
    };
    return html`<vscode-panels
      aria-label=${t('Alerts by state')}
      .activeid=${`tab-${chosen}`}
      @change=${follow}
    >
      ${ALERT_TABS.map((tab) => this.#tab(tab))}
      ${ALERT_TABS.map((tab) => html`<vscode-panel-view id="view-${tab}">${tab === chosen ? this.#view(tab) : nothing}</vscode-panel-view>`)}
    </vscode-panels>`;
  }

  /** How many were ever raised is said in the history itself. */
  #tab(tab: AlertTab): TemplateResult {
    const title = TITLES[tab]();
    const number = tab === 'history' ? '' : numeral(this.#open[tab].length);
    const label = number === '' ? title : `${title} ${number}`;
    return html`<vscode-panel-tab id="tab-${tab}" aria-label=${label}
      >${title}${number === '' ? nothing : html`&nbsp;<span class="caption">${number}</span>`}</vscode-panel-tab
    >`;
  }

  #view(tab: AlertTab): TemplateResult {
    const now = this.app.clock.now();
    if (tab === 'history')
      return html`<pipescope-alert-history
        .app=${this.app}
        .seen=${this.seen}
        .now=${now}
      ></pipescope-alert-history>`;
    const alerts = this.#open[tab];
    if (alerts.length === 0) return html`<p class="empty">${EMPTY[tab]()}</p>`;
    return html`${tab === 'active' ? this.#bulk() : nothing}
      <pipescope-alert-list
        .app=${this.app}
        .name=${tab === 'active' ? t('Active alerts') : t('Acknowledged alerts')}
        .alerts=${alerts}
        .total=${alerts.length}
        .picked=${tab === 'active' ? this.picked : undefined}
        .now=${now}
        @pipescope-picked=${(event: CustomEvent<ReadonlySet<string>>) => (this.picked = event.detail)}
      ></pipescope-alert-list>`;
  }

  /** What is done with all that are selected. */
  #bulk(): Content {
    const { size } = this.picked;
    if (size === 0) return nothing;
    const field = (): string => {
      const note = this.renderRoot.querySelector<HTMLInputElement>('.bulk input');
      return note?.value.trim() ?? '';
    };
    const keydown = (event: KeyboardEvent): void => {
      if (event.key === 'Enter') void this.#acknowledge(valueOf(event).trim());
    };
    return html`<div class="bulk" role="group" aria-label=${t('Selected alerts')}>
      <span class="number">${count(size, t('{0} selected'), t('{0} selected'))}</span>
      <input
        type="text"
        class="field"
        autocomplete="off"
        placeholder=${t('Note (optional)')}
        aria-label=${t('Note on the selected alerts')}
        maxlength="500"
        @keydown=${keydown}
      />
      <vscode-button @click=${() => void this.#acknowledge(field())}
        >${t('Acknowledge Selected')}</vscode-button
      >
      <vscode-button appearance="secondary" @click=${() => void this.#resolve()}
        >${t('Resolve Selected')}</vscode-button
      >
      <vscode-button appearance="secondary" @click=${() => (this.picked = new Set())}
        >${t('Select None')}</vscode-button
      >
    </div>`;
  }

  /** One after the other; after the first refusal, which is said, the rest stays selected. */
  async #acknowledge(note: string): Promise<void> {
    const { session } = this.app;
    const more = note === '' ? {} : { note };
    for (const alert_id of this.picked)
      if (!(await session.command({ command: 'alert.acknowledge', alert_id, ...more }))) return;
    this.picked = new Set();
  }

  async #resolve(): Promise<void> {
    for (const alert_id of this.picked)
      if (!(await this.app.session.command({ command: 'alert.resolve', alert_id }))) return;
    this.picked = new Set();
  }
}
