import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import type { PathView } from '../../pathView.ts';
import { STATUSES } from '../../../service/protocol/states.ts';
import { setCss } from '../../cssDirective.ts';
import { timesOfPhase } from '../../phaseTimes.ts';
import { onThemeChange } from '../../theme.ts';
import { toPixels } from '../../timeScale.ts';
import { Sized } from '../shared/sized.ts';
import { shared } from '../shared/styles.ts';
import type { Extent, TimeWindow } from './window.ts';

const HEIGHT = 28;

/** The whole run in little, with the part that is shown: drag it to move, or draw another part. */
@customElement('pipescope-timeline-strip')
export class PipescopeTimelineStrip extends LitElement {
  static override styles = [
    shared,
    css`
      .strip {
        position: relative;
        height: ${HEIGHT}px;
        margin-bottom: 4px;
        border: 1px solid var(--ps-line);
        overflow: hidden;
        cursor: crosshair;
        touch-action: pan-y;
      }
      canvas {
        display: block;
        width: 100%;
        height: 100%;
      }
      .shown {
        position: absolute;
        inset-block: 0;
        background: var(--vscode-editor-selectionBackground, rgba(38, 119, 203, 0.35));
        border-inline: 2px solid var(--vscode-focusBorder, #007fd4);
        opacity: 0.6;
        cursor: grab;
      }
    `,
  ];
  @property({ attribute: false }) time!: Extent;
  @property({ attribute: false }) path: PathView | null = null;
  /** Epoch milliseconds: where open phases end for now. */
  @property({ attribute: false }) now = 0;
  @property({ attribute: false }) phases: readonly PhaseRecord[] = [];
  @property({ attribute: false }) range!: TimeWindow;
  readonly #size = new Sized(this, '.strip');
  #drawn: readonly unknown[] = [];
  #drawnTo = 0;
  #drag: { x: number; moves: boolean; from: number; to: number } | undefined;
  #stop: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onThemeChange(() => {
      this.#drawn = [];
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#stop = undefined;
  }

  protected override render(): TemplateResult {
    const { shown, whole } = this.time;
    const { width } = this.#size;
    const left = toPixels(shown.from, whole, width);
    const right = toPixels(shown.to, whole, width);
    return html`<div
      class="strip"
      aria-hidden="true"
      @pointerdown=${this.#down}
      @pointermove=${this.#move}
      @pointerup=${this.#up}
      @pointercancel=${this.#up}
      @dblclick=${() => this.range.back()}
    >
      <canvas></canvas>
      <div
        class="shown"
        ?hidden=${this.time.outside || shown === whole}
        ${setCss({ left: `${left}px`, width: `${Math.max(4, right - left)}px` })}
      ></div>
    </div>`;
  }

  protected override updated(): void {
    const { from, to } = this.time.whole;
    const key = [this.phases, from, this.path?.ids, this.#size.width, this.time.origin];
    // What grows is drawn again when it has grown by a pixel.
    const grown = Math.abs(to - this.#drawnTo) * this.#size.width >= to - from;
    if (!grown && key.every((part, index) => part === this.#drawn[index])) return;
    [this.#drawn, this.#drawnTo] = [key, to];
    this.#draw();
  }

  /** A line a phase; those of one status are drawn in one go. */
  #draw(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    const { width } = this.#size;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || width === 0) return;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(HEIGHT * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const style = getComputedStyle(this);
    const colors = new Map(STATUSES.map((one) => [one, style.getPropertyValue(`--ps-${one}`)]));
    const marked = style.color;
    const { now, path } = this;
    const { whole, origin } = this.time;
    const each = (HEIGHT - 6) / Math.max(1, this.phases.length);
    for (const [index, phase] of this.phases.entries()) {
      const { start, end } = timesOfPhase(phase);
      if (start === null) continue;
      const x = toPixels(start - origin, whole, width);
      const right = toPixels((end ?? Math.max(start, now)) - origin, whole, width);
      const length = Math.max(1, right - x);
      context.fillStyle = colors.get(phase.status) ?? marked;
      context.fillRect(x, 1 + index * each, length, Math.max(1, each));
      if (path?.ids.has(phase.phase_id) !== true) continue;
      context.fillStyle = marked;
      context.fillRect(x, HEIGHT - 4, length, 2);
    }
  }

  readonly #down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const moves = (event.target as Element).classList.contains('shown');
    this.#drag = { x: event.clientX, moves, ...this.time.shown };
  };

  readonly #move = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (drag === undefined || Math.abs(event.clientX - drag.x) < 3) return;
    const { whole } = this.time;
    const each = (whole.to - whole.from) / Math.max(1, this.#size.width);
    if (drag.moves)
      this.range.panBy(((event.clientX - drag.x) * each) / (drag.to - drag.from), drag);
    else {
      const left = this.getBoundingClientRect().left;
      const [a, b] = [drag.x - left, event.clientX - left].sort((p, q) => p - q) as [
        number,
        number,
      ];
      this.range.moveTo({ from: whole.from + a * each, to: whole.from + b * each });
    }
  };

  readonly #up = (): void => {
    this.#drag = undefined;
    this.range.rest();
  };
}
