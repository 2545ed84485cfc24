import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { count, exactTime, relativeTime } from '../../../service/protocol/describe.ts';
import type { AlertRecord } from '../../../service/protocol/record.ts';
import { clockTime } from '../../format.ts';
import { ALERT_TABS, type AlertTab } from '../../view.ts';
import { Watch } from '../../watch.ts';
import { RegionElement, type Content } from '../shared/region.ts';
import { severityLabel } from '../shared/status.ts';
import { alertsStyles } from './alerts.styles.ts';
import { alertsOf, measured } from './list.ts';

/** More at once help nobody; the rest is in the export. */
const MOST = 100;
const TITLES: Record<AlertTab, string> = {
  active: 'Active',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
};
const EMPTY: Record<AlertTab, string> = {
  active: 'No active alerts. A failed or slow phase, high CPU or memory will show here.',
  acknowledged:
    'Nothing is acknowledged. Acknowledge an active alert to say that somebody looks at it.',
  resolved: 'No alert has been resolved so far.',
};

/** Alerts of all jobs: what needs somebody, what somebody looks at, and what is over. */
@customElement('pipescope-alerts')
export class PipescopeAlerts extends RegionElement {
  static override styles = [...RegionElement.styles, alertsStyles];
  readonly region = 'Alerts';

  constructor() {
    super();
    new Watch(this, ['alerts', 'jobs', 'view'], { clock: true });
  }

  protected override get waiting(): boolean {
    return !this.app.store.loaded;
  }

  protected override actions(): Content {
    const { session } = this.app;
    const active = this.#of('active').length > 0;
    const acknowledged = this.#of('acknowledged').length > 0;
    return html`
      <vscode-button
        appearance="secondary"
        ?disabled=${!active}
        @click=${() => void session.command({ command: 'alert.acknowledge_all' })}
        >Acknowledge All</vscode-button
      >
      <vscode-button
        appearance="secondary"
        ?disabled=${!acknowledged}
        @click=${() => void session.command({ command: 'alert.clear_acknowledged' })}
        >Clear Acknowledged</vscode-button
      >
    `;
  }

  protected content(): TemplateResult {
    const { view, session } = { view: this.app.session.view, session: this.app.session };
    const follow = (event: Event): void => {
      const id = (event.currentTarget as Element & { activeid: string }).activeid.replace(
        'tab-',
        '',
      );
      const tab = ALERT_TABS.find((candidate) => candidate === id);
      if (tab !== undefined && tab !== session.view.alerts) session.set({ alerts: tab });
    };
    return html`<vscode-panels
      aria-label="Alerts by state"
      .activeid=${`tab-${view.alerts}`}
      @change=${follow}
    >
      ${ALERT_TABS.map((tab) => html`<vscode-panel-tab id="tab-${tab}" aria-label="${TITLES[tab]} ${this.#of(tab).length.toLocaleString()}">${TITLES[tab]}&nbsp;<span class="caption">${this.#of(tab).length.toLocaleString()}</span></vscode-panel-tab>`)}
      ${ALERT_TABS.map((tab) => html`<vscode-panel-view id="view-${tab}">${tab === view.alerts ? this.#list(tab) : nothing}</vscode-panel-view>`)}
    </vscode-panels>`;
  }

  #of(tab: AlertTab): AlertRecord[] {
    return alertsOf(this.app.store.alerts.values(), tab);
  }

  #list(tab: AlertTab): TemplateResult {
    const all = this.#of(tab);
    if (all.length === 0) return html`<p class="empty">${EMPTY[tab]}</p>`;
    const rest = all.length - MOST;
    return html`<div class="scroll" tabindex="0" role="group" aria-label="${TITLES[tab]} alerts">
      <ul>
        ${repeat(
          all.slice(0, MOST),
          (alert) => alert.alert_id,
          (alert) => this.#alert(alert, tab),
        )}
      </ul>
      ${rest > 0 ? html`<p class="caption">${count(rest, t('And {0} more alert.'), t('And {0} more alerts.'))}</p>` : nothing}
    </div>`;
  }

  #alert(alert: AlertRecord, tab: AlertTab): TemplateResult {
    const acknowledge = (): void =>
      void this.app.session.command({ command: 'alert.acknowledge', alert_id: alert.alert_id });
    return html`<li class="alert ${alert.severity}">
      <div class="facts">
        <div class="head">${severityLabel(alert.severity)} <strong>${alert.title}</strong></div>
        ${alert.description === '' ? nothing : html`<div class="description">${alert.description}</div>`}
        <div class="caption">${this.#line(alert)}</div>
      </div>
      ${tab === 'active' ? html`<vscode-button appearance="secondary" aria-label="Acknowledge ${alert.title}" @click=${acknowledge}>Acknowledge</vscode-button>` : nothing}
    </li>`;
  }

  #line(alert: AlertRecord): TemplateResult {
    const now = this.app.clock.now();
    const value = measured(alert);
    return html`${value === '' ? nothing : html`<span class="number">${value}</span> · `}<span
        title=${exactTime(alert.raised_at)}
        >${relativeTime(alert.raised_at, now)}</span
      >${this.#jobLink(alert)}${since(alert, now)}`;
  }

  #jobLink({ job_id: jobId, phase_id: phaseId }: AlertRecord): Content {
    if (jobId === null) return nothing;
    const name = this.app.store.jobs.get(jobId)?.name ?? jobId;
    const text = phaseId === null ? name : `${name}, ${phaseId}`;
    return html` ·
      <button
        class="plain link"
        title="Show this job"
        @click=${() => this.app.session.showJob(jobId, phaseId)}
      >
        ${text}
      </button>`;
  }
}

function since(alert: AlertRecord, now: number): Content {
  if (!alert.active && alert.resolved_at !== null)
    return html` ·
      <span title=${exactTime(alert.resolved_at)}
        >resolved ${relativeTime(alert.resolved_at, now)}</span
      >`;
  if (!alert.acknowledged || alert.acknowledged_at === null) return nothing;
  const by = alert.acknowledged_by === null ? '' : ` by ${alert.acknowledged_by}`;
  const note = alert.note === null || alert.note === '' ? '' : `: ${alert.note}`;
  return html` ·
    <span title=${exactTime(alert.acknowledged_at)}
      >acknowledged since ${clockTime(alert.acknowledged_at, now)}${by}${note}</span
    >`;
}
