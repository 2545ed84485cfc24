import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App } from '../../app.ts';
import { clockTime } from '../../format.ts';
import { icon } from '../../icons.ts';
import { endOfRun, originOf } from '../../runSpan.ts';
import { isSameRange, LAST } from '../../timeRange.ts';
import type { Span } from '../../timeScale.ts';
import type { Range } from '../../view.ts';
import { Watch } from '../../watch.ts';
import type { Content } from '../shared/region.ts';
import { shared } from '../shared/styles.ts';
import { timePickerStyles } from './timePicker.styles.ts';
import { exactSpan, fieldOf, partOfRun, rangeWords, spanOf, type SpanProblem } from './words.ts';

const RANGES: readonly Range[] = [
  { kind: 'run' },
  ...LAST.map((ms) => ({ kind: 'last', ms }) as const),
];

/** The range of all charts: chosen, paused, live again, and back after a zoom. */
@customElement('pipescope-time-picker')
export class PipescopeTimePicker extends LitElement {
  static override styles = [shared, timePickerStyles];
  @property({ attribute: false }) app!: App;
  @state() private open = false;
  @state() private active = 0;
  @state() private problem: SpanProblem | null = null;
  @query('.current') private readonly button!: HTMLElement;
  @query('[role=listbox]') private readonly list!: HTMLElement | null;
  @query('#from') private readonly from!: HTMLInputElement;
  @query('#to') private readonly to!: HTMLInputElement;

  constructor() {
    super();
    new Watch(this, ['view', 'selection', 'jobs', 'phases'], { clock: true });
  }

  protected override render(): TemplateResult {
    const { time, clock } = this.app;
    const words = rangeWords(time.range, clock.now());
    const span = time.span();
    const part = partOfRun(span, this.#run());
    return html`<div
      class="bar"
      role="group"
      aria-label=${t('Time range')}
      @keydown=${this.#keydown}
      @focusout=${this.#leave}
    >
      ${this.#back()}
      <button
        class="current plain"
        aria-haspopup="dialog"
        aria-expanded=${this.open ? 'true' : 'false'}
        aria-label=${t('Time range: {0}. Choose another', words)}
        title=${[exactSpan(span), part].filter((one) => one !== '').join('\n')}
        @click=${this.#toggle}
      >
        <span class="cut">${words}</span>${icon('chevronDown')}
      </button>
      ${this.#pause()} ${this.open ? this.#popup(span, part) : nothing}
    </div>`;
  }

  #back(): Content {
    if (!this.app.time.canGoBack) return nothing;
    return html`<vscode-button
      appearance="icon"
      aria-label=${t('Back to the range before')}
      title=${t('Back to the range before')}
      @click=${() => this.app.time.back()}
      >${icon('arrowLeft')}</vscode-button
    >`;
  }

  /** What stands still by itself cannot be paused. */
  #pause(): Content {
    const { time, clock } = this.app;
    if (!time.paused && !time.live) return nothing;
    const label = time.paused
      ? t('Paused at {0}. Go on live', clockTime(time.span().to, clock.now()))
      : t('Pause the charts');
    return html`<vscode-button
      appearance="icon"
      aria-label=${label}
      title=${label}
      @click=${() => (time.paused ? time.resume() : time.pause())}
      >${icon(time.paused ? 'play' : 'pause')}</vscode-button
    >`;
  }

  #popup(span: Span, part: string): TemplateResult {
    return html`<div class="popup" role="dialog" aria-label=${t('Choose a time range')}>
      <div
        role="listbox"
        tabindex="0"
        aria-label=${t('Time range')}
        aria-activedescendant="range-${this.active}"
      >
        ${RANGES.map((range, index) => this.#option(range, index))}
      </div>
      ${part === '' ? nothing : html`<p class="caption">${part}</p>`} ${this.#custom(span)}
    </div>`;
  }

  #option(range: Range, index: number): TemplateResult {
    const chosen = isSameRange(range, this.app.time.range);
    return html`<div
      id="range-${index}"
      role="option"
      class=${index === this.active ? 'active' : ''}
      aria-selected=${chosen ? 'true' : 'false'}
      @click=${() => this.#choose(range)}
    >
      ${rangeWords(range, 0)}${chosen ? icon('check') : nothing}
    </div>`;
  }

  #custom(span: Span): TemplateResult {
    return html`<form novalidate @submit=${this.#submit}>
      ${this.#field('from', t('From'), span.from)} ${this.#field('to', t('To'), span.to)}
      <vscode-button appearance="secondary" @click=${this.#submit}>${t('Show')}</vscode-button>
    </form>`;
  }

  #field(name: 'from' | 'to', label: string, time: number): TemplateResult {
    const wrong = this.problem?.field === name ? this.problem.message : '';
    return html`<label for=${name}>${label}</label>
      <input
        id=${name}
        type="datetime-local"
        step="1"
        .value=${fieldOf(time)}
        aria-invalid=${wrong === '' ? 'false' : 'true'}
        aria-describedby="${name}-problem"
      />
      <p id="${name}-problem" class="problem" role="alert">${wrong}</p>`;
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const span = spanOf(this.from.value, this.to.value, this.app.clock.now());
    if ('field' in span) {
      this.problem = span;
      this[span.field].focus();
    } else this.#choose({ kind: 'between', ...span });
  };

  #choose(range: Range): void {
    this.#close();
    this.app.time.set(range);
  }

  readonly #toggle = (): void => {
    if (this.open) {
      this.#close();
      return;
    }
    this.problem = null;
    this.active = Math.max(
      0,
      RANGES.findIndex((range) => isSameRange(range, this.app.time.range)),
    );
    this.open = true;
    void this.updateComplete.then(() => this.list?.focus());
  };

  #close(): void {
    this.open = false;
    this.button.focus();
  }

  readonly #leave = (event: FocusEvent): void => {
    const to = event.relatedTarget;
    if (!(to instanceof Node && this.renderRoot.contains(to))) this.open = false;
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    if (!this.open) return;
    if (event.key === 'Escape') this.#close();
    else if (event.target === this.list && !this.#listKey(event.key)) return;
    else if (event.target !== this.list && !this.#formKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  #listKey(key: string): boolean {
    const last = RANGES.length - 1;
    const to = { ArrowDown: this.active + 1, ArrowUp: this.active - 1, Home: 0, End: last }[key];
    if (to !== undefined) this.active = Math.max(0, Math.min(last, to));
    else if (key === 'Enter' || key === ' ') this.#choose(RANGES[this.active] ?? { kind: 'run' });
    else return false;
    return true;
  }

  /** A webview refuses the submission of forms, and with it the Enter key in a field. */
  #formKey(event: KeyboardEvent): boolean {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return false;
    this.#submit(event);
    return true;
  }

  #run(): Span | null {
    const { job, detail } = this.app.store;
    if (job === undefined) return null;
    const phases = detail?.orderedPhases() ?? [];
    const from = originOf(job, phases);
    const to = endOfRun(job, phases, this.app.clock.now());
    return from === null || to === null ? null : { from, to };
  }
}
