import { t } from '@vscode/l10n';
import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { messageOf, ProductError } from '../../../service/protocol/errors.ts';
import { AGGREGATIONS } from '../../../service/protocol/aggregation.ts';
import type { App } from '../../app.ts';
import {
  type CustomWidget,
  formOf,
  isWidget,
  questionOf,
  WIDGET_CHARTS,
  type WidgetForm,
  widgetOf,
  type WidgetProblems,
} from '../../customWidget.ts';
import { shared } from '../shared/styles.ts';
import { dialogStyles } from '../shared/dialog.ts';
import { formStyles } from './form.styles.ts';
import { chartWord } from './words.ts';

interface Metric {
  metric: string;
  unit: string | null;
}
type Field = keyof WidgetForm;

/** As many metrics are offered while one types. */
const OFFERED = 50;

/** Makes or changes a widget; tells it with `pipescope-widget` when every field is right and the service takes the question. */
@customElement('pipescope-widget-form')
export class PipescopeWidgetForm extends LitElement {
  static override styles = [shared, dialogStyles, formStyles];
  @property({ attribute: false }) app!: App;
  @state() private form: WidgetForm = formOf(null);
  @state() private problems: WidgetProblems = {};
  /** What the service says against the question as a whole. */
  @state() private refusal = '';
  @state() private metrics: readonly Metric[] = [];
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  #id = '';
  #asking: AbortController | undefined;

  /** Null makes a new one. */
  open(widget: CustomWidget | null): void {
    this.#id = widget?.id ?? '';
    this.form = formOf(widget);
    this.problems = {};
    this.refusal = '';
    this.dialog.showModal();
    this.#offer();
  }

  get isOpen(): boolean {
    return this.dialog.open;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking?.abort();
  }

  protected override render(): TemplateResult {
    const title = this.#id === '' ? t('Add a widget') : t('Edit a widget');
    return html`<dialog aria-label=${title} @keydown=${this.#keydown} @close=${this.#closed}>
      <h3>${title}</h3>
      <form novalidate @submit=${this.#submit}>
        ${this.#input('title', t('Title'))} ${this.#metric()}
        ${this.#area('labels', t('Only series with these labels, one name=value a line'))}
        ${this.#input('group_by', t('One line for each value of these labels, with commas'))}
        ${this.#choice('aggregation', t('Values of a step'), [
          ['', t('as suits the metric')],
          ...AGGREGATIONS.map((one) => [one, one] as const),
        ])}
        ${this.#choice(
          'chart',
          t('Chart'),
          WIDGET_CHARTS.map((one) => [one, chartWord(one)] as const),
        )}
        <p class="problem" role="alert">${this.refusal}</p>
        <div class="end">
          <vscode-button appearance="secondary" @click=${() => this.dialog.close()}
            >${t('Cancel')}</vscode-button
          >
          <vscode-button @click=${this.#submit}
            >${this.#id === '' ? t('Add') : t('Apply')}</vscode-button
          >
        </div>
      </form>
    </dialog>`;
  }

  #input(name: Field, label: string): TemplateResult {
    return html`<label for=${name}>${label}</label>
      <input
        id=${name}
        autocomplete="off"
        .value=${this.form[name]}
        aria-invalid=${this.#wrong(name)}
        aria-describedby="${name}-problem"
        @input=${this.#change(name)}
      />${this.#problem(name)}`;
  }

  #metric(): TemplateResult {
    return html`<label for="metric">${t('Metric')}</label>
      <input
        id="metric"
        list="metrics"
        autocomplete="off"
        spellcheck="false"
        .value=${this.form.metric}
        aria-invalid=${this.#wrong('metric')}
        aria-describedby="metric-problem"
        @input=${this.#metricTyped}
      />
      <datalist id="metrics">
        ${this.metrics.map(({ metric, unit }) => html`<option value=${metric}>${unit ?? ''}</option>`)}
      </datalist>
      ${this.#problem('metric')}`;
  }

  #area(name: Field, label: string): TemplateResult {
    return html`<label for=${name}>${label}</label>
      <textarea
        id=${name}
        rows="2"
        spellcheck="false"
        .value=${this.form[name]}
        aria-invalid=${this.#wrong(name)}
        aria-describedby="${name}-problem"
        @input=${this.#change(name)}
      ></textarea
      >${this.#problem(name)}`;
  }

  #choice(
    name: Field,
    label: string,
    options: readonly (readonly [string, string])[],
  ): TemplateResult {
    return html`<label for=${name}>${label}</label>
      <select id=${name} @change=${this.#change(name)}>
        ${options.map(
          ([value, text]) =>
            html`<option value=${value} ?selected=${this.form[name] === value}>${text}</option>`,
        )}
      </select>`;
  }

  #problem(name: Field): TemplateResult {
    return html`<p id="${name}-problem" class="problem" role="alert">
      ${this.problems[name] ?? ''}
    </p>`;
  }

  #wrong(name: Field): 'true' | 'false' {
    return this.problems[name] === undefined ? 'false' : 'true';
  }

  #change(name: Field) {
    return (event: Event): void => {
      const { value } = event.currentTarget as HTMLInputElement;
      this.form = { ...this.form, [name]: value };
      // What was wrong is looked at anew, but nobody is told off while they type.
      if (this.problems[name] === undefined) return;
      const left = widgetOf(this.form, 'new');
      const problem = isWidget(left) ? undefined : left[name];
      this.problems =
        problem === undefined
          ? without(this.problems, name)
          : { ...this.problems, [name]: problem };
    };
  }

  readonly #metricTyped = (event: Event): void => {
    this.#change('metric')(event);
    this.#offer();
  };

  /** Metrics whose name holds what was typed. */
  #offer(): void {
    this.#asking?.abort();
    const abort = new AbortController();
    this.#asking = abort;
    const query = new URLSearchParams({ text: this.form.metric.trim(), limit: String(OFFERED) });
    const path = `/api/v1/series/metrics?${query}`;
    this.app.session.get<{ metrics?: Metric[] }>(path, abort.signal).then(
      ({ metrics = [] }) => (this.metrics = metrics),
      () => undefined, // Without a list the name can still be typed.
    );
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const widget = widgetOf(this.form, this.#id);
    this.refusal = '';
    this.problems = isWidget(widget) ? {} : widget;
    if (isWidget(widget)) void this.#check(widget);
    else void this.updateComplete.then(() => this.#focusFirst());
  };

  /** The service is asked once: what it refuses now it would refuse for good. A metric may come later. */
  async #check(widget: CustomWidget): Promise<void> {
    try {
      await this.app.session.get(`/api/v1/series?${questionOf(widget)}&range=5m`);
    } catch (error) {
      const code = error instanceof ProductError ? error.code : 'INTERNAL';
      if (code !== 'METRIC_UNKNOWN' && code !== 'SERVICE_UNREACHABLE') {
        this.refusal = messageOf(error);
        return;
      }
    }
    this.dialog.close();
    this.dispatchEvent(
      new CustomEvent('pipescope-widget', { detail: widget, bubbles: true, composed: true }),
    );
  }

  #focusFirst(): void {
    this.renderRoot.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }

  readonly #closed = (): void => this.#asking?.abort();

  /** A webview refuses the submission of forms, and with it the Enter key in a field. */
  readonly #keydown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) this.#submit(event);
  };
}

function without(problems: WidgetProblems, name: Field): WidgetProblems {
  return Object.fromEntries(Object.entries(problems).filter(([field]) => field !== name));
}
