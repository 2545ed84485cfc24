import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { setCss } from '../../cssDirective.ts';
import { icon } from '../../icons.ts';
import { scrollTo, type Window, windowOf } from '../../virtual.ts';
import { Watch } from '../../watch.ts';
import { RegionElement, type Content } from '../shared/region.ts';
import { Sized } from '../shared/sized.ts';
import { statusIcon } from '../shared/status.ts';
import { barOf, type Bar, type Row, rowsOf } from './bars.ts';
import { axis, plot, ROW } from './plot.ts';
import { pan, type Span, toTime, zoom } from '../../timeScale.ts';
import { timelineStyles } from './timeline.styles.ts';
import { type Scene, sceneOf } from './scene.ts';
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
  #scene: Scene | undefined;
  #rowCache: { key: unknown[]; rows: readonly Row[] } | undefined;
  #drag: { x: number; shown: Span; moved: boolean } | undefined;

  constructor() {
    super();
    new Watch(this, ['phases', 'sub_phases', 'selection', 'view', 'jobs'], { clock: true });
  }

  protected override skeleton(): TemplateResult {
    // One more than phases: the axis is as high as a row.
    const rows = 1 + Math.min(16, Math.max(3, this.app.store.job?.phases_total ?? 10));
    return html`${Array.from({ length: rows }, () => html`<div class="skeleton"></div>`)}`;
  }

  protected override actions(): Content {
    if (this.#scene === undefined) return nothing;
    const { view } = this.app.session;
    return html`
      <vscode-button
        appearance="icon"
        aria-label="Zoom in"
        title="Zoom in (+)"
        @click=${() => this.#zoomBy(1.5)}
        >${icon('zoomIn')}</vscode-button
      >
      <vscode-button
        appearance="icon"
        aria-label="Zoom out"
        title="Zoom out (-)"
        ?disabled=${view.timeline === null}
        @click=${() => this.#zoomBy(1 / 1.5)}
        >${icon('zoomOut')}</vscode-button
      >
      <vscode-button
        appearance="icon"
        aria-label="Show the whole time"
        title="Show the whole time (0)"
        ?disabled=${view.timeline === null}
        @click=${this.#reset}
        >${icon('screenFull')}</vscode-button
      >
    `;
  }

  protected override willUpdate(): void {
    this.#scene = this.waiting ? undefined : sceneOf(this.app, this.#rowsOf());
  }

  protected content(): Content {
    const scene = this.#scene;
    if (scene === undefined) return html`<p class="empty">No phase has started so far.</p>`;
    const view = {
      shown: scene.shown,
      width: this.#plot.width,
      now: scene.running ? scene.context.now - scene.context.origin : null,
    };
    const window = windowOf(
      { count: scene.rows.length, rowHeight: ROW },
      this.scrolled,
      this.#rows.height || 384,
    );
    const bars = scene.rows
      .slice(window.start, window.end)
      .map((row) => ({ ...barOf(row, scene.context), sub: row.kind === 'sub' }));
    return html`<div class="frame" @wheel=${{ handleEvent: this.#wheel, passive: false }}>
      <div class="axis"><span></span>${axis(view)}</div>
      <div
        class="rows"
        role="listbox"
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
    const { phase } = row;
    const selected = row.kind === 'phase' && this.app.session.view.phase === phase.phase_id;
    const name =
      row.kind === 'phase'
        ? html`${phase.phase_id}
            <span class="muted">${phase.name === phase.phase_id ? '' : phase.name}</span>`
        : row.sub.name;
    return html`<div
      id="row-${index}"
      class="row ${row.kind} ${index === this.active ? 'active' : ''}"
      role="option"
      aria-selected=${selected ? 'true' : 'false'}
      aria-label=${rowFacts(row, bar, scene.context.origin).join(', ')}
      @click=${() => this.#select(index)}
      @pointerenter=${() => (this.hovered = index)}
    >
      ${row.kind === 'phase' ? statusIcon(phase.status) : nothing}<span class="cut">${name}</span>
    </div>`;
  }

  #tooltip(scene: Scene): Content {
    const index = this.hovered ?? (this.listFocused ? this.active : null);
    const row = index === null ? undefined : scene.rows[index];
    if (index === null || row === undefined || this.#drag?.moved) return nothing;
    const lines = rowFacts(row, barOf(row, scene.context), scene.context.origin);
    const below = (index + 1) * ROW - this.scrolled + 22;
    const above = below > (this.#rows.height || 384) - 40 && index > 3;
    const place = above
      ? { bottom: `calc(100% - ${below - ROW - 2}px)`, left: 'var(--labels)' }
      : { top: `${below}px`, left: 'var(--labels)' };
    return html`<div class="tooltip" aria-hidden="true" ${setCss(place)}>
      ${lines.map((line) => html`<div>${line}</div>`)}
    </div>`;
  }

  /** Thousands of rows are made anew only when a record changed, not with every tick. */
  #rowsOf(): readonly Row[] {
    const { detail } = this.app.store;
    if (detail === null) return [];
    const key = [detail, detail.orderedPhases(), detail.subPhaseVersion];
    if (this.#rowCache?.key.every((part, index) => part === key[index]) !== true)
      this.#rowCache = {
        key,
        rows: rowsOf(detail.orderedPhases(), (id) => detail.subPhasesOf(id)),
      };
    return this.#rowCache.rows;
  }

  #select(index: number): void {
    const row = this.#scene?.rows[index];
    if (row === undefined) return;
    this.active = index;
    this.app.session.set({ phase: row.phase.phase_id });
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
    const act = this.#keys()[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  };

  #keys(): Partial<Record<string, () => void>> {
    const last = (this.#scene?.rows.length ?? 1) - 1;
    return {
      ArrowDown: () => this.#move(this.active + 1),
      ArrowUp: () => this.#move(this.active - 1),
      PageDown: () => this.#move(this.active + 10),
      PageUp: () => this.#move(this.active - 10),
      Home: () => this.#move(0),
      End: () => this.#move(last),
      Enter: () => this.#select(this.active),
      ' ': () => this.#select(this.active),
      ArrowRight: () => this.#panBy(0.1),
      ArrowLeft: () => this.#panBy(-0.1),
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
    const list = this.renderRoot.querySelector('.rows');
    if (list === null) return;
    this.scrolled = scrollTo(
      { count, rowHeight: ROW },
      this.active,
      list.scrollTop,
      list.clientHeight,
    );
    list.scrollTop = this.scrolled;
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
