import { t } from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { numeral } from '../../../service/protocol/intl.ts';
import { icon } from '../../icons.ts';
import { onThemeChange } from '../../theme.ts';
import type { Drawn, Paper } from '../../report/drawn.ts';
import { toPixels } from '../../timeScale.ts';
import type { Window } from '../../virtual.ts';
import type { Content } from '../shared/region.ts';
import { binFacts, laneFacts, laneName, taskFacts } from './laneWords.ts';
import { endOf, firstAfter, type Lane, type PlacedTask, taskAt } from './lanes.ts';
import { laneInk } from './ink.ts';
import { type Ink, type LaneView, paintLane, paintRows, trackAt } from './paintLanes.ts';
import { type Plot, ROW } from './plot.ts';
import { RowsView, type TimeFrame } from './rowsView.ts';

/** A job's tasks against time, a row a worker. */
@customElement('pipescope-timeline-workers')
export class PipescopeTimelineWorkers extends RowsView {
  @property({ attribute: false }) lanes: readonly Lane[] = [];
  @property({ attribute: false }) time!: TimeFrame;
  /** Epoch milliseconds: when open tasks end for now. */
  @property({ attribute: false }) now = 0;
  protected readonly listName = (): string => t('Tasks by worker against time');
  #window: Window = { start: 0, end: 0, before: 0, after: 0 };
  #ink: Ink | undefined;
  /** What the canvas shows. */
  #painted: readonly unknown[] = [];
  #stopTheme: (() => void) | undefined;
  /** The task that the keyboard is on, in its lane. */
  #task: PlacedTask | undefined;
  /** Pixels below the top of the row that is pointed at. */
  #within = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopTheme = onThemeChange(() => {
      this.#ink = undefined;
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopTheme?.();
    this.#stopTheme = undefined;
  }

  protected get frame(): TimeFrame {
    return this.time;
  }

  protected get count(): number {
    return this.lanes.length;
  }

  protected get listRole(): 'listbox' {
    return 'listbox';
  }

  protected override get keyboardTime(): number | null {
    return this.#task === undefined ? null : this.#task.start - this.time.origin;
  }

  protected override get followsPointer(): boolean {
    return true;
  }

  async forReport(paper: Paper): Promise<Drawn> {
    const { timelineDrawn } = await import('./files.ts');
    const { lanes, time: frame, now } = this;
    const title = this.app.store.job?.name ?? '';
    return timelineDrawn(this.listName(), { lanes, frame, now, title, ...paper }, paper);
  }

  protected label(index: number): TemplateResult {
    const lane = this.lanes[index] as Lane;
    return html`<div
      id="row-${index}"
      class="row ${index === this.active ? 'active' : ''}"
      role="option"
      aria-selected=${index === this.active ? 'true' : 'false'}
      @click=${() => this.select(index)}
      @pointerenter=${() => (this.hovered = index)}
    >
      ${icon('server')}<span class="cut name">${laneName(lane)}</span>
      <span class="attempt number" aria-hidden="true"
        >${numeral(lane.tasks)}${lane.failed > 0 ? failures(lane.failed) : nothing}</span
      ><span class="spoken">${laneFacts(lane, this.#run()).slice(1).join(', ')}</span>
    </div>`;
  }

  protected drawing(window: Window, { now, shown, width }: Plot): Content {
    this.#window = window;
    const height = (window.end - window.start) * ROW;
    const at = now === null ? null : toPixels(now, shown, width);
    return html`<canvas></canvas>
      <svg class="abovecanvas" width=${width} height=${height} aria-hidden="true">
        ${at === null ? nothing : nowLine(at, height)}
      </svg>`;
  }

  protected facts(index: number, time: number | null): string[] {
    const lane = this.lanes[index];
    if (lane === undefined) return [];
    if (time === null)
      return this.#task === undefined
        ? laneFacts(lane, this.#run())
        : taskFacts(this.#task, this.now);
    const at = time + this.time.origin;
    const task = taskAt(lane, at, trackAt(lane, this.#within), this.now);
    if (task !== undefined) return taskFacts(task, this.now);
    return [...laneFacts(lane, this.#run()), ...binFacts(lane, at)];
  }

  protected override pointedWithin(y: number): void {
    this.#within = y;
  }

  protected select(index: number): void {
    this.active = index;
    const phase = this.#task?.phase ?? this.#pointedTask(index)?.phase ?? null;
    if (phase !== null) this.app.session.set({ phase });
  }

  protected override move(to: number): void {
    this.#task = undefined;
    super.move(to);
  }

  /** From task to task in the lane; with Shift, along the time. */
  protected sideways(direction: 1 | -1, shift: boolean): void {
    if (shift) return this.window.panBy(direction * 0.1);
    const lane = this.lanes[this.active];
    if (lane === undefined || lane.placed.length === 0) return;
    const at =
      this.#task === undefined ? -1 : lane.placed.findIndex(({ id }) => id === this.#task?.id);
    const first = firstAfter(lane.placed, this.time.origin + this.time.shown.from);
    const next = at < 0 ? Math.min(first, lane.placed.length - 1) : at + direction;
    const task = lane.placed[Math.max(0, Math.min(lane.placed.length - 1, next))] as PlacedTask;
    this.#task = task;
    this.hovered = null;
    this.listFocused = true;
    this.app.crosshair.set(task.start);
    this.#reveal(task);
    this.requestUpdate();
  }

  /** Moves what is shown to a task beside it. */
  #reveal(task: PlacedTask): void {
    const { shown, origin } = this.time;
    const [from, to] = [task.start - origin, endOf(task, this.now) - origin];
    const length = shown.to - shown.from;
    if (from < shown.from || from > shown.to) this.window.panBy((from - shown.from) / length - 0.1);
    else if (to > shown.to && to - from < length)
      this.window.panBy((to - shown.to) / length + 0.05);
  }

  #pointedTask(index: number): PlacedTask | undefined {
    const lane = this.lanes[index];
    if (lane === undefined || this.pointed === null) return undefined;
    const time = this.pointed + this.time.origin;
    return taskAt(lane, time, trackAt(lane, this.#within), this.now);
  }

  protected override updated(): void {
    super.updated();
    this.#paint();
  }

  #paint(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    const context = canvas?.getContext('2d');
    const width = this.plotWidth;
    if (!canvas || !context || width === 0) return;
    const { start, end } = this.#window;
    const { shown, origin } = this.time;
    const key = [
      canvas,
      this.lanes,
      this.now,
      shown.from,
      shown.to,
      origin,
      width,
      start,
      end,
      this.#ink,
    ];
    if (this.#ink !== undefined && key.every((part, at) => part === this.#painted[at])) return;
    const height = (end - start) * ROW;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.setProperty('width', `${width}px`);
    canvas.style.setProperty('height', `${height}px`);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const view: LaneView = {
      ...{ shown: { from: shown.from + origin, to: shown.to + origin }, width, now: this.now },
      ink: (this.#ink ??= laneInk(this)),
    };
    paintRows(context, end - start, view);
    for (const [index, lane] of this.lanes.slice(start, end).entries())
      paintLane(context, lane, index * ROW, view);
    this.#painted = [...key.slice(0, -1), this.#ink];
  }

  #run(): { ms: number; now: number } {
    const { whole, until } = this.time;
    return { ms: until - whole.from, now: this.now };
  }
}

function failures(failed: number): TemplateResult {
  return html` <span class="failures">${icon('error')}${numeral(failed)}</span>`;
}

function nowLine(x: number, height: number): TemplateResult {
  return svg`<line class="now" x1=${x} x2=${x} y1="0" y2=${height}></line>`;
}
