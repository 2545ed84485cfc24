import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { duration, exactTime, progress, statusWord } from '../../../service/protocol/describe.ts';
import type { JobRecord } from '../../../service/protocol/record.ts';
import type { App } from '../../app.ts';
import { setCss } from '../../cssDirective.ts';
import { jobMs, timeLeft } from '../../format.ts';
import { icon } from '../../icons.ts';
import { Watch } from '../../watch.ts';
import '../jobPicker/jobPicker.ts';
import type { Content } from '../shared/region.ts';
import { statusIcon, statusStyles } from '../shared/status.ts';
import { shared } from '../shared/styles.ts';
import { headerStyles } from './header.styles.ts';

const LINE = {
  connected: 'Live',
  connecting: 'Connecting',
  disconnected: 'Not connected',
} as const;

/** Which job, how far it is, whether what is shown is live, and the export. Stays in view. */
@customElement('pipescope-header')
export class PipescopeHeader extends LitElement {
  static override styles = [shared, statusStyles, headerStyles];
  @property({ attribute: false }) app!: App;

  constructor() {
    super();
    new Watch(this, ['jobs', 'selection', 'view', 'connection'], { clock: true });
  }

  protected override render(): TemplateResult {
    const { job } = this.app.store;
    return html`<header>
      <h1 class="spoken">Pipescope: ${job?.name ?? 'dashboard'}</h1>
      <pipescope-job-picker .app=${this.app}></pipescope-job-picker>
      ${job === undefined ? nothing : this.#state(job)}
      <div class="end">
        ${this.#live()}${job === undefined ? nothing : this.#exports(job)}${this.#keys()}
      </div>
      ${job === undefined ? nothing : this.#bar(job)}
    </header>`;
  }

  #state(job: JobRecord): TemplateResult {
    const now = this.app.clock.now();
    const done =
      job.status === 'RUNNING' && job.progress !== null ? ` ${progress(job.progress)}` : '';
    const left = job.status === 'RUNNING' ? timeLeft(job.eta_at, now) : '';
    const start = job.started_at === null ? '' : `Started ${exactTime(job.started_at)}`;
    return html`<span class="labelled state"
        >${statusIcon(job.status)} ${statusWord(job.status)}${done}</span
      >
      <span class="number" title=${start}>${duration(jobMs(job, now))}</span>
      ${left === '' ? nothing : html`<span class="muted">${left}</span>`}
      ${this.app.session.view.job === null ? html`<span class="caption latest">latest run</span>` : nothing}`;
  }

  /** Without a name of its own: the same is said by the word and number beside it. */
  #bar(job: JobRecord): Content {
    const fraction = job.status === 'COMPLETED' ? 1 : (job.progress ?? 0);
    return html`<div class="track" aria-hidden="true">
      <div
        class="bar ${job.status}"
        ${setCss({ width: `${Math.min(1, Math.max(0, fraction)) * 100}%` })}
      ></div>
    </div>`;
  }

  #live(): TemplateResult {
    const { connection, stale } = this.app.store;
    const state = stale ? 'disconnected' : connection.state;
    const sign =
      state === 'disconnected'
        ? icon('disconnect')
        : html`<span class="lamp ${state}" aria-hidden="true"></span>`;
    return html`<span class="labelled live" role="status">${sign} ${LINE[state]}</span>`;
  }

  #exports(job: JobRecord): TemplateResult {
    const save = (format: 'json' | 'csv') => (): void =>
      this.app.session.request({ type: 'host', action: 'export_job', job_id: job.job_id, format });
    return html`<span class="exports" role="group" aria-label="Export this job">
      <vscode-button
        appearance="secondary"
        aria-label="Export as JSON"
        title="Export as JSON"
        @click=${save('json')}
        >JSON<span slot="start">${icon('export')}</span></vscode-button
      >
      <vscode-button
        appearance="secondary"
        aria-label="Export as CSV"
        title="Export as CSV"
        @click=${save('csv')}
        >CSV<span slot="start">${icon('export')}</span></vscode-button
      >
    </span>`;
  }

  #keys(): TemplateResult {
    const show = (): void =>
      void this.dispatchEvent(new CustomEvent('pipescope-keys', { bubbles: true, composed: true }));
    return html`<vscode-button
      appearance="icon"
      aria-label="Keyboard keys"
      title="Keyboard keys (?)"
      @click=${show}
      >${icon('question')}</vscode-button
    >`;
  }
}
