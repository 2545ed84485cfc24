import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { count } from '../../../service/protocol/describe.ts';
import type { JobChoices, JobStatistics } from '../../../service/protocol/jobStatistics.ts';
import type { JobRecord } from '../../../service/protocol/record.ts';
import { isEnded } from '../../../service/protocol/states.ts';
import { type Changes, changesPath } from '../../changeView.ts';
import type { HistoryView } from '../../historyView.ts';
import { icon } from '../../icons.ts';
import { Load } from '../../load.ts';
import { Pages } from '../../pages.ts';
import type { SavedFilter } from '../../savedFilters.ts';
import { scrollTo, wantedRows } from '../../virtual.ts';
import { Watch } from '../../watch.ts';
import '../chart/chart.ts';
import { failure, loaded } from '../shared/loaded.ts';
import { type Content, RegionElement } from '../shared/region.ts';
import { rowAfter } from '../shared/rowKeys.ts';
import { actions, type Exporting } from './actions.ts';
import { Charts, pipelineOf } from './charts.ts';
import { startOf } from './columns.ts';
import { exportRuns } from './exportRuns.ts';
import './filterBar.ts';
import { historyStyles } from './history.styles.ts';
import { isEveryRun, listPath, newerPath, queryOf } from './query.ts';
import { drawnRows, ROW, runsTable, VIEWPORT } from './runsTable.ts';
import { tiles } from './tiles.ts';

const ON_SCREEN = Math.floor(VIEWPORT / ROW) - 2;

/** All runs that the service holds: filtered, counted, drawn in time, and set beside each other. */
@customElement('pipescope-history')
export class PipescopeHistory extends RegionElement {
  static override styles = [...RegionElement.styles, historyStyles];
  readonly region = 'History';
  @state() private scrolled = 0;
  @state() private active = 0;
  @state() private picked: readonly string[] = [];
  /** Runs that began later are counted, not put in front of what is read. */
  @state() private until = 0;
  @state() private exporting: Exporting | null = null;
  readonly #runs = new Pages<JobRecord>(this, 'jobs', ({ job_id }) => job_id);
  readonly #newer: Load<{ total: number }>;
  readonly #statistics: Load<JobStatistics>;
  readonly #choices: Load<JobChoices>;
  readonly #changes: Load<Changes>;
  readonly #charts = new Charts();
  #listed = '';
  /** Of the month, at the last rendering. */
  #day = 0;

  constructor() {
    super();
    const grows = (): boolean => this.#grows();
    new Watch(this, ['jobs', 'view', 'selection', 'layout'], { clock: grows });
    const parts = ['jobs'] as const;
    this.#newer = new Load(this, { path: () => newerPath(this.#filter, this.until), parts });
    this.#statistics = new Load(this, { path: () => this.#statisticsPath(), parts });
    this.#changes = new Load(this, {
      path: () => this.#changesPath(),
      version: () => this.#statistics.value?.runs_total,
      everyMs: 30_000,
    });
    const path = (): string => '/api/v1/statistics/jobs/choices';
    this.#choices = new Load(this, { path, parts, everyMs: 30_000 });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.exporting?.abort.abort();
  }

  get #view(): HistoryView {
    return this.app.session.view.history;
  }

  get #filter(): HistoryView['filter'] {
    return this.#view.filter;
  }

  protected override get waiting(): boolean {
    return !this.app.store.loaded;
  }

  /** Not pinned: what begins now counts at once. The end moves with the list only where days are counted back. */
  #statisticsPath(): string {
    const query = new URLSearchParams(queryOf(this.#filter, this.until));
    if (this.#filter.to === '') query.delete('to');
    query.set('offset_minutes', String(-new Date().getTimezoneOffset()));
    return `/api/v1/statistics/jobs?${query.toString()}`;
  }

  /** Since when whole runs are slower or faster, where all of them are of one pipeline. */
  #changesPath(): string | null {
    const { value } = this.#statistics;
    const pipeline = value === undefined ? null : pipelineOf(value);
    return changesPath(pipeline, 'execution_time', { phase_id: null });
  }

  protected override willUpdate(): void {
    if (!this.seen || this.waiting) return;
    if (this.until === 0) this.until = this.#latest();
    if ((this.#newer.value?.total ?? 0) > 0 && this.#isIdle()) this.until = this.#latest();
    const path = listPath(this.#filter, this.#view.order, this.until);
    if (path !== this.#listed) {
      this.#listed = path;
      this.active = 0;
      this.#runs.show(path);
    }
    const first = Math.floor(this.scrolled / ROW);
    this.#runs.want(wantedRows(first + Math.ceil(VIEWPORT / ROW) * 3));
  }

  /** Now, or when the newest run began: by a clock that is ahead. */
  #latest(): number {
    let latest = this.app.clock.now();
    for (const job of this.app.store.jobs.values())
      latest = Math.max(latest, Date.parse(startOf(job)));
    return latest;
  }

  /** Nobody reads on: the list is at its top, and neither pointer nor focus is in it. */
  #isIdle(): boolean {
    if (this.scrolled > 0 || this.#runs.loading) return false;
    const scroller = this.renderRoot.querySelector('.scroll');
    return scroller !== null && !scroller.matches(':hover') && !scroller.matches(':focus-within');
  }

  #showNewer(): void {
    this.until = this.#latest();
    const scroller = this.renderRoot.querySelector('.scroll');
    if (scroller !== null) scroller.scrollTop = 0;
  }

  protected override actions(): Content {
    return actions({
      picked: this.picked.length,
      exporting: this.exporting,
      unpick: () => (this.picked = []),
      compare: this.#compare,
      exportAll: () => void this.#export(),
    });
  }

  protected override skeleton(): TemplateResult {
    return html`<div class="skeleton scroll"></div>`;
  }

  protected content(): TemplateResult {
    return html`<pipescope-history-filter
        .view=${this.#view}
        .clock=${this.app.clock}
        .choices=${this.#choices.value}
        .saved=${this.app.layout.current.filters}
        @pipescope-history=${this.#changed}
        @pipescope-filters=${this.#keepFilters}
      ></pipescope-history-filter>
      ${loaded(this.#statistics, {
        skeleton: this.#figures(undefined),
        content: (statistics) => this.#figures(statistics),
      })}
      ${this.#list()}`;
  }

  #figures(statistics: JobStatistics | undefined): TemplateResult {
    const { times, success, timesNote, successNote } = this.#charts.of(
      statistics,
      this.#changes.value,
    );
    return html`${tiles(statistics)}
      <div class="charts">
        <pipescope-chart
          .app=${this.app}
          .name=${t('Time of each run')}
          .chart=${times}
          .note=${timesNote}
          .empty=${t('No run that matches has ended.')}
        ></pipescope-chart>
        <pipescope-chart
          .app=${this.app}
          .name=${t('Success rate by day')}
          .chart=${success}
          .note=${successNote}
          .empty=${t('No run that matches has begun.')}
        ></pipescope-chart>
      </div>`;
  }

  #list(): TemplateResult {
    const now = this.app.clock.now();
    this.#day = new Date(now).getDate();
    const { total, message } = this.#runs;
    const newer = this.#newer.value?.total ?? 0;
    const { detail } = this.app.store;
    return html`<div class="above">
        <span class="caption number" role="status"
          >${total === null ? t('Loading runs…') : count(total, t('{0} run'), t('{0} runs'))}</span
        >
        ${
          newer === 0
            ? nothing
            : html`<vscode-button appearance="secondary" @click=${() => this.#showNewer()}
                >${icon('arrowUp')}&nbsp;${count(newer, t('{0} new run'), t('{0} new runs'))}</vscode-button
              >`
        }
      </div>
      ${message === null ? nothing : failure(message, () => this.#runs.retry())}
      ${
        total === 0
          ? html`<p class="empty scroll">${this.#why()}</p>`
          : runsTable({
              job: (index) => this.#job(index),
              total: total ?? Math.ceil(VIEWPORT / ROW),
              order: this.#view.order,
              now,
              scrollTop: this.scrolled,
              active: this.active,
              picked: new Set(this.picked),
              shown: detail?.jobId,
              sort: (order) => this.#keep({ order }),
              open: (job) => this.app.session.showJob(job.job_id),
              pick: (job, on) => this.#pick(job, on),
              scroll: this.#scroll,
              keydown: this.#keydown,
            })
      }`;
  }

  #why(): string {
    return isEveryRun(this.#filter)
      ? t('No runs so far. Report one, or run the demo pipeline.')
      : t('No run matches. Change the filter, or clear it.');
  }

  /** What has been heard since is newer than the answer. */
  #job(index: number): JobRecord | undefined {
    const row = this.#runs.rows[index];
    return row === undefined ? undefined : (this.app.store.jobs.get(row.job_id) ?? row);
  }

  /** Whether a time on the screen grows, another day has begun by which times are said, or new runs may come in. */
  #grows(): boolean {
    if ((this.#newer.value?.total ?? 0) > 0) return true;
    if (new Date(this.app.clock.now()).getDate() !== this.#day) return true;
    const { start, end } = drawnRows(this.#runs.rows.length, this.scrolled);
    for (let index = start; index < end; index++) {
      const status = this.#job(index)?.status;
      if (status !== undefined && status !== 'STALE' && !isEnded(status)) return true;
    }
    return false;
  }

  #pick({ job_id }: JobRecord, on: boolean): void {
    const others = this.picked.filter((id) => id !== job_id);
    this.picked = on ? [...others, job_id] : others;
  }

  readonly #compare = (): void => {
    this.app.session.set({ compare: this.picked });
    this.app.store.go('Compare');
  };

  readonly #changed = (event: CustomEvent<Partial<HistoryView>>): void => this.#keep(event.detail);

  readonly #keepFilters = (event: CustomEvent<readonly SavedFilter[]>): void => {
    const { layout } = this.app;
    layout.save({ ...layout.current, filters: event.detail });
  };

  #keep(change: Partial<HistoryView>): void {
    this.app.session.set({ history: { ...this.#view, ...change } });
    this.until = this.#latest();
    this.renderRoot.querySelector('.scroll')?.scrollTo(0, 0);
  }

  readonly #scroll = (event: Event): void => {
    this.scrolled = (event.currentTarget as Element).scrollTop;
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    const total = this.#runs.total ?? 0;
    const inRow = event.target instanceof Element && event.target.closest('tr[data-row]') !== null;
    const next = rowAfter(event.key, { active: this.active, total, page: ON_SCREEN });
    if (next === undefined || !inRow) return;
    event.preventDefault();
    void this.#focusRow(next, event.target);
  };

  /** The row is scrolled to and focused, in the same column; while it is being fetched, as soon as it is there. */
  async #focusRow(index: number, from: EventTarget | null): Promise<void> {
    this.active = index;
    const part = from instanceof HTMLInputElement ? 'input' : 'button';
    const scroller = this.renderRoot.querySelector('.scroll');
    if (scroller === null) return;
    const list = { count: this.#runs.total ?? 0, rowHeight: ROW };
    const viewport = VIEWPORT - 2 * ROW;
    scroller.scrollTop = scrollTo(list, index, scroller.scrollTop, viewport);
    this.scrolled = scroller.scrollTop;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`tr[data-row="${index}"] ${part}`)?.focus({
      preventScroll: true,
    });
  }

  async #export(): Promise<void> {
    const abort = new AbortController();
    const path = listPath(this.#filter, this.#view.order, this.until);
    const progress = (done: number, total: number): void => {
      this.exporting = { done, total, abort };
    };
    progress(0, this.#runs.total ?? 0);
    await exportRuns(this.app, { path, signal: abort.signal, progress });
    this.exporting = null;
  }
}
