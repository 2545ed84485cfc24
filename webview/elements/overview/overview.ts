import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { count, relativeTime, statusWord } from '../../../service/protocol/describe.ts';
import type { PerformanceState } from '../../../service/protocol/performance.ts';
import type { RunSummary } from '../../../service/protocol/summary.ts';
import { setCss } from '../../cssDirective.ts';
import type { FoundPage } from '../../findingView.ts';
import { icon } from '../../icons.ts';
import { latestJob } from '../../jobs.ts';
import { Load } from '../../load.ts';
import { regionTitle } from '../../regionNames.ts';
import { SeriesFeed } from '../../seriesFeed.ts';
import { Watch } from '../../watch.ts';
import { RegionCode } from '../dashboard/code.ts';
import '../shared/found.ts';
import { loaded } from '../shared/loaded.ts';
import { RegionElement, type Content } from '../shared/region.ts';
import { statusIcon } from '../shared/status.ts';
import { type ActiveJob, activeJobs } from './active.ts';
import { makeUp } from './makeUp.ts';
import { overviewStyles } from './overview.styles.ts';
import { summaryLine } from './runSummary.ts';
import { sparkline } from './sparkline.ts';
import { tiles, type Tile } from './summary.ts';
import {
  PHASES,
  type Point,
  TASKS,
  type Throughput,
  throughputChart,
  throughputOf,
} from './throughput.ts';

const LOADING = 8;
/** The service puts what needs attention in order, and leaves out what is no bad news. */
const ATTENTION_PATH = '/api/v1/findings?urgent=true&limit=50';
/** More run in History. */
const MOST_JOBS = 50;

/** The numbers that matter, each with what it is a part of, and what runs now. */
@customElement('pipescope-overview')
export class PipescopeOverview extends RegionElement {
  static override styles = [...RegionElement.styles, overviewStyles];
  readonly region = 'Overview';
  @state() private opened = false;
  @state() private charted = false;
  readonly #state = new Load<PerformanceState>(this, { path: () => '/api/dashboard', polls: true });
  readonly #feed = new SeriesFeed(this, () => this.#questions());
  readonly #run = new Load<RunSummary>(this, {
    path: () => {
      const id = this.app.store.job?.job_id;
      return id === undefined ? null : `/api/v1/jobs/${encodeURIComponent(id)}/summary`;
    },
    version: () => `${this.app.store.job?.status} ${this.app.store.job?.phases_done}`,
  });
  readonly #found = new Load<FoundPage>(this, { path: () => ATTENTION_PATH, polls: true });
  readonly #code = new RegionCode(this);

  constructor() {
    super();
    new Watch(this, ['jobs', 'alerts', 'selection', 'phases'], { clock: true });
  }

  protected override get waiting(): boolean {
    return !this.app.store.loaded;
  }

  protected override skeleton(): TemplateResult {
    const one = html`<div class="tile skeleton"></div>`;
    return html`<dl>${Array.from({ length: LOADING }, () => one)}</dl>
      <p class="none"></p>`;
  }

  protected content(): TemplateResult {
    const { store, clock } = this.app;
    const known = {
      jobs: store.jobs.values(),
      jobsTotal: store.jobsTotal,
      alerts: store.alerts.values(),
      job: store.job,
      phases: store.detail?.orderedPhases() ?? [],
      state: this.#state.value,
      throughput: this.#throughput(),
    };
    return html`<dl>${tiles(known, clock.now()).map((tile) => this.#tile(tile))}</dl>
      ${this.charted ? this.#chart(known.throughput) : nothing}
      ${this.opened ? this.#makeUp() : nothing}${this.#summary()}${this.#jobs(clock.now())}${this.#attention()}`;
  }

  /** Only of what is known to be there: a question about an unknown metric would be refused. */
  #questions(): string[] {
    if ((this.#state.value?.metrics.system.completed_tasks ?? 0) > 0) return [TASKS];
    const { job } = this.app.store;
    return job !== undefined && job.phases_done > 0 ? [PHASES] : [];
  }

  #throughput(): Throughput | undefined {
    const [question] = this.#questions();
    const known = question === undefined ? undefined : this.#feed.get(question);
    return known?.kind === 'ready' ? throughputOf(known.answer, this.app.time.span()) : undefined;
  }

  #tile(tile: Tile): TemplateResult {
    const sign = tile.tone === 'plain' ? nothing : icon(tile.tone === 'bad' ? 'error' : 'warning');
    return html`<div class="tile ${tile.tone}">
      <dt class="caption">${this.#label(tile)}</dt>
      <dd class="value number">
        ${sign}<span class="amount">${tile.value}</span>
        ${tile.unit === undefined ? nothing : html`<span class="unit">${tile.unit}</span>`}
        ${tile.points === undefined ? nothing : this.#sparkline(tile.points, tile.unit ?? '')}
      </dd>
      <dd class="caption" title=${tile.hint || nothing}>${tile.caption}</dd>
    </div>`;
  }

  #sparkline(points: readonly Point[], unit: string): Content {
    const toggle = (): void => {
      this.charted = !this.charted;
      const load = (): Promise<unknown> => import('../chart/chart.ts');
      void this.#code.load({ name: t('Throughput'), load });
    };
    return sparkline(points, unit, { opened: this.charted, toggle });
  }

  #chart(throughput: Throughput | undefined): Content {
    if (throughput === undefined || !this.#code.has(t('Throughput'))) return nothing;
    const { app } = this;
    return html`<pipescope-chart
      .app=${app}
      .name=${t('Throughput in {0}', throughput.unit)}
      .chart=${throughputChart(throughput, app.time.span())}
    ></pipescope-chart>`;
  }

  #label({ label, leadsTo }: Tile): TemplateResult {
    if (leadsTo === undefined) return html`<span class="cut">${label}</span>`;
    if (leadsTo !== 'make-up')
      return html`<button
        class="plain"
        title=${t('Go to {0}', regionTitle(leadsTo))}
        @click=${() => this.app.store.go(leadsTo)}
      >
        <span class="cut">${label}</span>
      </button>`;
    return html`<button
      class="plain"
      title=${t('What the health score is made of')}
      aria-expanded=${this.opened ? 'true' : 'false'}
      @click=${() => (this.opened = !this.opened)}
    >
      <span class="cut">${label}</span>${icon(this.opened ? 'chevronDown' : 'chevronRight')}
    </button>`;
  }

  #makeUp(): TemplateResult {
    const load = this.#state;
    return html`<div class="makeup">${makeUp(load, (region) => this.app.store.go(region))}</div>`;
  }

  #jobs(now: number): TemplateResult {
    const jobs = activeJobs(this.app.store.jobs.values(), now);
    if (jobs.length === 0) return html`<p class="none muted">${this.#resting(now)}</p>`;
    const rest = jobs.length - MOST_JOBS;
    return html`<ul
      aria-label=${t('Jobs that have not ended')}
      tabindex=${jobs.length > 6 ? 0 : nothing}
    >
      ${repeat(
        jobs.slice(0, MOST_JOBS),
        ({ job }) => job.job_id,
        (one) => this.#job(one),
      )}
      ${rest > 0 ? html`<li class="caption">${count(rest, t('And {0} more job.'), t('And {0} more jobs.'))}</li>` : nothing}
    </ul>`;
  }

  #summary(): Content {
    if (this.app.store.job === undefined) return nothing;
    return loaded(this.#run, {
      skeleton: html`<p class="none compared" aria-busy="true"></p>`,
      content: summaryLine,
    });
  }

  #attention(): TemplateResult {
    return html`<pipescope-found
      rows="3"
      .app=${this.app}
      .seen=${this.seen}
      .name=${t('Needs attention')}
      .none=${t('The analysis finds nothing that is odd, has changed or runs into a limit.')}
      .state=${this.#found.state}
      .retry=${this.#retry}
    ></pipescope-found>`;
  }

  readonly #retry = (): void => this.#found.retry();

  #resting(now: number): Content {
    const last = latestJob(this.app.store.jobs.values());
    if (last === undefined) return html`${t('No job is running.')}`;
    const { name, job_id: id, status, ended_at: ended } = last;
    const when = ended === null ? '' : relativeTime(ended, now);
    return html`${t('No job is running. The last one:')}
      <button class="plain link" @click=${() => this.app.session.showJob(id)}>
        <bdi>${name}</bdi></button
      >, ${statusWord(status)} ${when}`;
  }

  #job({ job, name, fraction, done, doing, elapsed, left, end }: ActiveJob): TemplateResult {
    const show = (): void => this.app.session.showJob(job.job_id);
    return html`<li>
      <span class="name"
        >${statusIcon(job.status)}<span class="spoken">${statusWord(job.status)}</span
        ><button class="plain link cut" title=${name} @click=${show}>
          <bdi>${name}</bdi>
        </button></span
      >
      <span class="number right done">${done}</span>
      <div class="track meter" aria-hidden="true">
        <div class="bar ${job.status}" ${setCss({ width: `${(fraction ?? 0) * 100}%` })}></div>
      </div>
      <span class="cut doing" title=${doing}><bdi>${doing}</bdi></span>
      <span class="number right elapsed">${elapsed}</span>
      <span class="number right left muted" title=${end}>${left}</span>
    </li>`;
  }
}
