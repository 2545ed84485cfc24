import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { messageOf } from '../../../service/protocol/errors.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { AlertRecord } from '../../../service/protocol/record.ts';
import { ALERT_TABS, type AlertTab } from '../../view.ts';
import { Watch } from '../../watch.ts';
import { fieldStyles } from '../shared/field.ts';
import { KeepFocus } from '../shared/keepFocus.ts';
import { failure } from '../shared/loaded.ts';
import { type Content, RegionElement } from '../shared/region.ts';
import { chosenTab, PANEL, tabList, tabStyles } from '../shared/tabs.ts';
import './alertList.ts';
import { alertsStyles } from './alerts.styles.ts';
import './bulk.ts';
import { alertsOf } from './list.ts';
import { PARTS, type PartTab, TITLES } from './parts.ts';

type OpenTab = Exclude<AlertTab, PartTab>;

const EMPTY: Record<OpenTab, () => string> = {
  active: () => t('No active alerts. A failed or slow phase, high CPU or memory will show here.'),
  acknowledged: () =>
    t('Nothing is acknowledged. Acknowledge an active alert to say that somebody looks at it.'),
};

/** Alerts of all jobs: what needs somebody, what somebody looks at, what there was; and all that decides who is told. */
@customElement('pipescope-alerts')
export class PipescopeAlerts extends RegionElement {
  static override styles = [...RegionElement.styles, fieldStyles, tabStyles, alertsStyles];
  readonly region = 'Alerts';
  @state() private picked: ReadonlySet<string> = new Set();
  /** Tabs that are there, because they were opened: true when their code is here, else why it is not. */
  @state() private parts: Partial<Record<PartTab, true | string>> = {};
  #open: Record<OpenTab, AlertRecord[]> = { active: [], acknowledged: [] };

  constructor() {
    super();
    new Watch(this, ['alerts', 'jobs', 'view', 'goal'], { clock: true });
    new KeepFocus(this, () => chosenTab(this.renderRoot));
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
    this.#aim();
    const { alerts: tab } = this.app.session.view;
    if (isPart(tab) && !(tab in this.parts)) this.#load(tab);
  }

  /** An alert that is to be shown is in one of three tabs. */
  #aim(): void {
    const { session, store } = this.app;
    const { aim } = store;
    if (aim?.open !== 'alert' || !store.loaded) return;
    const alert = store.alerts.get(aim.alert_id);
    const tab = alert?.active !== true ? 'history' : alert.acknowledged ? 'acknowledged' : 'active';
    if (session.view.alerts !== tab) session.remember({ alerts: tab });
    // The history has no way to one alert; it shows the newest.
    if (tab === 'history') store.aim = null;
  }

  #load(tab: PartTab): void {
    this.parts = { ...this.parts, [tab]: '' };
    PARTS[tab].load().then(
      () => (this.parts = { ...this.parts, [tab]: true }),
      (error: unknown) => (this.parts = { ...this.parts, [tab]: messageOf(error) }),
    );
  }

  protected override actions(): Content {
    const { session } = this.app;
    const tab = session.view.alerts;
    if (isPart(tab)) return nothing;
    const isActive = tab === 'active';
    const command = isActive ? 'alert.acknowledge_all' : 'alert.clear_acknowledged';
    return html`<vscode-button
      appearance="secondary"
      ?disabled=${this.#open[tab].length === 0}
      @click=${() => void session.command({ command })}
      >${isActive ? t('Acknowledge All') : t('Clear Acknowledged')}</vscode-button
    >`;
  }

  protected content(): TemplateResult {
    const { session } = this.app;
    const chosen = session.view.alerts;
    return html`${tabList({
        name: t('Alerts, and who is told of them'),
        tabs: ALERT_TABS.map((id) => ({ id, title: TITLES[id](), more: this.#number(id) })),
        current: chosen,
        pick: (alerts) => session.set({ alerts }),
      })}
      <div class="panel" id=${PANEL} role="tabpanel" aria-labelledby="tab-${chosen}">
        ${isPart(chosen) ? nothing : this.#list(chosen)} ${this.#parts(chosen)}
      </div>`;
  }

  /** How many were ever raised is said in the history itself. */
  #number(tab: AlertTab): string {
    return isPart(tab) ? '' : numeral(this.#open[tab].length);
  }

  /** What was opened once stays: a form that somebody has begun is there again when they come back. */
  #parts(chosen: AlertTab): TemplateResult[] {
    return Object.entries(this.parts).map(([tab, state]) => {
      const part = tab as PartTab;
      return html`<div ?hidden=${part !== chosen}>${this.#part(part, state)}</div>`;
    });
  }

  #part(tab: PartTab, state: true | string): Content {
    if (state === true)
      return PARTS[tab].element(this.app, this.seen && tab === this.app.session.view.alerts);
    return state === ''
      ? html`<div class="skeleton"></div>`
      : failure(state, () => this.#load(tab));
  }

  #list(tab: OpenTab): TemplateResult {
    const alerts = this.#open[tab];
    if (alerts.length === 0) return html`<p class="empty">${EMPTY[tab]()}</p>`;
    const pick = (event: CustomEvent<ReadonlySet<string>>): void => {
      this.picked = event.detail;
    };
    return html`${
        tab === 'active'
          ? html`<pipescope-alerts-bulk
              .app=${this.app}
              .picked=${this.picked}
              @pipescope-picked=${pick}
            ></pipescope-alerts-bulk>`
          : nothing
      }
      <pipescope-alert-list
        .app=${this.app}
        .name=${tab === 'active' ? t('Active alerts') : t('Acknowledged alerts')}
        .alerts=${alerts}
        .total=${alerts.length}
        .picked=${tab === 'active' ? this.picked : undefined}
        .now=${this.app.clock.now()}
        @pipescope-picked=${pick}
      ></pipescope-alert-list>`;
  }
}

function isPart(tab: AlertTab): tab is PartTab {
  return tab in PARTS;
}
