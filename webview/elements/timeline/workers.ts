import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { count } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { App } from '../../app.ts';
import type { Span } from '../../timeScale.ts';
import { Watch } from '../../watch.ts';
import { chartStyles } from '../chart/chart.styles.ts';
import { tableView } from '../chart/tableView.ts';
import { failure } from '../shared/loaded.ts';
import type { Content } from '../shared/region.ts';
import { shared } from '../shared/styles.ts';
import { countedLanes, endOf, type Lane, lanesOf } from './lanes.ts';
import { Moves } from './moves.ts';
import { outside } from './outside.ts';
import type { TimeFrame } from './rowsView.ts';
import type { Scene } from './scene.ts';
import { lanesTable } from './tables.ts';
import { MOST_TASKS, TaskFeed } from './taskFeed.ts';
import type { Ready } from './taskState.ts';
import { timelineStyles } from './timeline.styles.ts';
import './strip.ts';
import { extentIn, type TimeWindow } from './window.ts';
import './workerRows.ts';

const HEIGHT = 384;
/** Thousands of tasks are placed anew at most this often while they run. */
const EVERY_MS = 1_000;
/** What is counted of a range that moves with the clock begins and ends at multiples of it. */
const STEP_MS = 5_000;

/** The tasks of the shown job by worker: fetched when looked at, drawn one by one or, when there are too many, counted. */
@customElement('pipescope-timeline-lanes')
export class PipescopeTimelineLanes extends LitElement {
  static override styles = [shared, chartStyles, timelineStyles];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) seen = true;
  @property({ attribute: false }) scene: Scene | undefined;
  @property({ attribute: false }) range!: TimeWindow;
  @state() private scrolled = 0;
  readonly #feed = new TaskFeed(this, () => this.#part());
  #cache: { key: readonly unknown[]; at: number; lanes: readonly Lane[] } | undefined;
  frame: TimeFrame | undefined;

  constructor() {
    super();
    new Watch(this, ['view', 'jobs', 'work'], { clock: true });
    new Moves(this);
  }

  /** What can be saved: null before anything is here. */
  get drawn(): { lanes: readonly Lane[]; frame: TimeFrame; now: number } | undefined {
    const { frame } = this;
    return frame && { lanes: this.#lanes(), frame, now: this.#now() };
  }

  protected override willUpdate(): void {
    const { state: tasks } = this.#feed;
    this.frame = tasks.kind === 'ready' ? this.#frameOf(tasks) : undefined;
  }

  protected override render(): Content {
    const { state: tasks } = this.#feed;
    switch (tasks.kind) {
      case 'idle':
      case 'loading':
        return html`<div class="skeleton tall" aria-busy="true"></div>`;
      case 'failed':
        return failure(tasks.message, () => this.#feed.retry());
      case 'ready':
        return tasks.whole.tasks === 0 && this.#feed.loaded === 0 ? none() : this.#ready(tasks);
    }
  }

  #ready(tasks: Ready): Content {
    const lanes = this.#lanes();
    if (this.frame === undefined) return nothing;
    return html`${this.#told(tasks)}${this.#old(tasks.message)}
      <pipescope-timeline-strip
        .time=${this.frame}
        .path=${this.scene?.path ?? null}
        .now=${this.#now()}
        .phases=${this.app.store.detail?.orderedPhases() ?? []}
        .range=${this.range}
      ></pipescope-timeline-strip>
      ${
        this.app.session.view.timelineAs.table
          ? tableView({
              name: t('Tasks by worker'),
              table: lanesTable(lanes, this.#now()),
              height: HEIGHT,
              scrollTop: this.scrolled,
              scrolled: (top) => (this.scrolled = top),
            })
          : this.frame.outside
            ? outside(this.app)
            : html`<pipescope-timeline-workers
                .app=${this.app}
                .lanes=${lanes}
                .time=${this.frame}
                .now=${this.#now()}
              ></pipescope-timeline-workers>`
      }`;
  }

  /** How many there are, how many are here, and what is not shown. */
  #told({ whole, one, cancelled }: Ready): TemplateResult {
    const all = numeral(whole.tasks);
    const here = numeral(this.#feed.loaded);
    const loading = one === 'some' && !cancelled;
    return html`<div class="lines told" role="status">
      <div>
        ${
          one === 'none'
            ? html`<span class="text">${counted(whole.tasks)}</span>`
            : loading
              ? html`<span class="text">${t('Fetching tasks: {0} of {1}.', here, all)}</span>
                  <progress
                    max=${whole.tasks}
                    .value=${this.#feed.loaded}
                    aria-label=${t('Tasks fetched')}
                  ></progress>
                  <vscode-button appearance="secondary" @click=${() => this.#feed.cancel()}
                    >${t('Cancel')}</vscode-button
                  >`
              : html`<span class="text">${this.#allHere(cancelled, all)}</span> ${
                    cancelled
                      ? html`<vscode-button
                          appearance="secondary"
                          @click=${() => this.#feed.retry()}
                          >${t('Fetch All')}</vscode-button
                        >`
                      : nothing
                  }`
        }
      </div>
    </div>`;
  }

  #old(message: string | null): Content {
    if (message === null) return nothing;
    return failure(t('What is shown may be old. {0}', message), () => this.#feed.again());
  }

  #allHere(cancelled: boolean, all: string): string {
    const here = this.#feed.loaded;
    if (cancelled) return t('The newest {0} of {1} tasks are shown.', here, all);
    return count(here, t('{0} task by worker.'), t('{0} tasks by worker.'));
  }

  #lanes(): readonly Lane[] {
    const { state: tasks, version } = this.#feed;
    if (tasks.kind !== 'ready') return [];
    const key = [version, tasks.one === 'none' ? tasks.occupancy : null];
    const at = performance.now();
    const cached = this.#cache;
    const same = cached?.key.every((part, index) => part === key[index]) === true;
    // While it runs the clock asks again soon.
    const soon = this.scene?.running === true && tasks.one === 'all';
    if (cached !== undefined && (same || (soon && at - cached.at < EVERY_MS))) return cached.lanes;
    const lanes =
      tasks.one === 'none'
        ? countedLanes(tasks.occupancy)
        : lanesOf(this.#feed.tasks.values(), this.#now());
    this.#cache = { key, at, lanes };
    return lanes;
  }

  #now(): number {
    return this.scene?.context.now ?? this.app.clock.now();
  }

  /** All tasks and all phases: those of a job may begin before its first phase. */
  #frameOf(tasks: Ready): TimeFrame {
    const { from, to } = this.#extent(tasks);
    const origin = this.scene?.context.origin ?? from;
    const { scene } = this;
    const whole = {
      from: Math.min(0, from - origin),
      to: Math.max(scene?.extent.whole.to ?? 0, to - origin, 100),
    };
    const until = Math.max(scene?.extent.until ?? 0, to - origin);
    return {
      ...extentIn(this.app.time, { origin, whole, until }),
      now: scene?.running === true ? this.#now() - origin : null,
      gaps: scene?.gaps ?? [],
    };
  }

  #extent({ whole }: Ready): Span {
    let last = Date.parse(whole.to);
    for (const { placed } of this.#cache?.lanes ?? [])
      for (const task of placed.slice(-1)) last = Math.max(last, endOf(task, last));
    return { from: Date.parse(whole.from), to: last };
  }

  /** What is counted again: where the range has come to rest, and in steps where it moves with the clock. */
  #part(): Span | null {
    const { frame } = this;
    const { time } = this.app;
    if (frame === undefined) return null;
    const { shown, whole, outside: none, origin } = extentIn(time, frame, time.range);
    if (none || shown === whole) return null;
    const part = { from: shown.from + origin, to: shown.to + origin };
    if (!time.live) return part;
    const [from, to] = [Math.floor(part.from / STEP_MS), Math.ceil(part.to / STEP_MS)];
    return { from: from * STEP_MS, to: to * STEP_MS };
  }
}

function none(): TemplateResult {
  return html`<p class="empty">
    ${t('No task of this job was told. Tasks that name a job_id are drawn here, a row a worker.')}
  </p>`;
}

/** The service forgets the oldest tasks of a job that goes on, so that it may count fewer than there were. */
function counted(tasks: number): string {
  const [all, most] = [numeral(tasks), numeral(MOST_TASKS)];
  return tasks > MOST_TASKS
    ? t(
        '{0} tasks: more than {1} are not drawn one by one. Each row shows how many ran at once; zoom in to see more.',
        all,
        most,
      )
    : t(
        'More than {1} tasks came: they are not drawn one by one. Each row shows how many of the {0} that are kept ran at once; zoom in to see more.',
        all,
        most,
      );
}
