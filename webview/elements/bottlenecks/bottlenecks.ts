import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Bottleneck } from '../../../service/protocol/bottleneck.ts';
import { count, duration } from '../../../service/protocol/describe.ts';
import type { Finding } from '../../../service/protocol/finding.ts';
import { latestJob } from '../../jobs.ts';
import { Load } from '../../load.ts';
import type { Sheet } from '../../sheet.ts';
import { Watch } from '../../watch.ts';
import { RegionCode } from '../dashboard/code.ts';
import { loaded } from '../shared/loaded.ts';
import { type Content, RegionElement } from '../shared/region.ts';
import { saveTable } from '../shared/saveTable.ts';
import { tableStyles } from '../shared/tableStyles.ts';
import { WantsPath } from '../shared/wantsPath.ts';
import { bottlenecksStyles } from './bottlenecks.styles.ts';
import { type Shown, shownNow, shownOf } from './evidence.ts';
import { ENDED_PATH, endedLately, endedList } from './ended.ts';
import { bottlenecksSheet, sharesSheet, waitsSheet } from './files.ts';
import { watchedWords, type Watching } from './impact.ts';
import './optimizer.ts';
import './proposals.ts';
import { bottleneckRow } from './row.ts';
import { SlowestCache } from './slowest.ts';
import { speedUpTable } from './speedUp.ts';
import { shareTable, waitTable } from './tables.ts';
import type { Where } from './words.ts';

const MOST = 20;
/** Found within five seconds, and shown soon after. */
const EVERY_MS = 2_000;

interface Answer {
  bottlenecks: Bottleneck[];
  total: number;
}
type Answered = Answer & Watching;

/** What holds everything else back now, and which phases of the shown run took most of it or waited longest. */
@customElement('pipescope-bottlenecks')
export class PipescopeBottlenecks extends RegionElement {
  static override styles = [...RegionElement.styles, tableStyles, bottlenecksStyles];
  readonly region = 'Bottlenecks';
  readonly #load = new Load<Answered>(this, {
    path: () => `/api/bottlenecks?limit=${MOST}`,
    polls: true,
    everyMs: EVERY_MS,
  });
  readonly #over = new Load<{ findings: Finding[] }>(this, { path: () => ENDED_PATH, polls: true });
  readonly #code = new RegionCode(this);
  /** The one whose evidence is shown. */
  @state() private opened: string | null = null;
  readonly #slowest = new SlowestCache();

  constructor() {
    super();
    new Watch(this, ['jobs', 'phases', 'selection', 'path'], { clock: true });
    new WantsPath(this);
  }

  protected override get waiting(): boolean {
    return !this.app.store.loaded;
  }

  protected content(): TemplateResult {
    return html`<div class="part">
        ${this.#heading(t('Holds back now'), this.#load.value?.bottlenecks ?? [], bottlenecksSheet)}
        ${loaded(this.#load, {
          skeleton: html`<p class="empty" aria-busy="true">
            ${t('Looking at what is used up and what waits ...')}
          </p>`,
          content: (answer) => this.#now(answer),
        })}
      </div>
      <div class="part">
        <div class="heading"><h3>${t('What to change')}</h3></div>
        <pipescope-optimizer
          .app=${this.app}
          .seen=${this.seen}
          @pipescope-proposal=${this.#toProposal}
        ></pipescope-optimizer>
        <pipescope-proposals .app=${this.app} .seen=${this.seen}></pipescope-proposals>
      </div>
      ${this.#phases()}${this.#ended()}`;
  }

  /** With the button that saves what stands below, where there is something. */
  #heading<T>(
    name: string,
    rows: readonly T[],
    sheet: (rows: readonly T[]) => Sheet,
  ): TemplateResult {
    return html`<div class="heading">
      <h3>${name}</h3>
      ${rows.length === 0 ? nothing : saveTable(this.app, name, () => sheet(rows))}
    </div>`;
  }

  #now({ bottlenecks, total, ...watching }: Answered): Content {
    if (bottlenecks.length === 0) return html`<p class="empty">${watchedWords(watching)}</p>`;
    const rest = total - bottlenecks.length;
    return html`<ul class="now" aria-label=${t('Holds back now')}>
      ${repeat(
        bottlenecks,
        ({ bottleneck_id: id }) => id,
        (one) => this.#bottleneck(one),
      )}
      ${rest > 0 ? html`<li class="caption">${count(rest, t('And {0} more.'), t('And {0} more.'))}</li>` : nothing}
    </ul>`;
  }

  #bottleneck(one: Bottleneck): TemplateResult {
    const { bottleneck_id: id } = one;
    const opened = this.opened === id;
    return bottleneckRow(one, {
      now: this.app.clock.now(),
      lead: (where) => this.#lead(where),
      toggle: () => this.#toggle(opened ? null : id),
      evidence: opened ? this.#evidence(shownNow(one)) : null,
    });
  }

  #toggle(id: string | null): void {
    this.opened = id;
    const load = (): Promise<unknown> => import('./evidenceView.ts');
    if (id !== null) void this.#code.load({ name: t('Evidence'), load });
  }

  #evidence(of: Shown): Content {
    const here = this.#code.has(t('Evidence'));
    return html`<div class="charts">
      ${here ? of.series.map((series) => html`<pipescope-evidence .app=${this.app} .seen=${this.seen} .of=${of} .series=${series}></pipescope-evidence>`) : nothing}
    </div>`;
  }

  /** At the end: what comes and goes here moves nothing else of the region. */
  #ended(): Content {
    const over = this.#over.state;
    if (over.kind === 'loading') return nothing;
    const now = this.app.clock.now();
    const ended = endedLately(this.#over.value?.findings ?? [], now);
    if (over.kind === 'ready' && over.message === null && ended.length === 0) return nothing;
    return html`<div class="part">
      <div class="heading"><h3>${t('Ended in the last hour')}</h3></div>
      ${loaded(this.#over, { skeleton: nothing, content: () => this.#endedList(ended) })}
    </div>`;
  }

  #endedList(ended: readonly Finding[]): Content {
    if (ended.length === 0) return nothing;
    return endedList(ended, {
      ...{ now: this.app.clock.now(), opened: this.opened },
      toggle: (id) => this.#toggle(this.opened === id ? null : id),
      evidence: (one) => this.#evidence(shownOf(one)),
    });
  }

  #toProposal({ detail }: CustomEvent<{ proposal: string }>): void {
    const list = this.renderRoot.querySelector('pipescope-proposals')?.shadowRoot;
    list?.querySelector<HTMLElement>(`li[data-id="${CSS.escape(detail.proposal)}"]`)?.focus();
  }

  #lead({ region, pipeline, resourcesOf, job, phase }: Where): void {
    const { store, session } = this.app;
    if (resourcesOf !== null) session.set({ resourcesOf });
    if (job !== null) session.showJob(job, phase);
    else if (pipeline !== null) {
      const runs = [...store.jobs.values()].filter((one) => one.pipeline === pipeline);
      session.showJob(latestJob(runs)?.job_id ?? null);
    }
    store.go(region);
  }

  #phases(): Content {
    const { job, detail } = this.app.store;
    if (job === undefined || detail === null) return nothing;
    const phases = detail.orderedPhases();
    const now = this.app.clock.now();
    const { byShare, byWait } = this.#slowest.of({ job, phases, byId: detail.phases, now });
    const pick = (phaseId: string): void => {
      this.app.session.showJob(job.job_id, phaseId);
      this.app.store.go('Phases');
    };
    return html`<div class="tables">
      <div class="part">
        <div class="heading"><h3>${t('What to speed up')}</h3></div>
        ${loaded(this.app.path, {
          skeleton: html`<div class="skeleton rows"></div>`,
          content: (record) => speedUpTable(record, pick),
        })}
      </div>
      <div class="part">
        ${this.#heading(t('Phases that took most of this run'), byShare, sharesSheet)}
        ${byShare.length === 0 ? html`<p class="empty">${t('No phase of this run has begun so far.')}</p>` : shareTable(byShare, pick)}
      </div>
      <div class="part">
        ${this.#heading(t('Phases that waited longest'), byWait, waitsSheet)}
        ${byWait.length === 0 ? html`<p class="empty">${this.#noWait(phases.length)}</p>` : waitTable(byWait, pick)}
      </div>
    </div>`;
  }

  #noWait(phases: number): string {
    const { detail } = this.app.store;
    const declares = detail?.orderedPhases().some(({ depends_on }) => depends_on.length > 0);
    if (phases > 0 && declares !== true)
      return t('Nobody said which phases wait for which. Report depends_on with the phases.');
    return t('No phase waited {0} or longer before it began.', duration(1));
  }
}
