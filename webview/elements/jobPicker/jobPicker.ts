import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { count, jobDescription } from '../../../service/protocol/describe.ts';
import type { JobRecord } from '../../../service/protocol/record.ts';
import type { App } from '../../app.ts';
import { icon } from '../../icons.ts';
import { listJobs } from '../../jobs.ts';
import { Watch } from '../../watch.ts';
import { statusIcon, statusStyles } from '../shared/status.ts';
import { shared } from '../shared/styles.ts';
import { pickerStyles } from './jobPicker.styles.ts';

/** The list is searched, not scrolled through. */
const MOST = 50;

/** Which job is shown: always the latest run, or one that was picked. */
@customElement('pipescope-job-picker')
export class PipescopeJobPicker extends LitElement {
  static override styles = [shared, statusStyles, pickerStyles];
  @property({ attribute: false }) app!: App;
  @state() private open = false;
  @state() private text = '';
  /** 0 is "the latest run". */
  @state() private active = 0;
  @query('input') private readonly field!: HTMLInputElement | null;
  @query('.current') private readonly button!: HTMLElement | null;

  constructor() {
    super();
    new Watch(this, ['jobs', 'selection', 'view'], { clock: true });
  }

  protected override render(): TemplateResult {
    return html`<div class="picker" @focusout=${this.#leave} @keydown=${this.#keydown}>
      <button
        class="current plain"
        aria-haspopup="listbox"
        aria-expanded=${this.open ? 'true' : 'false'}
        aria-label=${t('Job: {0}. Choose another job', this.#name())}
        title=${this.app.store.detail?.jobId ?? ''}
        @click=${this.#toggle}
      >
        <span class="cut">${this.#name()}</span>${icon('chevronDown')}
      </button>
      ${this.open ? this.#popup() : nothing}
    </div>`;
  }

  #name(): string {
    const { job, detail } = this.app.store;
    return job?.name ?? detail?.jobId ?? t('No job');
  }

  #jobs(): JobRecord[] {
    return listJobs(this.app.store.jobs.values(), this.text);
  }

  #popup(): TemplateResult {
    const jobs = this.#jobs();
    const rest = jobs.length - MOST;
    const picked = this.app.session.view.job;
    return html`<div class="popup">
      <input
        type="text"
        role="combobox"
        placeholder=${t('Search by name, id or state')}
        aria-label=${t('Search jobs')}
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls="jobs"
        aria-activedescendant="job-${this.active}"
        autocomplete="off"
        spellcheck="false"
        .value=${this.text}
        @input=${this.#search}
      />
      <div id="jobs" role="listbox" aria-label=${t('Jobs')}>
        ${this.#option(0, picked === null, html`<span class="cut">${t('Always the latest run')}</span>`)}
        ${jobs.slice(0, MOST).map((job, index) => this.#option(index + 1, picked === job.job_id, this.#job(job)))}
      </div>
      ${rest > 0 ? html`<p class="caption">${count(rest, t('And {0} more job: type to find it.'), t('And {0} more jobs: type to find them.'))}</p>` : nothing}
    </div>`;
  }

  #option(index: number, selected: boolean, content: TemplateResult): TemplateResult {
    return html`<div
      id="job-${index}"
      class="option ${index === this.active ? 'active' : ''}"
      role="option"
      aria-selected=${selected ? 'true' : 'false'}
      @pointerdown=${(event: Event) => event.preventDefault()}
      @click=${() => this.#pick(index)}
    >
      ${content}${selected ? icon('check', 'end') : nothing}
    </div>`;
  }

  #job(job: JobRecord): TemplateResult {
    return html`${statusIcon(job.status)}<span class="text"
        ><span class="cut">${job.name}</span
        ><span class="caption cut number"
          >${jobDescription(job, this.app.clock.now())} · ${job.job_id}</span
        ></span
      >`;
  }

  #pick(index: number): void {
    const job = index === 0 ? undefined : this.#jobs()[index - 1];
    this.#close();
    if (index === 0) this.app.session.showJob(null);
    else if (job !== undefined) this.app.session.showJob(job.job_id);
  }

  readonly #toggle = (): void => {
    if (this.open) {
      this.#close();
      return;
    }
    this.open = true;
    void this.updateComplete.then(() => this.field?.focus());
  };

  #close(): void {
    this.open = false;
    this.text = '';
    this.active = 0;
    this.button?.focus();
  }

  readonly #search = (event: Event): void => {
    this.text = (event.currentTarget as HTMLInputElement).value;
    // What was typed means a job: the first that matches, not "the latest run".
    this.active = this.text === '' || this.#jobs().length === 0 ? 0 : 1;
  };

  readonly #leave = (event: FocusEvent): void => {
    const inside =
      event.relatedTarget instanceof Node && this.renderRoot.contains(event.relatedTarget);
    if (this.open && !inside) {
      this.open = false;
      this.text = '';
    }
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    if (!this.open) return;
    const last = Math.min(MOST, this.#jobs().length);
    const to = { ArrowDown: this.active + 1, ArrowUp: this.active - 1 }[event.key];
    if (to !== undefined) this.#move(Math.max(0, Math.min(last, to)));
    else if (event.key === 'Enter' && event.target === this.field) this.#pick(this.active);
    else if (event.key === 'Escape') this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #move(to: number): void {
    this.active = to;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector('.option.active')?.scrollIntoView({ block: 'nearest' }),
    );
  }
}
