import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { setCss } from '../../cssDirective.ts';
import { scrollTo, type Window, windowOf } from '../../virtual.ts';
import { Watch } from '../../watch.ts';
import { RegionElement, type Content } from '../shared/region.ts';
import { Sized } from '../shared/sized.ts';
import { barOf, type Bar, ROWS_IN_SIGHT, type Row, rowsOf } from './bars.ts';
import { openOf, placeOf, toggled } from './folds.ts';
import { rowLabel } from './label.ts';
import { axis, plot, ROW } from './plot.ts';
import { pan, type Span, toTime, zoom } from '../../timeScale.ts';
import { timelineStyles } from './timeline.styles.ts';
import { type Scene, sceneOf } from './scene.ts';
import { toolbar } from './toolbar.ts';
import { tooltip } from './tooltip.ts';
import { rowFacts } from './words.ts';

/** Phases and sub-phases against time. Running bars grow with the clock of the page. */
@customElement('pipescope-timeline')
export class PipescopeTimeline extends RegionElement {
  static override styles = [...RegionElement.styles, timelineStyles];
  readonly region = 'Timeline';
  @state() private scrolled = 0;
  /** The row the keyboard is on, and the one under the pointer. */
  @state() private active = 0;
  @state() private hovered: number | null = null;
  @state() private listFocused = false;
  readonly #plot = new Sized(this, '.plot');
  readonly #rows = new Sized(this, '.rows');
  readonly #labelActions = {
    select: (index: number) => this.#select(index),
    toggle: (row: Row) => this.#toggle(row),
    hover: (index: number) => (this.hovered = index),
  };
  #scene: Scene | undefined;
  /** The job whose failed phase has been scrolled to. */
  #opened: string | undefined;
  #rowCache: { key: unknown[]; rows: readonly Row[] } | undefined;
  #drag: { x: number; shown: Span; moved: boolean } | undefined;

  constructor() {
    super();
    new Watch(this, ['phases', 'sub_phases', 'selection', 'view', 'jobs'], { clock: true });
  }

  protected override skeleton(): TemplateResult {
    // One more than phases: the axis is as high as a row.
    const rows = 1 + Math.min(ROWS_IN_SIGHT, Math.max(3, this.app.store.job?.phases_total ?? 10));
    return html`${Array.from({ length: rows }, () => html`<div class="skeleton"></div>`)}`;
  }

  protected override actions(): Content {
    if (this.#scene === undefined) return nothing;
    return toolbar({
      folding: this.#scene.folding,
      zoomed: this.app.session.view.timeline !== null,
      fold: (shown) => this.#foldAll(shown),
      zoomBy: (factor) => this.#zoomBy(factor),
      reset: this.#reset,
    });
  }

  protected override willUpdate(): void {
    const before = this.#scene?.rows;
    this.#scene = this.waiting ? undefined : sceneOf(this.app, this.#rowsOf());
    const rows = this.#scene?.rows;
    if (before !== undefined && rows !== undefined && rows !== before)
      this.active = placeOf(before[this.active], rows);
  }

  /** A job that is opened shows where it failed. */
  protected override updated(): void {
    const job = this.app.store.detail?.jobId;
    if (this.#scene === undefined || job === this.#opened) return;
    this.#opened = job;
    const failed = this.#scene.rows.findIndex(({ phase }) => phase.status === 'FAILED');
    this.active = Math.max(0, failed);
    this.#scrollToActive();
  }

  protected content(): Content {
    const scene = this.#scene;
    if (scene === undefined) return html`<p class="empty">No phase has started so far.</p>`;
    const view = {
      shown: scene.shown,
      width: this.#plot.width,
      now: scene.running ? scene.context.now - scene.context.origin : null,
    };
    const list = { count: scene.rows.length, rowHeight: ROW };
    const window = windowOf(list, this.scrolled, this.#rows.height || 384);
    const bars = scene.rows
      .slice(window.start, window.end)
      .map((row) => ({ ...barOf(row, scene.context), sub: row.kind === 'sub' }));
    return html`<div class="frame" @wheel=${{ handleEvent: this.#wheel, passive: false }}>
      <div class="axis"><span></span>${axis(view)}</div>
      <div
        class="rows"
        role=${scene.folding === null ? 'listbox' : 'tree'}
        tabindex="0"
        aria-label="Phases against time"
        aria-activedescendant=${`row-${this.active}`}
        @scroll=${this.#scroll}
        @keydown=${this.#keydown}
        @focus=${() => (this.listFocused = true)}
        @blur=${() => (this.listFocused = false)}
        @pointerleave=${() => (this.hovered = null)}
      >
        <div role="presentation" ${setCss({ height: `${scene.rows.length * ROW}px` })}></div>
        <div
          class="window"
          role="presentation"
          ${setCss({ transform: `translateY(${window.before}px)` })}
        >
          <div role="presentation">
            ${bars.map((bar, index) => this.#label(scene, window.start + index, bar))}
          </div>
          <div
            class="plot ${this.app.session.view.timeline === null ? '' : 'zoomed'}"
            role="presentation"
            @pointermove=${(event: PointerEvent) => this.#point(event, window)}
            @pointerdown=${this.#startDrag}
            @pointercancel=${() => (this.#drag = undefined)}
            @click=${this.#click}
          >
            ${plot(view, bars)}
          </div>
        </div>
      </div>
      ${this.#tooltip(scene)}
    </div>`;
  }

  #label(scene: Scene, index: number, bar: Bar): TemplateResult {
    const row = scene.rows[index] as Row;
    const label = {
      ...{ row, index, active: index === this.active, folding: scene.folding !== null },
      selected: row.kind === 'phase' && this.app.session.view.phase === row.id,
      facts: rowFacts(row, bar, scene.context.origin).join(', '),
    };
    return rowLabel(label, this.#labelActions);
  }

  #tooltip(scene: Scene): Content {
    const index = this.hovered ?? (this.listFocused ? this.active : null);
    const row = index === null ? undefined : scene.rows[index];
    if (index === null || row === undefined || this.#drag?.moved) return nothing;
    const lines = rowFacts(row, barOf(row, scene.context), scene.context.origin);
    return tooltip(lines, { index, scrolled: this.scrolled, height: this.#rows.height || 384 });
  }

  /** Thousands of rows are made anew only when a record changed, not with every tick. */
  #rowsOf(): readonly Row[] {
    const { detail } = this.app.store;
    if (detail === null) return [];
    const { subPhases } = this.app.session.view;
    const key = [detail, detail.orderedPhases(), detail.subPhaseVersion, subPhases];
    if (this.#rowCache?.key.every((part, index) => part === key[index]) !== true)
      this.#rowCache = {
        key,
        rows: rowsOf(detail.orderedPhases(), (id) => detail.subPhasesOf(id), subPhases),
      };
    return this.#rowCache.rows;
  }

  #select(index: number): void {
    const row = this.#scene?.rows[index];
    if (row === undefined) return;
    this.active = index;
    this.app.session.set({ phase: row.phase.phase_id });
  }

  #foldAll(shown: boolean): void {
    this.app.session.set({ subPhases: { shown, except: [] } });
    void this.updateComplete.then(() => this.#scrollToActive());
  }

  #toggle({ phase }: Row): void {
    this.app.session.set({ subPhases: toggled(this.app.session.view.subPhases, phase.phase_id) });
  }

  /** To the right a phase opens, to the left it closes, and a sub-phase leads to its phase. */
  #fold({ rows }: Scene, open: boolean): void {
    const row = rows[this.active];
    if (row === undefined) return;
    if (openOf(row) === !open) this.#toggle(row);
    else if (row.kind === 'sub' && !open)
      this.#move(rows.findIndex(({ id }) => id === row.phase.phase_id));
  }

  /** The arrows of a tree fold; those of a list, and with Shift, move the time. */
  #sideways(direction: 1 | -1, shift: boolean): void {
    if (this.#scene !== undefined && this.#scene.folding !== null && !shift)
      this.#fold(this.#scene, direction > 0);
    else this.#panBy(direction * 0.1);
  }

  #zoomBy(factor: number, around?: number): void {
    const scene = this.#scene;
    if (scene === undefined) return;
    const { shown, whole } = scene;
    this.app.session.set({
      timeline: zoom(shown, whole, factor, around ?? (shown.from + shown.to) / 2),
    });
  }

  #panBy(share: number): void {
    if (this.#scene === undefined || this.app.session.view.timeline === null) return;
    this.app.session.set({ timeline: pan(this.#scene.shown, this.#scene.whole, share) });
  }

  readonly #reset = (): void => this.app.session.set({ timeline: null });

  readonly #scroll = (event: Event): void => {
    this.scrolled = (event.currentTarget as Element).scrollTop;
  };

  readonly #wheel = (event: WheelEvent): void => {
    const zooms = event.ctrlKey || event.metaKey;
    if (this.#scene === undefined || !(zooms || event.shiftKey)) return; // The page scrolls.
    event.preventDefault();
    const left = this.renderRoot.querySelector('.plot')?.getBoundingClientRect().left ?? 0;
    const around = toTime(event.clientX - left, this.#scene.shown, this.#plot.width);
    const turned = event.deltaY || event.deltaX;
    if (zooms) this.#zoomBy(turned < 0 ? 1.2 : 1 / 1.2, around);
    else this.#panBy(Math.sign(turned) * 0.1);
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    const act = this.#keys(event.shiftKey)[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  };

  #keys(shift: boolean): Partial<Record<string, () => void>> {
    return {
      ArrowDown: () => this.#move(this.active + 1),
      ArrowUp: () => this.#move(this.active - 1),
      PageDown: () => this.#move(this.active + 10),
      PageUp: () => this.#move(this.active - 10),
      Home: () => this.#move(0),
      End: () => this.#move(Infinity),
      Enter: () => this.#select(this.active),
      ' ': () => this.#select(this.active),
      ArrowRight: () => this.#sideways(1, shift),
      ArrowLeft: () => this.#sideways(-1, shift),
      '+': () => this.#zoomBy(1.5),
      '=': () => this.#zoomBy(1.5),
      '-': () => this.#zoomBy(1 / 1.5),
      '0': this.#reset,
      Escape: () => (this.listFocused = false),
    };
  }

  #move(to: number): void {
    const count = this.#scene?.rows.length ?? 0;
    this.active = Math.max(0, Math.min(count - 1, to));
    this.listFocused = true;
    this.hovered = null;
    this.#scrollToActive();
  }

  #scrollToActive(): void {
    const list = { count: this.#scene?.rows.length ?? 0, rowHeight: ROW };
    const rows = this.renderRoot.querySelector('.rows');
    if (rows === null) return;
    this.scrolled = scrollTo(list, this.active, rows.scrollTop, rows.clientHeight);
    rows.scrollTop = this.scrolled;
  }

  #point(event: PointerEvent, window: Window): void {
    const plotArea = event.currentTarget as Element;
    if (this.#drag && event.buttons === 1) {
      this.#drag.moved ||= Math.abs(this.#drag.x - event.clientX) > 3;
      const share = (this.#drag.x - event.clientX) / Math.max(1, this.#plot.width);
      if (this.#scene)
        this.app.session.set({ timeline: pan(this.#drag.shown, this.#scene.whole, share) });
      return;
    }
    const y = event.clientY - plotArea.getBoundingClientRect().top;
    this.hovered = window.start + Math.floor(y / ROW);
  }

  readonly #startDrag = (event: PointerEvent): void => {
    if (this.app.session.view.timeline === null || event.button !== 0 || !this.#scene) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#drag = { x: event.clientX, shown: this.#scene.shown, moved: false };
  };

  /** Comes after every drag too, but means a row only when nothing was moved. */
  readonly #click = (): void => {
    const moved = this.#drag?.moved === true;
    this.#drag = undefined;
    if (!moved && this.hovered !== null) this.#select(this.hovered);
  };
}
