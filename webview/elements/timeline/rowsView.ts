import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { App } from '../../app.ts';
import { setCss } from '../../cssDirective.ts';
import { preciseTime } from '../../format.ts';
import { type Span, toPixels } from '../../timeScale.ts';
import { scrollTo, type Window, windowOf } from '../../virtual.ts';
import type { Content } from '../shared/region.ts';
import { Sized } from '../shared/sized.ts';
import { statusStyles } from '../shared/status.ts';
import { shared } from '../shared/styles.ts';
import type { Gap } from './gaps.ts';
import { type GestureHost, Gestures } from './gestures.ts';
import { axis, gapRail, patterns, type Plot, ROW } from './plot.ts';
import { rowsStyles, signStyles } from './rows.styles.ts';
import { tooltip } from './tooltip.ts';
import { type Extent, TimeWindow } from './window.ts';

/** The time that is drawn: the same for phases and workers. */
export interface TimeFrame extends Extent {
  /** Where now is, while the job runs. */
  now: number | null;
  gaps: readonly Gap[];
}

const USUAL_HEIGHT = 384;

/** Rows against time, of which only those on the screen are drawn: axis, crosshair, keys, zoom, and the words on hover. */
export abstract class RowsView extends LitElement {
  static override styles = [shared, statusStyles, signStyles, rowsStyles];
  @property({ attribute: false }) app!: App;
  @state() protected scrolled = 0;
  /** The row the keyboard is on, and the one under the pointer. */
  @state() protected active = 0;
  @state() protected hovered: number | null = null;
  @state() protected listFocused = false;
  @state() private brush: Span | null = null;
  readonly window = new TimeWindow(
    () => this.app,
    () => this.frame,
  );
  readonly #frame = new Sized(this, '.frame');
  readonly #plot = new Sized(this, '.plot');
  readonly #rows = new Sized(this, '.rows');
  readonly #gestures = new Gestures(this.#gestureHost());
  /** Since the origin: where the pointer is. */
  protected pointed: number | null = null;
  #first = 0;
  #stop: (() => void) | undefined;

  protected abstract get frame(): TimeFrame | undefined;
  protected abstract get count(): number;
  protected abstract readonly listName: () => string;
  protected abstract get listRole(): 'listbox' | 'tree';
  protected abstract label(index: number): TemplateResult;
  protected abstract drawing(window: Window, view: Plot): Content;
  /** What is said of a row; `time` is where the pointer is, null for the keyboard. */
  protected abstract facts(index: number, time: number | null): string[];
  protected abstract select(index: number): void;
  /** Pixels below the top of the row that is pointed at, for rows with tracks. */
  protected pointedWithin?(y: number): void;
  protected abstract sideways(direction: 1 | -1, shift: boolean): void;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = this.app.crosshair.subscribe(() => this.#cross());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#stop = undefined;
  }

  protected get plotWidth(): number {
    return this.#plot.width;
  }

  protected get view(): Plot {
    const { shown, origin, now, gaps } = this.frame ?? NOTHING;
    const { clock } = this.app.session.view.timelineAs;
    return { shown, origin, now, gaps, clock, width: this.plotWidth };
  }

  protected override render(): Content {
    if (this.frame === undefined) return nothing;
    const { view } = this;
    const list = { count: this.count, rowHeight: ROW };
    const window = windowOf(list, this.scrolled, this.#rows.height || USUAL_HEIGHT);
    this.#first = window.start;
    const indexes = Array.from({ length: window.end - window.start }, (_, n) => window.start + n);
    const labels = Math.max(112, Math.min(256, this.#frame.width * 0.3));
    return html`<div
      class="frame"
      ${setCss({ '--labels': `${labels}px` })}
      @wheel=${{ handleEvent: this.#gestures.wheel, passive: false }}
    >
      ${patterns()}
      <div class="axis">
        <span></span>
        <div>${axis(view)}${gapRail(view)}</div>
      </div>
      <div
        class="rows"
        role=${this.listRole}
        tabindex="0"
        aria-label=${this.listName()}
        aria-activedescendant=${this.count === 0 ? nothing : `row-${this.active}`}
        @scroll=${this.#scroll}
        @keydown=${this.#keydown}
        @focus=${() => (this.listFocused = true)}
        @blur=${() => (this.listFocused = false)}
        @pointerleave=${() => (this.hovered = null)}
      >
        <div role="presentation" ${setCss({ height: `${this.count * ROW}px` })}></div>
        <div
          class="window"
          role="presentation"
          ${setCss({ transform: `translateY(${window.before}px)` })}
        >
          <div role="presentation">${indexes.map((index) => this.label(index))}</div>
          ${this.#plotArea(window, view)}
        </div>
      </div>
      ${this.#over()} ${this.#tooltip()}
    </div>`;
  }

  #plotArea(window: Window, view: Plot): TemplateResult {
    const { down, move, up, cancel, leave } = this.#gestures;
    return html`<div
      class="plot"
      role="presentation"
      @pointerdown=${down}
      @pointermove=${move}
      @pointerup=${up}
      @pointercancel=${cancel}
      @pointerleave=${leave}
      @click=${this.#click}
      @dblclick=${() => this.window.back()}
    >
      ${this.drawing(window, view)}
    </div>`;
  }

  /** What lies above the rows and takes no clicks: the crosshair, and the frame that is being drawn. */
  #over(): TemplateResult {
    const { shown, width } = this.view;
    const [from, to] = this.brush === null ? [0, 0] : [this.brush.from, this.brush.to];
    const left = Math.max(0, toPixels(from, shown, width));
    const right = Math.min(width, toPixels(to, shown, width));
    return html`<div class="over" aria-hidden="true" ${setCss({ width: `${width}px` })}>
      <div class="cross" hidden><span></span></div>
      ${
        this.brush === null
          ? nothing
          : html`<div
              class="brush"
              ${setCss({ left: `${left}px`, width: `${Math.max(0, right - left)}px` })}
            ></div>`
      }
    </div>`;
  }

  #tooltip(): Content {
    const index = this.hovered ?? (this.listFocused ? this.active : null);
    if (index === null || index >= this.count || this.#gestures.dragging) return nothing;
    const lines = this.facts(index, this.hovered === null ? null : this.pointed);
    const height = this.#rows.height || USUAL_HEIGHT;
    const at = this.hovered === null ? this.keyboardTime : this.pointed;
    const { shown, width } = this.view;
    const x = at === null ? 0 : toPixels(at, shown, width) + 12;
    return tooltip(lines, { index, scrolled: this.scrolled, height, x, width });
  }

  protected override updated(): void {
    this.#cross();
  }

  /** The moment that all charts mark. Set by hand: it moves with the pointer. */
  #cross(): void {
    const cross = this.renderRoot.querySelector<HTMLElement>('.cross');
    const { frame } = this;
    if (cross === null || frame === undefined) return;
    const { time } = this.app.crosshair;
    const x = time === null ? -1 : toPixels(time - frame.origin, frame.shown, this.plotWidth);
    cross.hidden = time === null || x < 0 || x > this.plotWidth;
    if (time === null || cross.hidden) return;
    cross.style.setProperty('transform', `translateX(${x}px)`);
    cross.classList.toggle('end', x > this.plotWidth - 90);
    const [says] = cross.children;
    if (says !== undefined) says.textContent = preciseTime(time);
  }

  protected move(to: number): void {
    this.active = Math.max(0, Math.min(this.count - 1, to));
    this.listFocused = true;
    this.hovered = null;
    this.scrollToActive();
  }

  protected scrollToActive(): void {
    const list = { count: this.count, rowHeight: ROW };
    const rows = this.renderRoot.querySelector('.rows');
    if (rows === null) return;
    this.scrolled = scrollTo(list, this.active, rows.scrollTop, rows.clientHeight);
    rows.scrollTop = this.scrolled;
  }

  readonly #scroll = (event: Event): void => {
    this.scrolled = (event.currentTarget as Element).scrollTop;
  };

  /** Comes after every drag too, but means a row only when nothing was moved. */
  readonly #click = (): void => {
    if (!this.#gestures.moved && this.hovered !== null) this.select(this.hovered);
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    const act = this.#keys(event.shiftKey)[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };

  #keys(shift: boolean): Partial<Record<string, () => void>> {
    return {
      ArrowDown: () => this.move(this.active + 1),
      ArrowUp: () => this.move(this.active - 1),
      PageDown: () => this.move(this.active + 10),
      PageUp: () => this.move(this.active - 10),
      Home: () => this.move(0),
      End: () => this.move(Infinity),
      Enter: () => this.select(this.active),
      ' ': () => this.select(this.active),
      ArrowRight: () => this.sideways(1, shift),
      ArrowLeft: () => this.sideways(-1, shift),
      '+': () => this.window.zoomBy(1.5),
      '=': () => this.window.zoomBy(1.5),
      '-': () => this.window.zoomBy(1 / 1.5),
      '0': () => this.window.reset(),
      Escape: () => (this.listFocused = false),
    };
  }

  #gestureHost(): GestureHost {
    return {
      window: this.window,
      shown: () => this.frame?.shown,
      place: () => {
        const left = this.renderRoot.querySelector('.plot')?.getBoundingClientRect().left ?? 0;
        return { left, width: this.plotWidth };
      },
      brush: (span) => (this.brush = span),
      point: (time, event) => this.#point(time, event),
    };
  }

  #point(time: number | null, event: PointerEvent): void {
    this.pointed = time;
    const { frame } = this;
    this.app.crosshair.set(time === null || frame === undefined ? null : frame.origin + time);
    if (time === null) return;
    const y = event.clientY - (event.currentTarget as Element).getBoundingClientRect().top;
    const before = this.hovered;
    this.hovered = this.#first + Math.floor(y / ROW);
    this.pointedWithin?.(y - (this.hovered - this.#first) * ROW);
    if (before === this.hovered && this.followsPointer) this.requestUpdate();
  }

  /** Since the origin: what the keyboard is on within its row; null where it is on the row. */
  protected get keyboardTime(): number | null {
    return null;
  }

  /** Whether the words change with the place in a row, too. */
  protected get followsPointer(): boolean {
    return false;
  }
}

const NOTHING: TimeFrame = {
  ...{ whole: { from: 0, to: 1 }, shown: { from: 0, to: 1 }, until: 1, outside: false },
  ...{ origin: 0, now: null, gaps: [] },
};
