import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { duration, exactTime, progress, statusWord } from '../../../service/protocol/describe.ts';
import type { ExportFormat } from '../../../service/protocol/frame.ts';
import type { JobRecord } from '../../../service/protocol/record.ts';
import type { App } from '../../app.ts';
import { setCss } from '../../cssDirective.ts';
import { etaDetail, etaWords } from '../../eta.ts';
import { jobMs } from '../../format.ts';
import { icon } from '../../icons.ts';
import type { Connection, Place } from '../../store.ts';
import { Watch } from '../../watch.ts';
import '../jobPicker/jobPicker.ts';
import type { Content } from '../shared/region.ts';
import { statusIcon, statusStyles } from '../shared/status.ts';
import { shared } from '../shared/styles.ts';
import '../timePicker/timePicker.ts';
import { headerStyles } from './header.styles.ts';
import './menu.ts';
import type { MenuItem, PipescopeMenu } from './menu.ts';

/** A region or widget that the page shows. */
export interface Stop {
  place: Place;
  title: string;
}

/** Which job, how far it is, whether what is shown is live, the range of time, and what can be done. Stays in view. */
@customElement('pipescope-header')
export class PipescopeHeader extends LitElement {
  static override styles = [shared, statusStyles, headerStyles];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) places: readonly Stop[] = [];
  @property({ attribute: false }) editing = false;
  @query('#places') private readonly placesMenu!: PipescopeMenu | null;
  @query('#layout') private readonly layoutButton!: HTMLElement | null;

  constructor() {
    super();
    new Watch(this, ['jobs', 'selection', 'view', 'connection'], { clock: true });
  }

  /** Opens the list of regions. */
  openPlaces(): void {
    this.placesMenu?.show();
  }

  focusLayout(): void {
    this.layoutButton?.focus();
  }

  protected override render(): TemplateResult {
    const { job } = this.app.store;
    return html`<header>
      <h1 class="spoken">${t('Pipescope: {0}', job?.name ?? t('dashboard'))}</h1>
      <pipescope-job-picker .app=${this.app}></pipescope-job-picker>
      ${job === undefined ? nothing : this.#state(job)}
      <span class="gap"></span>
      <div class="end">
        ${this.#live()}
        <pipescope-time-picker .app=${this.app}></pipescope-time-picker>
        ${this.#tools(job)}
      </div>
      ${job === undefined ? nothing : this.#bar(job)}
    </header>`;
  }

  #state(job: JobRecord): TemplateResult {
    const now = this.app.clock.now();
    const done =
      job.status === 'RUNNING' && job.progress !== null ? ` ${progress(job.progress)}` : '';
    const left = etaWords(job, now);
    const start = job.started_at === null ? '' : t('Started {0}', exactTime(job.started_at));
    return html`<span class="labelled state"
        >${statusIcon(job.status)} ${statusWord(job.status)}${done}</span
      >
      <span class="number" title=${start}>${duration(jobMs(job, now))}</span>
      ${left === '' ? nothing : html`<span class="muted eta" title=${etaDetail(job, now)}>${left}</span>`}
      ${this.app.session.view.job === null ? html`<span class="caption latest">${t('latest run')}</span>` : nothing}`;
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
    return html`<span class="labelled live" role="status">${sign} ${lineWords(state)}</span>`;
  }

  #tools(job: JobRecord | undefined): TemplateResult {
    const exports = [...(job === undefined ? [] : this.#exports(job)), ...this.#report()];
    return html`<span class="tools">
      ${
        this.editing || this.places.length === 0
          ? nothing
          : html`<pipescope-menu
              id="places"
              .label=${t('Go to a region')}
              .hint=${t('Go to a region (g)')}
              .items=${this.#places()}
            ></pipescope-menu>`
      }
      ${
        exports.length === 0
          ? nothing
          : html`<pipescope-menu
              .label=${t('Export')}
              .sign=${'export'}
              .items=${exports}
            ></pipescope-menu>`
      }
      ${this.#layout()} ${this.#browser(job)} ${this.#keys()}
    </span>`;
  }

  #places(): MenuItem[] {
    return this.places.map(({ place, title }) => ({
      text: title,
      run: () => this.app.store.go(place),
    }));
  }

  #exports(job: JobRecord): MenuItem[] {
    const save = (format: ExportFormat) => (): void =>
      this.app.session.request({ type: 'host', action: 'export_job', job_id: job.job_id, format });
    return [
      { text: t('Export as JSON'), icon: 'file', hint: t('everything known'), run: save('json') },
      { text: t('Export as CSV'), icon: 'table', hint: t('for a spreadsheet'), run: save('csv') },
      {
        ...{ text: t('Export as HTML report'), icon: 'file' as const },
        ...{ hint: t('this job, to read and print'), run: save('html') },
      },
    ];
  }

  #report(): MenuItem[] {
    if (this.editing || this.places.length === 0) return [];
    const run = (): void => this.#tell('pipescope-report');
    const text = t('Save page as HTML report');
    return [{ text, icon: 'save', hint: t('all that is shown now'), run }];
  }

  #layout(): TemplateResult {
    const label = this.editing ? t('Leave the layout') : t('Change the layout');
    return html`<vscode-button
      id="layout"
      appearance="icon"
      aria-label=${label}
      aria-pressed=${this.editing ? 'true' : 'false'}
      title=${label}
      @click=${() => this.#tell('pipescope-layout')}
      >${icon('layout')}</vscode-button
    >`;
  }

  #browser(job: JobRecord | undefined): Content {
    if (this.app.session.home !== 'vscode') return nothing;
    const open = (): void =>
      this.app.session.request({
        ...{ type: 'host', action: 'open_in_browser' },
        ...(job !== undefined && this.app.session.view.job !== null && { job_id: job.job_id }),
      });
    return html`<vscode-button
      appearance="icon"
      aria-label=${t('Open in browser')}
      title=${t('Open in browser')}
      @click=${open}
      >${icon('linkExternal')}</vscode-button
    >`;
  }

  #keys(): TemplateResult {
    return html`<vscode-button
      appearance="icon"
      aria-label=${t('Keyboard keys')}
      title=${t('Keyboard keys (?)')}
      @click=${() => this.#tell('pipescope-keys')}
      >${icon('question')}</vscode-button
    >`;
  }

  #tell(event: 'pipescope-layout' | 'pipescope-keys' | 'pipescope-report'): void {
    this.dispatchEvent(new CustomEvent(event, { bubbles: true, composed: true }));
  }
}

function lineWords(state: Connection['state']): string {
  switch (state) {
    case 'connected':
      return t('Live');
    case 'connecting':
      return t('Connecting');
    case 'disconnected':
      return t('Not connected');
  }
}
