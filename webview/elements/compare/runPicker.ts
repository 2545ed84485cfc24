import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { count, jobDescription } from '../../../service/protocol/describe.ts';
import type { JobRecord } from '../../../service/protocol/record.ts';
import type { App } from '../../app.ts';
import { Load } from '../../load.ts';
import { failure } from '../shared/loaded.ts';
import { statusIcon, statusStyles } from '../shared/status.ts';
import { shared } from '../shared/styles.ts';
import { runPickerStyles } from './runPicker.styles.ts';

const MOST = 20;
/** Typing is over after this long. */
const PAUSE_MS = 200;

interface Found {
  jobs: JobRecord[];
  total: number;
}

/** Finds one run among all that the service holds, and tells `pipescope-run` with its id. */
@customElement('pipescope-run-picker')
export class PipescopeRunPicker extends LitElement {
  static override styles = [shared, statusStyles, runPickerStyles];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) seen = true;
  @property({ attribute: false }) label = '';
  /** Runs that are there already. */
  @property({ attribute: false }) taken: readonly string[] = [];
  @state() private open = false;
  @state() private text = '';
  @state() private active = 0;
  readonly #found: Load<Found>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.#found = new Load(this, { path: () => (this.open ? this.#path() : null) });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  #path(): string {
    const text = this.text.trim();
    const query = new URLSearchParams({ order: 'newest', limit: String(MOST) });
    if (text !== '') query.set('text', text.slice(0, 256));
    return `/api/v1/jobs?${query.toString()}`;
  }

  get #jobs(): JobRecord[] {
    return (this.#found.value?.jobs ?? []).filter(({ job_id }) => !this.taken.includes(job_id));
  }

  protected override render(): TemplateResult {
    const shown = this.open && this.#jobs.length > 0;
    return html`<div class="picker" @focusout=${this.#leave} @keydown=${this.#keydown}>
      <input
        type="text"
        role="combobox"
        placeholder=${this.label}
        aria-label=${this.label}
        aria-expanded=${shown ? 'true' : 'false'}
        aria-autocomplete="list"
        aria-controls="runs"
        aria-activedescendant=${shown ? `run-${this.active}` : nothing}
        autocomplete="off"
        spellcheck="false"
        @focus=${() => (this.open = true)}
        @input=${this.#search}
      />
      ${this.open ? this.#popup() : nothing}
    </div>`;
  }

  #popup(): TemplateResult {
    const { state: found } = this.#found;
    const jobs = this.#jobs;
    const rest = (this.#found.value?.total ?? 0) - MOST;
    return html`<div class="popup">
      ${found.kind === 'failed' ? failure(found.message, () => this.#found.retry()) : nothing}
      <div id="runs" role="listbox" aria-label=${t('Runs')}>
        ${jobs.map((job, index) => this.#option(job, index))}
      </div>
      ${found.kind === 'ready' && jobs.length === 0 ? html`<p class="caption">${t('No run matches.')}</p>` : nothing}
      ${rest > 0 ? html`<p class="caption">${count(rest, t('And {0} more run: type to find it.'), t('And {0} more runs: type to find them.'))}</p>` : nothing}
    </div>`;
  }

  #option(job: JobRecord, index: number): TemplateResult {
    return html`<div
      id="run-${index}"
      class="option ${index === this.active ? 'active' : ''}"
      role="option"
      aria-selected=${index === this.active ? 'true' : 'false'}
      @pointerdown=${(event: Event) => event.preventDefault()}
      @click=${() => this.#pick(job)}
    >
      ${statusIcon(job.status)}<span class="text"
        ><span class="cut"><bdi>${job.name.slice(0, 200)}</bdi></span
        ><span class="caption cut number"
          >${jobDescription(job, this.app.clock.now())} · ${job.job_id.slice(0, 200)}</span
        ></span
      >
    </div>`;
  }

  #pick(job: JobRecord | undefined): void {
    if (job === undefined) return;
    this.open = false;
    this.text = '';
    const input = this.renderRoot.querySelector('input');
    if (input !== null) input.value = '';
    this.dispatchEvent(new CustomEvent('pipescope-run', { detail: job.job_id }));
  }

  readonly #search = (event: Event): void => {
    const { value } = event.currentTarget as HTMLInputElement;
    this.open = true;
    this.active = 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.text = value), PAUSE_MS);
  };

  readonly #leave = (event: FocusEvent): void => {
    const to = event.relatedTarget;
    if (!(to instanceof Node && this.renderRoot.contains(to))) this.open = false;
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    const to = { ArrowDown: this.active + 1, ArrowUp: this.active - 1 }[event.key];
    if (to !== undefined) {
      this.open = true;
      this.active = Math.max(0, Math.min(this.#jobs.length - 1, to));
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector('.option.active')?.scrollIntoView({ block: 'nearest' }),
      );
    } else if (event.key === 'Enter') this.#pick(this.#jobs[this.active]);
    else if (event.key === 'Escape') this.open = false;
    else return;
    event.preventDefault();
  };
}
