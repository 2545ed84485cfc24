import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App } from '../../app.ts';
import type { Titled } from '../../charts/file.ts';
import type { ChartFormat } from '../../charts/format.ts';
import { isEmpty, numbersOf } from '../../charts/numbers.ts';
import { type Reading, readingOf, spoken, type Stop } from '../../charts/reading.ts';
import { same } from '../../charts/same.ts';
import type { ChartSpec } from '../../charts/spec.ts';
import { tableOf } from '../../charts/table.ts';
import type { Drawn, Paper } from '../../report/drawn.ts';
import { setCss } from '../../cssDirective.ts';
import { icon } from '../../icons.ts';
import { onThemeChange, themeValue } from '../../theme.ts';
import { Near } from '../shared/near.ts';
import type { Content } from '../shared/region.ts';
import { Sized } from '../shared/sized.ts';
import { shared } from '../shared/styles.ts';
import { CanvasDrawing } from './canvasDrawing.ts';
import { chartStyles } from './chart.styles.ts';
import { overlay } from './overlay.ts';
import { legend, onlyKey } from './parts.ts';
import { kept, moved, NOWHERE, type Pointing, spanOf } from './pointing.ts';
import { chartDrawn, saveChart } from './save.ts';
import { tableView } from './tableView.ts';
import { heightOf, summary } from './words.ts';
import './exportMenu.ts';

/** Pixels that a pointer moves before it marks a part of the time. */
const DRAG = 4;

/** A chart with its name, its numbers, its table and its files; read by pointer and by keys. */
@customElement('pipescope-chart')
export class PipescopeChart extends LitElement {
  static override styles = [shared, chartStyles];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) name = '';
  /** Null while it is being fetched. */
  @property({ attribute: false, hasChanged: (now, before) => !same(now, before) })
  chart: ChartSpec | null = null;
  /** A sentence below. */
  @property({ attribute: false }) note = '';
  /** The sentence where there are no values. */
  @property({ attribute: false }) empty = '';
  /** Shows the table instead. */
  @property({ attribute: false }) table = false;
  @state() private pointing: Pointing = NOWHERE;
  /** The moment of the page's crosshair, epoch milliseconds. */
  @state() private moment: number | null = null;
  /** What was reached by keys, said to a screen reader. */
  @state() private said = '';
  @state() private scrolled = 0;
  @query('canvas') readonly canvas!: HTMLCanvasElement | null;
  readonly #size = new Sized(this, '.canvas');
  readonly #near = new Near(this);
  readonly #canvas = new CanvasDrawing(this, {
    near: () => this.#near.is,
    size: () => ({ width: this.#size.width, height: this.#size.height }),
    moments: () => this.#read().moments,
  });
  #reading: Reading | undefined;
  /** Whether the theme is one of high contrast. Asked once: the answer makes the browser compute the styles of the page. */
  #contrast: boolean | undefined;
  #stops: (() => void)[] = [];
  /** Where a pointer went down, pixels. */
  #down: { x: number; time: number } | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops = [
      onThemeChange(() => {
        this.#contrast = undefined;
        this.#canvas.now?.retheme();
        this.requestUpdate();
      }),
      this.app.crosshair.subscribe((time) => {
        if (this.chart?.kind === 'time') this.moment = time;
      }),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
    this.pointing = NOWHERE;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('chart')) return;
    const before = this.#reading;
    this.#reading = undefined;
    const { at } = this.pointing;
    if (at !== null && before !== undefined && this.chart !== null)
      this.pointing = { ...this.pointing, at: kept(at, before, this.#read()) };
  }

  /** Made when somebody reads: most updates need none. */
  #read(): Reading {
    this.#reading ??= readingOf(this.chart as ChartSpec);
    return this.#reading;
  }

  protected override render(): TemplateResult {
    const { chart } = this;
    const bare = chart === null || isEmpty(chart);
    const numbers = bare ? [] : numbersOf(chart, this.app.time.live);
    return html`<figure aria-busy=${chart === null ? 'true' : 'false'}>
      <figcaption>
        <div class="title">
          ${chart === null ? nothing : onlyKey(chart)}
          <span class="name cut" title=${this.name}>${this.name}</span>
          <span class="caption number numbers"
            >${numbers.map((one) => html`<span>${one}</span>`)}</span
          >
        </div>
        ${bare ? nothing : this.#actions()}
      </figcaption>
      ${chart === null ? this.#skeleton() : this.#body(chart, numbers)}
      ${this.note === '' ? nothing : html`<p class="caption">${this.note}</p>`}
      <p class="spoken" aria-live="polite">${this.said}</p>
    </figure>`;
  }

  #actions(): TemplateResult {
    const label = this.table
      ? t('Show {0} as chart', this.name)
      : t('Show {0} as table', this.name);
    return html`<div class="actions">
      <vscode-button
        appearance="icon"
        aria-label=${label}
        title=${label}
        @click=${() => (this.table = !this.table)}
        >${icon(this.table ? 'graphLine' : 'table')}</vscode-button
      >
      <pipescope-chart-export
        .name=${this.name}
        @pipescope-save=${this.#save}
      ></pipescope-chart-export>
    </div>`;
  }

  #skeleton(): TemplateResult {
    return html`<div
      class="skeleton"
      ${setCss({ height: `calc(${heightOf(null)}px * var(--ps-height, 1))` })}
    ></div>`;
  }

  #body(chart: ChartSpec, numbers: readonly string[]): TemplateResult {
    const height = heightOf(chart);
    if (isEmpty(chart)) {
      const sentence = this.empty === '' ? t('Nothing was measured in this time.') : this.empty;
      return html`<div
        class="middle"
        ${setCss({ height: `calc(${height}px * var(--ps-height, 1))` })}
      >
        <p>${sentence}</p>
      </div>`;
    }
    if (this.table)
      return tableView({
        ...{ name: this.name, table: tableOf(chart), height, scrollTop: this.scrolled },
        scrolled: (top) => (this.scrolled = top),
      });
    this.#contrast ??= themeValue('--vscode-contrastBorder', '') !== '';
    return html`${legend(chart, this.moment, this.#contrast)}
      <div
        class="canvas ${this.#stop()?.jobId ? 'leads' : ''}"
        role="img"
        tabindex="0"
        aria-label=${summary(this.name, chart, numbers.join(' · '))}
        ${setCss({ height: `calc(${height}px * var(--ps-height, 1))` })}
        @pointerdown=${this.#pressed}
        @pointermove=${this.#moved}
        @pointerup=${this.#released}
        @pointercancel=${this.#leave}
        @pointerleave=${this.#leave}
        @dblclick=${() => chart.kind === 'time' && this.app.time.back()}
        @blur=${this.#leave}
        @keydown=${this.#key}
      >
        <canvas></canvas>
        ${this.#overlay(chart)}
      </div>`;
  }

  #stop(): Stop | null {
    const { at } = this.pointing;
    return at === null || this.chart === null ? null : this.#read().stop(at);
  }

  #overlay(chart: ChartSpec): Content {
    const drawing = this.#canvas.now;
    if (drawing === undefined) return nothing;
    const { pointing, moment } = this;
    const reading = (): Reading => this.#read();
    return overlay({
      drawing,
      chart,
      pointing,
      reading,
      moment,
      stop: this.#stop(),
      size: this.#size,
    });
  }

  #point(pointing: Pointing): void {
    this.pointing = pointing;
    if (this.chart?.kind === 'time') this.app.crosshair.set(this.#stop()?.time ?? null);
  }

  #place(event: PointerEvent): { x: number; y: number } {
    const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  readonly #pressed = (event: PointerEvent): void => {
    const { x } = this.#place(event);
    const time = this.chart?.kind === 'time' ? (this.#canvas.now?.timeAt(x) ?? null) : null;
    if (event.button !== 0) return;
    this.#down = { x, time: time ?? NaN };
    if (time !== null) (event.currentTarget as Element).setPointerCapture(event.pointerId);
  };

  readonly #moved = (event: PointerEvent): void => {
    const place = this.#place(event);
    const down = this.#down;
    const head = this.#canvas.now?.timeAt(place.x) ?? null;
    const drags = down !== null && !Number.isNaN(down.time) && Math.abs(place.x - down.x) > DRAG;
    const brush = drags && head !== null ? { anchor: down.time, head } : null;
    this.said = '';
    this.#point({ at: this.#canvas.now?.find(place) ?? null, brush });
  };

  readonly #released = (): void => {
    const { brush } = this.pointing;
    const pressed = this.#down !== null;
    this.#down = null;
    if (brush !== null) this.#zoom(spanOf(brush));
    else if (pressed) this.#follow();
  };

  #zoom(span: { from: number; to: number }): void {
    this.#point(NOWHERE);
    this.app.time.zoomTo(span);
  }

  /** Shows the run that is meant here. */
  #follow(): void {
    const stop = this.#stop();
    if (stop?.jobId) this.app.session.showJob(stop.jobId, stop.phaseId ?? null);
  }

  readonly #leave = (): void => {
    this.#down = null;
    this.#point(NOWHERE);
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || this.chart === null) return;
    if (!this.#command(event.key) && !this.#go(event)) return;
    event.preventDefault();
  };

  #command(key: string): boolean {
    const { brush, at } = this.pointing;
    if (key === 'Enter' && brush !== null) this.#zoom(spanOf(brush));
    else if (key === 'Enter') this.#follow();
    else if (key === 'Escape' && (at !== null || brush !== null)) this.#point(NOWHERE);
    else if (key === 'Backspace' && this.chart?.kind === 'time') this.app.time.back();
    else return false;
    return true;
  }

  #go(event: KeyboardEvent): boolean {
    const reading = this.#read();
    const at = moved(this.pointing.at, event.key, reading);
    if (at === null) return false;
    const from = this.#stop()?.time ?? null;
    const head = reading.moments[at.column];
    const anchor = this.pointing.brush?.anchor ?? from;
    const brush = event.shiftKey && anchor !== null && head !== undefined ? { anchor, head } : null;
    this.#point({ at, brush });
    const stop = this.#stop();
    this.said = stop === null ? '' : spoken(stop, reading.rows);
    return true;
  }

  readonly #save = (event: CustomEvent<ChartFormat>): void => {
    const titled = this.#titled();
    if (titled !== null) void saveChart(this.app, event.detail, titled);
  };

  #titled(): Titled | null {
    const { chart, name, app } = this;
    if (chart === null) return null;
    const numbers = numbersOf(chart, app.time.live).join(' · ');
    return { name, numbers, spec: chart, height: heightOf(chart) };
  }

  async forReport(paper: Paper): Promise<Drawn | null> {
    const titled = this.#titled();
    return titled === null || isEmpty(titled.spec) ? null : chartDrawn(titled, paper);
  }
}
