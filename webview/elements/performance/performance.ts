import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { count } from '../../../service/protocol/describe.ts';
import type { JobChoices } from '../../../service/protocol/jobStatistics.ts';
import type { PipelinePerformance } from '../../../service/protocol/pipelinePerformance.ts';
import { type Changes, changesPath } from '../../changeView.ts';
import { icon } from '../../icons.ts';
import { Load } from '../../load.ts';
import { METRIC_WORDS } from '../../metricWords.ts';
import { LAST_RUNS, PERFORMANCE_METRICS, type PerformanceView } from '../../performanceView.ts';
import { Watch } from '../../watch.ts';
import { loaded } from '../shared/loaded.ts';
import { type Content, RegionElement } from '../shared/region.ts';
import { saveTable } from '../shared/saveTable.ts';
import { tableStyles } from '../shared/tableStyles.ts';
import { changeList } from './changes.ts';
import { successSheet } from './files.ts';
import { panel, phasePicker, TAB_TITLES } from './panels.ts';
import { performanceStyles } from './performance.styles.ts';
import { pathOf, versionOf } from './question.ts';
import { picker } from './picker.ts';
import { PANEL, tabList, tabStyles } from '../shared/tabs.ts';
import { endsSentence, type Finding, findings } from './words.ts';
import '../chart/chart.ts';

/** The runs of a pipeline against those before them: in time, by phase, by hour, and how often they succeed. */
@customElement('pipescope-performance')
export class PipescopePerformance extends RegionElement {
  static override styles = [...RegionElement.styles, tableStyles, tabStyles, performanceStyles];
  readonly region = 'Performance';
  /** What the person picked; null: the pipeline of the shown job, and its whole runs. */
  @state() private picked: string | null = null;
  @state() private phaseId: string | null = null;
  readonly #load = new Load<PipelinePerformance>(this, {
    path: () => this.#path(),
    version: () => versionOf(this.app.store, this.#pipeline),
  });
  readonly #choices = new Load<JobChoices>(this, {
    path: () => '/api/v1/statistics/jobs/choices',
    version: () => this.app.store.jobsTotal,
    everyMs: 60_000,
  });
  readonly #changes = new Load<Changes>(this, {
    path: () => (this.#view.tab === 'runs' ? changesPath(this.#pipeline, this.#view.metric) : null),
    version: () => versionOf(this.app.store, this.#pipeline),
    // Over all phases and runs: a level that lasts does not depend on the last one.
    everyMs: 30_000,
  });
  /** Stands there, paler, until what was asked for instead has come. */
  #before: PipelinePerformance | undefined;
  #shown: string | undefined;

  constructor() {
    super();
    new Watch(this, ['jobs', 'phases', 'selection', 'view']);
  }

  protected override get waiting(): boolean {
    return !this.app.store.loaded;
  }

  get #view(): PerformanceView {
    return this.app.session.view.performance;
  }

  get #pipeline(): string | null {
    return this.picked ?? this.app.store.job?.pipeline ?? null;
  }

  /** Another run is shown: of it, and no longer of what was picked before. */
  protected override willUpdate(): void {
    const { detail, job } = this.app.store;
    if (detail?.jobId !== this.#shown) {
      if (this.picked !== null && job !== undefined && job.pipeline !== this.picked)
        this.phaseId = null;
      this.picked = null;
      this.#shown = detail?.jobId;
    }
    this.#before = this.#load.value ?? this.#before;
  }

  #path(): string | null {
    const pipeline = this.#pipeline;
    if (pipeline === null) return null;
    const { job } = this.app.store;
    const jobId = job?.pipeline === pipeline ? job.job_id : null;
    const { metric, last, tab } = this.#view;
    const ofPhase = tab === 'runs' || tab === 'hours';
    return pathOf({ pipeline, metric, last, jobId, phaseId: ofPhase ? this.phaseId : null });
  }

  #set(change: Partial<PerformanceView>): void {
    this.app.session.set({ performance: { ...this.#view, ...change } });
  }

  protected override actions(): Content {
    const { metric, last } = this.#view;
    const metrics = PERFORMANCE_METRICS.map((id) => ({ id, title: METRIC_WORDS[id].title() }));
    const lasts = LAST_RUNS.map((n) => {
      return { id: String(n), title: count(n, t('last {0} run'), t('last {0} runs')) };
    });
    return html`${this.#pipelines()}
    ${picker({ name: t('What is measured'), options: metrics, value: metric, pick: (id) => this.#set({ metric: PERFORMANCE_METRICS.find((one) => one === id) ?? metric }) })}
    ${picker({ name: t('How many runs'), options: lasts, value: String(last), pick: (id) => this.#set({ last: LAST_RUNS.find((one) => String(one) === id) ?? last }) })}`;
  }

  #pipelines(): Content {
    const known = this.#choices.value?.pipelines.map(({ value }) => value) ?? [];
    const value = this.#pipeline;
    if (value === null) return nothing;
    const all = known.includes(value) ? known : [value, ...known];
    if (all.length < 2) return nothing;
    const pick = (pipeline: string): void => {
      this.picked = pipeline;
      this.phaseId = null;
    };
    const options = all.map((id) => ({ id, title: id }));
    return picker({ name: t('Pipeline'), options, value, pick });
  }

  protected content(): Content {
    const { state: now } = this.#load;
    const before = this.#before;
    if (now.kind === 'loading' && before !== undefined && before.pipeline === this.#pipeline)
      return this.#answer(before, true);
    return loaded(this.#load, {
      skeleton: this.skeleton(),
      content: (answer) => this.#answer(answer, false),
    });
  }

  #answer(answer: PipelinePerformance, stale: boolean): TemplateResult {
    const { tab } = this.#view;
    if (answer.runs_total === 0 && answer.phases_total === 0 && this.phaseId === null)
      return html`<p class="empty">
        ${t('No run of this pipeline has ended so far. After the second one, its runs stand beside each other here, with what is usual.')}
      </p>`;
    const titles = TAB_TITLES();
    return html`${this.#findings(answer)}
      ${tabList({ name: t('Views of performance'), tabs: titles, current: tab, pick: (id) => this.#set({ tab: id }) })}
      <div
        class="panel ${stale ? 'stale' : ''}"
        id=${PANEL}
        role="tabpanel"
        aria-labelledby="tab-${tab}"
        aria-busy=${stale ? 'true' : 'false'}
      >
        ${this.#tools(answer)}
        ${panel({ app: this.app, answer, view: this.#view, shownJob: this.app.store.job?.job_id ?? null, changes: this.#changes.value, lead: (id) => this.#lead(id) })}
        ${this.#changed(answer)}
      </div>`;
  }

  #findings(answer: PipelinePerformance): TemplateResult {
    const own = answer.pipeline === this.app.store.job?.pipeline;
    const said: Finding[] = own
      ? findings(answer)
      : [{ text: endsSentence(answer), bad: false, phaseId: null }];
    return html`<ul class="findings" aria-label=${t('What is worse than usual')}>
      ${said.map(({ text, bad, phaseId }) => html`<li class=${bad ? 'bad' : 'muted'}>${bad ? icon('warning') : nothing}${phaseId === null ? html`<span>${text}</span>` : html`<button class="plain link" @click=${() => this.#lead(phaseId)}>${text}</button>`}</li>`)}
    </ul>`;
  }

  #changed({ phase_id }: PipelinePerformance): Content {
    if (this.#view.tab !== 'runs') return nothing;
    return loaded(this.#changes, {
      skeleton: html`<p class="changes" aria-busy="true">&nbsp;</p>`,
      content: (all) =>
        changeList(all, phase_id, (job, phase) => this.app.session.showJob(job, phase)),
    });
  }

  #tools(answer: PipelinePerformance): Content {
    const { tab, spread } = this.#view;
    // Of another pipeline than that of the shown run it stands above already.
    const own = answer.pipeline === this.app.store.job?.pipeline;
    if (tab === 'runs' || tab === 'hours')
      return html`<div class="tools">
        ${phasePicker(answer, this.phaseId, (id) => (this.phaseId = id))}
        ${tab === 'runs' && own ? html`<span class="muted">${endsSentence(answer)}</span>` : nothing}
      </div>`;
    if (tab === 'success') return html`<div class="tools">${this.#save(answer)}</div>`;
    if (tab !== 'spread') return nothing;
    const kinds = [
      { id: 'box', title: t('Boxes') },
      { id: 'violin', title: t('Violins') },
    ];
    const pick = (id: string): void => this.#set({ spread: id === 'violin' ? 'violin' : 'box' });
    return html`<div class="tools">
      ${picker({ name: t('Drawn as'), options: kinds, value: spread, pick })}
    </div>`;
  }

  #save(answer: PipelinePerformance): TemplateResult {
    const name = t('Success rates of {0}', answer.pipeline);
    return saveTable(this.app, name, () => successSheet(answer));
  }

  /** To the phase of the shown run; of another pipeline to its runs. */
  #lead(phaseId: string): void {
    const { store, session } = this.app;
    if (store.job === undefined || this.#pipeline !== store.job.pipeline) {
      this.phaseId = phaseId;
      this.#set({ tab: 'runs' });
      return;
    }
    session.showJob(store.job.job_id, phaseId);
    store.go('Phases');
  }
}
