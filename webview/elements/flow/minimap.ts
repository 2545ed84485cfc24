import { t } from '@vscode/l10n';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { setCss } from '../../cssDirective.ts';
import { shared } from '../shared/styles.ts';
import { byState } from './paint.ts';
import type { Palette } from './palette.ts';
import type { Rect } from './placeIndex.ts';
import type { Scene } from './scene.ts';

const MOST = { width: 168, height: 104 } as const;
/** States on a map this small change what one sees of it, but not by the moment. */
const QUIET_MS = 500;

/** What a person asked of the map: a place of the graph, or a share of the view to go by. */
export type MapMove = { to: { x: number; y: number } } | { by: { x: number; y: number } };

/** The whole graph, small, with the part that is seen. `pipescope-map` tells where to go. */
@customElement('pipescope-flow-map')
export class PipescopeFlowMap extends LitElement {
  static override styles = [
    shared,
    css`
      .map {
        position: relative;
        overflow: hidden;
        background: var(--vscode-editor-background);
        border: 1px solid
          var(--vscode-contrastBorder, var(--vscode-editorWidget-border, var(--ps-line)));
        border-radius: 3px;
        cursor: pointer;
        touch-action: none;
      }
      canvas {
        display: block;
        width: 100%;
        height: 100%;
      }
      .seen {
        position: absolute;
        border: 1px solid var(--vscode-focusBorder, #007fd4);
        background: color-mix(in srgb, var(--vscode-focusBorder, #007fd4) 12%, transparent);
        pointer-events: none;
      }
    `,
  ];
  @property({ attribute: false }) scene!: Scene;
  @property({ attribute: false }) palette!: Palette;
  /** The part of the graph that is seen. */
  @property({ attribute: false }) seen!: Rect;
  #painted: { scene: Scene; palette: Palette } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #at = -Infinity;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#painted = undefined;
  }

  protected override render(): TemplateResult {
    const scale = this.#scale();
    const { width, height } = this.scene.drawing;
    const { seen } = this;
    const [left, top] = [Math.max(0, seen.x), Math.max(0, seen.y)];
    const [right, bottom] = [
      Math.min(width, seen.x + seen.width),
      Math.min(height, seen.y + seen.height),
    ];
    return html`<div
      class="map"
      role="group"
      tabindex="0"
      aria-label=${t('Map of the graph: the arrow keys move the part that is shown')}
      @keydown=${this.#keydown}
      @pointerdown=${this.#point}
      @pointermove=${this.#point}
      ${setCss({ width: `${Math.max(24, width * scale) + 2}px`, height: `${Math.max(16, height * scale) + 2}px` })}
    >
      <canvas aria-hidden="true"></canvas>
      <div
        class="seen"
        ${setCss({
          left: `${left * scale}px`,
          top: `${top * scale}px`,
          width: `${Math.max(4, (right - left) * scale)}px`,
          height: `${Math.max(4, (bottom - top) * scale)}px`,
        })}
      ></div>
    </div>`;
  }

  protected override updated(): void {
    const { scene, palette } = this;
    if (this.#painted?.palette === palette && this.#painted.scene.states === scene.states) return;
    const fresh =
      this.#painted?.scene.drawing !== scene.drawing || this.#painted.palette !== palette;
    const wait = this.#at + QUIET_MS - performance.now();
    if (fresh || wait <= 0) this.#paint();
    else this.#timer ??= setTimeout(() => this.#paint(), wait);
  }

  #scale(): number {
    const { width, height } = this.scene.drawing;
    return Math.min(MOST.width / Math.max(1, width), MOST.height / Math.max(1, height));
  }

  #paint(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#at = performance.now();
    this.#painted = { scene: this.scene, palette: this.palette };
    const canvas = this.renderRoot.querySelector('canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    const { drawing } = this.scene;
    const scale = this.#scale() * devicePixelRatio;
    canvas.width = Math.ceil(drawing.width * scale);
    canvas.height = Math.ceil(drawing.height * scale);
    const states = byState(this.scene, [...drawing.rects.keys()]);
    // What failed comes last, and larger: it has to be found.
    const order = [...states].sort(([a], [b]) => Number(a === 'FAILED') - Number(b === 'FAILED'));
    for (const [status, items] of order) {
      context.fillStyle = this.palette.state[status];
      context.globalAlpha = status === 'PENDING' ? 0.45 : 1;
      const least = status === 'FAILED' ? 3 : 1;
      for (const item of items) {
        const { x, y, width, height } = drawing.rects[item] as Rect;
        context.fillRect(
          x * scale,
          y * scale,
          Math.max(least, width * scale),
          Math.max(least, height * scale),
        );
      }
    }
  }

  readonly #point = (event: PointerEvent): void => {
    if (event.buttons !== 1) return;
    const map = event.currentTarget as Element;
    if (event.type === 'pointerdown') map.setPointerCapture(event.pointerId);
    const box = map.getBoundingClientRect();
    const scale = this.#scale();
    this.#ask({
      to: { x: (event.clientX - box.left) / scale, y: (event.clientY - box.top) / scale },
    });
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    const by = {
      ...{ ArrowLeft: { x: -0.25, y: 0 }, ArrowRight: { x: 0.25, y: 0 } },
      ...{ ArrowUp: { x: 0, y: -0.25 }, ArrowDown: { x: 0, y: 0.25 } },
      ...{ PageUp: { x: 0, y: -1 }, PageDown: { x: 0, y: 1 } },
    }[event.key];
    const { width, height } = this.scene.drawing;
    if (by !== undefined) this.#ask({ by });
    else if (event.key === 'Home') this.#ask({ to: { x: 0, y: 0 } });
    else if (event.key === 'End') this.#ask({ to: { x: width, y: height } });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #ask(detail: MapMove): void {
    this.dispatchEvent(new CustomEvent<MapMove>('pipescope-map', { detail }));
  }
}
