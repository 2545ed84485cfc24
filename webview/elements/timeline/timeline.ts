import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { messageOf } from '../../../service/protocol/errors.ts';
import type { ChartFormat } from '../../charts/format.ts';
import type { View } from '../../view.ts';
import { Watch } from '../../watch.ts';
import { chartStyles } from '../chart/chart.styles.ts';
import { tableView } from '../chart/tableView.ts';
import { RegionElement, type Content } from '../shared/region.ts';
import { WantsPath } from '../shared/wantsPath.ts';
import { Wants } from '../shared/wants.ts';
import { ROWS_IN_SIGHT } from './bars.ts';
import { legend } from './legend.ts';
import { lines } from './lines.ts';
import { Moves } from './moves.ts';
import { outside } from './outside.ts';
import { PipescopeTimelinePhases } from './phaseRows.ts';
import { type Scene, SceneMaker } from './scene.ts';
import { signStyles } from './rows.styles.ts';
import './strip.ts';
import { phasesTable } from './tables.ts';
import { timelineStyles } from './timeline.styles.ts';
import { toolbar } from './toolbar.ts';
import { TimeWindow } from './window.ts';
import './workers.ts';
import { PipescopeTimelineLanes } from './workers.ts';

const TABLE_HEIGHT = 384;
/** So long a file waits for the critical path. */
const PATIENCE_MS = 3_000;

/** Where the time of a run went: phases, or tasks by worker, with the critical path, waits and gaps. */
@customElement('pipescope-timeline')
export class PipescopeTimeline extends RegionElement {
  static override styles = [...RegionElement.styles, chartStyles, signStyles, timelineStyles];
  readonly region = 'Timeline';
  @state() private scrolled = 0;
  readonly #maker = new SceneMaker();
  readonly #window = new TimeWindow(
    () => this.app,
    () => this.#lanes()?.frame ?? this.#scene?.extent,
  );
  #scene: Scene | undefined;

  constructor() {
    super();
    new Watch(this, ['phases', 'sub_phases', 'selection', 'view', 'jobs', 'work', 'path'], {
      clock: true,
    });
    new Moves(this);
    new WantsPath(this);
    // What is known of workers says why nothing runs.
    new Wants(this, 'workers');
  }

  protected override skeleton(): TemplateResult {
    // More than phases: lines, strip and axis are as high as four rows.
    const rows = 4 + Math.min(ROWS_IN_SIGHT, Math.max(3, this.app.store.job?.phases_total ?? 10));
    return html`${Array.from({ length: rows }, () => html`<div class="skeleton"></div>`)}`;
  }

  protected override actions(): Content {
    const as = this.app.session.view.timelineAs;
    if (this.#scene === undefined && as.lanes === 'phases') return nothing;
    return toolbar({
      as,
      change: (change) => this.#change(change),
      folding: this.#scene?.folding ?? null,
      hasPath: (this.#scene?.path?.steps.length ?? 0) > 0,
      zoomed: this.#window.zoomed,
      fold: (shown) => this.#foldAll(shown),
      zoomBy: (factor) => this.#window.zoomBy(factor),
      reset: () => this.#window.reset(),
      save: (format) => void this.#save(format),
    });
  }

  protected override willUpdate(): void {
    this.#scene = this.waiting ? undefined : this.#maker.make(this.app);
  }

  protected content(): Content {
    const { lanes, table } = this.app.session.view.timelineAs;
    const scene = this.#scene;
    if (lanes === 'workers')
      return html`<pipescope-timeline-lanes
        .app=${this.app}
        .seen=${this.seen}
        .scene=${scene}
        .range=${this.#window}
      ></pipescope-timeline-lanes>`;
    if (scene === undefined) return html`<p class="empty">${t('No phase has started so far.')}</p>`;
    const phases = this.app.store.detail?.orderedPhases() ?? [];
    return html`
      ${lines(scene, () => this.app.path.retry())}
      <pipescope-timeline-strip
        .time=${scene.extent}
        .path=${scene.path}
        .now=${scene.context.now}
        .phases=${phases}
        .range=${this.#window}
      ></pipescope-timeline-strip>
      ${
        table
          ? this.#table(scene)
          : scene.extent.outside
            ? outside(this.app)
            : html`<pipescope-timeline-phases
                  .app=${this.app}
                  .scene=${scene}
                ></pipescope-timeline-phases>
                ${legend()}`
      }
    `;
  }

  #table(scene: Scene): TemplateResult {
    return tableView({
      name: t('Timeline'),
      table: phasesTable(scene),
      height: TABLE_HEIGHT,
      scrollTop: this.scrolled,
      scrolled: (top) => (this.scrolled = top),
    });
  }

  #lanes(): PipescopeTimelineLanes | undefined {
    const lanes = this.renderRoot.querySelector('pipescope-timeline-lanes');
    return lanes instanceof PipescopeTimelineLanes ? lanes : undefined;
  }

  #change(change: Partial<View['timelineAs']>): void {
    const { timelineAs } = this.app.session.view;
    this.app.session.set({ timelineAs: { ...timelineAs, ...change } });
  }

  #foldAll(shown: boolean): void {
    this.app.session.set({ subPhases: { shown, except: [] } });
    const phases = this.renderRoot.querySelector('pipescope-timeline-phases');
    if (phases instanceof PipescopeTimelinePhases)
      void this.updateComplete.then(() => phases.reveal());
  }

  async #save(format: ChartFormat): Promise<void> {
    try {
      const { timelineFile } = await import('./files.ts');
      // A file that is made at once has the path as well.
      await this.app.path.ready(PATIENCE_MS);
      this.#scene = this.#maker.make(this.app);
      const lanes = this.#lanes();
      const what = lanes?.drawn ?? (this.#scene && { scene: this.#scene });
      if (what === undefined) throw new Error(t('Nothing is drawn so far.'));
      const title = this.app.store.job?.name ?? '';
      const file = timelineFile(format, { ...what, title, element: this }, this.app.clock.now());
      this.app.session.request({ type: 'host', action: 'save_file', ...file });
    } catch (error) {
      const message = t('The timeline could not be saved: {0}', messageOf(error));
      this.app.store.say({ level: 'error', message });
    }
  }
}
