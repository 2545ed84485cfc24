import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { MOST_COMPARED } from '../../../service/protocol/compareMeasures.ts';
import { count } from '../../../service/protocol/describe.ts';
import type { ComparisonPage } from '../../../service/protocol/compare.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import { icon } from '../../icons.ts';
import { Load } from '../../load.ts';
import { saveCsv } from '../../textFile.ts';
import { Watch } from '../../watch.ts';
import '../chart/chart.ts';
import { failure } from '../shared/loaded.ts';
import { type Content, RegionElement } from '../shared/region.ts';
import { arrange, type Arranged, type Wish } from './arrange.ts';
import { MOST_BARS, phasesChart } from './chart.ts';
import { compareStyles } from './compare.styles.ts';
import { comparisonTable } from './files.ts';
import { phasesTable, ROW } from './phasesTable.ts';
import './runPicker.ts';
import { MEDIAN, type Runs, runsBar } from './runsBar.ts';
import { artifacts, parameters, totals, verdicts } from './summary.ts';
import { tools } from './tools.ts';
import { measureName } from './words.ts';

/** Runs beside the one they are held against. */
const MOST = MOST_COMPARED - 1;
const PHASES = 5_000;
const SCROLL_HEIGHT = 420;

/** Runs against one of them, or against the median of those before: where the time went, and where they went apart. */
@customElement('pipescope-compare')
export class PipescopeCompare extends RegionElement {
  static override styles = [...RegionElement.styles, compareStyles];
  readonly region = 'Compare';
  @state() private wish: Wish = { measure: 'time_ms', sort: 'order', different: false };
  @state() private last = 10;
  @state() private scrolled = 0;
  readonly #loads: readonly Load<ComparisonPage>[];
  #arranged: { key: unknown[]; value: Arranged } | undefined;

  constructor() {
    super();
    new Watch(this, ['view', 'selection', 'jobs']);
    const load = (column: number): Load<ComparisonPage> =>
      new Load(this, { path: () => this.#path(column), parts: ['jobs'], everyMs: 15_000 });
    this.#loads = Array.from({ length: MOST }, (_, column) => load(column));
  }

  protected override get waiting(): boolean {
    return !this.app.store.loaded;
  }

  get #chosen(): readonly string[] {
    return this.app.session.view.compare.slice(0, MOST + 1);
  }

  #path(column: number): string | null {
    const [base, ...runs] = this.#chosen;
    const run = runs[column];
    if (base === undefined || run === undefined) return null;
    const query = new URLSearchParams({ limit: String(PHASES) });
    if (base === MEDIAN) query.set('last', String(this.last));
    const [job, other] = [encodeURIComponent(run), encodeURIComponent(base)];
    return `/api/v1/jobs/${job}/compare/${other}?${query.toString()}`;
  }

  /** Of the runs that are chosen, in their order. */
  get #used(): readonly Load<ComparisonPage>[] {
    return this.#loads.slice(0, Math.max(0, this.#chosen.length - 1));
  }

  get #answers(): readonly ComparisonPage[] {
    return this.#used.flatMap((load) => load.value ?? []);
  }

  protected override actions(): Content {
    const answers = this.#answers;
    if (answers.length === 0) return nothing;
    return html`<vscode-button
      appearance="secondary"
      @click=${() => saveCsv(this.app, t('Comparison'), comparisonTable(answers))}
      >${icon('export')}&nbsp;${t('Export as CSV')}</vscode-button
    >`;
  }

  protected content(): TemplateResult {
    const runs: Runs = {
      app: this.app,
      seen: this.seen,
      chosen: this.#chosen,
      answers: this.#answers,
      last: this.last,
      full: this.#chosen.length > MOST,
      choose: (compare) => this.app.session.set({ compare }),
      setLast: (last) => (this.last = last),
    };
    return html`${runsBar(runs)}${this.#used.length === 0 ? nothing : this.#comparison()}`;
  }

  #comparison(): TemplateResult {
    const answers = this.#answers;
    const isLoading = this.#used.some(({ state: { kind } }) => kind === 'loading');
    return html`${this.#failures()}
    ${
      answers.length === 0
        ? isLoading
          ? html`<div class="skeleton"></div>`
          : nothing
        : html`${verdicts(answers, this.#show)}${this.#phases(answers)}
            <h3>${t('Totals and parameters')}</h3>
            ${totals(answers)}${parameters(answers)}${artifacts(answers)}`
    }`;
  }

  #failures(): Content {
    const said = this.#used.flatMap((load) => {
      const { state: is } = load;
      const message = is.kind === 'failed' ? is.message : is.kind === 'ready' ? is.message : null;
      return message === null ? [] : [failure(message, () => load.retry())];
    });
    return html`${said}`;
  }

  #phases(answers: readonly ComparisonPage[]): TemplateResult {
    const arranged = this.#arrange(answers);
    const { measure } = this.wish;
    const cut = answers.find(({ truncated }) => truncated);
    const name = t('{0} by phase', measureName(measure));
    const more = arranged.rows.length > MOST_BARS;
    return html`${tools(this.wish, {
      shown: arranged.rows.length,
      set: (change) => (this.wish = { ...this.wish, ...change }),
    })}
    ${
      arranged.rows.length === 0
        ? html`<p class="empty">
            ${this.wish.different ? t('No phase differs.') : t('These runs have no phases.')}
          </p>`
        : html`<pipescope-chart
              .app=${this.app}
              .name=${name}
              .chart=${phasesChart(arranged, answers, measure)}
              .note=${more ? count(MOST_BARS, t('The first {0} of {1} phases of the table below.'), t('The first {0} of {1} phases of the table below.'), numeral(arranged.rows.length)) : ''}
            ></pipescope-chart>
            ${phasesTable({
              ...{ arranged, answers, measure },
              scrollTop: this.scrolled,
              viewport: SCROLL_HEIGHT,
              scroll: this.#scroll,
              show: this.#show,
            })}`
    }
    ${cut === undefined ? nothing : html`<p class="caption">${t('Only the first {0} of {1} phases are compared here. The REST answer has them all.', numeral(PHASES), numeral(cut.total))}</p>`}`;
  }

  /** Arranging thousands is done when something changed, not with every scroll. */
  #arrange(answers: readonly ComparisonPage[]): Arranged {
    const key = [this.wish, ...answers];
    const held = this.#arranged;
    if (held?.key.length === key.length && held.key.every((part, i) => part === key[i]))
      return held.value;
    const value = arrange(answers, this.wish);
    this.#arranged = { key, value };
    return value;
  }

  readonly #show = (jobId: string, phaseId: string): void => {
    this.app.session.showJob(jobId, phaseId);
    this.app.store.go('Phases');
  };

  readonly #scroll = (event: Event): void => {
    const { scrollTop } = event.currentTarget as Element;
    // Rows are drawn some beyond the edge: a move within one needs no drawing.
    if (Math.abs(scrollTop - this.scrolled) >= ROW || scrollTop === 0) this.scrolled = scrollTop;
  };
}
