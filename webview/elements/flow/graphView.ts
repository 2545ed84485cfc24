import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import { isEnded } from '../../../service/protocol/states.ts';
import type { App } from '../../app.ts';
import { setCss } from '../../cssDirective.ts';
import { onThemeChange } from '../../theme.ts';
import type { Drawn, Paper } from '../../report/drawn.ts';
import type { View } from '../../view.ts';
import type { Content } from '../shared/region.ts';
import { statusStyles } from '../shared/status.ts';
import { shared } from '../shared/styles.ts';
import { Camera } from './camera.ts';
import type { Drawing } from './drawing.ts';
import type { Usual } from './figures.ts';
import { Gestures } from './gestures.ts';
import { graphStyles } from './graph.styles.ts';
import { pressed } from './graphKeys.ts';
import type { Group } from './groups.ts';
import './minimap.ts';
import type { MapMove, PipescopeFlowMap } from './minimap.ts';
import { Painter } from './painter.ts';
import { type Palette, paletteOf } from './palette.ts';
import { edges, node, type Show } from './parts.ts';
import { itemOf, type Scene, Scenes } from './scene.ts';
import { Arrivals, elementsOf, type Stage, stageOf } from './stage.ts';
import { placeOf, scaledBy, sidesOf } from './placeIndex.ts';
import { tooltip } from './tooltip.ts';
import { neighbour } from './walk.ts';
import { linesOf, type Telling } from './words.ts';

/** Narrower frames have no room for a map. */
const MAP_FROM = 420;

/**
 * A drawing on the screen: what is in view as elements, what is far away on a canvas; a map, a tooltip and the keys. Fires
 * `pipescope-fold` for a group to be folded or unfolded.
 */
@customElement('pipescope-flow-graph')
export class PipescopeFlowGraph extends LitElement {
  static override styles = [shared, statusStyles, graphStyles];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) drawing!: Drawing;
  @property({ attribute: false }) phases!: readonly PhaseRecord[];
  @property({ attribute: false }) view!: View;
  @property({ attribute: false }) usual!: Usual;
  /** Epoch milliseconds. */
  @property({ attribute: false }) now!: number;
  /** Pixels there are for it. */
  @property({ attribute: false }) room!: number;
  /** The phase that the keyboard is on, also while it is folded away. */
  @state() private focused: string | null = null;
  /** The item that is told about: under the pointer, or reached by the keyboard. */
  @state() private told: number | null = null;
  @query('pipescope-flow-map') private readonly map!: PipescopeFlowMap | null;
  readonly #camera = new Camera(this, (flowZoom) => this.app.session.set({ flowZoom }));
  readonly #gestures = new Gestures(this, this.#camera);
  readonly #scenes = new Scenes();
  readonly #painter = new Painter();
  readonly #arrivals = new Arrivals();
  #scene!: Scene;
  #stage!: Stage;
  #palette: Palette | undefined;
  #unwatchTheme: (() => void) | undefined;
  /** The run that was opened where it failed. */
  #opened: string | undefined;
  /** The focus goes to the phase that the keyboard is on once another drawing is here. */
  #refocus = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatchTheme = onThemeChange(() => {
      this.#palette = undefined;
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatchTheme?.();
  }

  zoomBy(factor: number): void {
    this.#camera.zoomBy(factor);
  }

  fitIn(): void {
    this.#camera.fitIn();
  }

  async forReport({ element }: Paper): Promise<Drawn> {
    const { flowDrawn } = await import('./files.ts');
    return flowDrawn(this, { scene: this.#scene, palette: paletteOf(element) });
  }

  /** What is needed to draw the same into a file. */
  get picture(): { scene: Scene; palette: Palette } {
    return { scene: this.#scene, palette: this.#colors };
  }

  get #colors(): Palette {
    return (this.#palette ??= paletteOf(this));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { drawing, phases, view, now } = this;
    const { detail } = this.app.store;
    if (changed.has('drawing')) this.told = null;
    this.#scene = this.#scenes.of(drawing, {
      ...{
        phases,
        now,
        critical: this.app.path.path,
        records: detail?.phases ?? new Map<string, PhaseRecord>(),
      },
      ...{ metric: view.flow.metric, phase: view.phase },
    });
  }

  protected override render(): TemplateResult {
    const { drawing } = this;
    const part = this.#camera.look(drawing, this.room, this.view.flowZoom);
    const { zoom } = this.#camera;
    this.#stage = stageOf(drawing, part, zoom);
    const gestures = this.#gestures;
    const [width, height] = [`${drawing.width * zoom}px`, `${drawing.height * zoom}px`];
    return html`<div
        class="view"
        @wheel=${gestures.wheel}
        @touchmove=${gestures.touchmove}
        @touchend=${gestures.touchend}
        @pointerdown=${gestures.down}
        @pointermove=${this.#point}
        @pointerleave=${() => (this.told = null)}
        @click=${gestures.click}
        @scroll=${this.#scroll}
      >
        <div class="sheet" @click=${this.#clickFar} ${setCss({ width, height })}>
          ${this.#sheet(zoom)}
        </div>
      </div>
      ${this.#overview()}${this.#tooltip()}`;
  }

  #sheet(zoom: number): TemplateResult {
    const { drawing } = this;
    const { part, painted, edges: shown } = this.#stage;
    const show = this.#show();
    const { states, path, criticalEdges } = this.#scene;
    const drawn = [drawing, ...sidesOf(part), states, path, criticalEdges];
    return html`<canvas
        ?hidden=${!painted}
        aria-hidden="true"
        ${setCss(placeOf(scaledBy(part, zoom)))}
      ></canvas>
      <div class="scaled" ${setCss({ transform: `scale(${zoom})` })}>
        ${painted ? nothing : guard(drawn, () => edges(shown, part, this.#scene))}
        <div role="list" aria-label=${t('Phases by dependency')} @keydown=${this.#keydown}>
          ${repeat(
            this.#arrivals.take(drawing, elementsOf(this.#stage, show.reachable), show.reachable),
            (item) => drawing.visible.items[item]?.id,
            (item) => node(item, show),
          )}
        </div>
      </div>`;
  }

  #show(): Show {
    const { usual, now, view } = this;
    return {
      ...{ scene: this.#scene, metric: view.flow.metric, usual, now, reachable: this.#reachable },
      act: this.#act,
      fold: this.#fold,
      focus: this.#focus,
    };
  }

  /** The item that Tab leads to. */
  get #reachable(): number {
    const at = this.focused ?? this.view.phase;
    return (at === null ? undefined : itemOf(this.drawing, at)) ?? 0;
  }

  #overview(): Content {
    if (this.room < MAP_FROM || !this.#camera.scrolls) return nothing;
    return html`<pipescope-flow-map
      .scene=${this.#scene}
      .palette=${this.#colors}
      .seen=${this.#camera.seen}
      @pipescope-map=${this.#move}
    ></pipescope-flow-map>`;
  }

  #tooltip(): Content {
    const item = this.told;
    const rect = item === null ? undefined : this.drawing.rects[item];
    if (item === null || rect === undefined || this.#gestures.dragging) return nothing;
    const { height } = this.#camera.toView({ ...rect, height: this.drawing.height });
    const frame = { width: this.room, height: Math.min(height, this.#camera.high) };
    return tooltip(linesOf(item, this.#scene, this.#telling), {
      node: this.#camera.toView(rect),
      frame,
    });
  }

  get #telling(): Omit<Telling, 'critical'> {
    const { job, detail } = this.app.store;
    const running = job !== undefined && !isEnded(job.status);
    return { phases: detail?.phases ?? new Map(), usual: this.usual, now: this.now, running };
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { metric } = this.view.flow;
    const picture = { scene: this.#scene, palette: this.#colors, metric, stage: this.#stage };
    this.#painter.paint(this.renderRoot.querySelector('canvas'), picture, this.#camera.zoom);
    if (this.#arrivals.more) requestAnimationFrame(() => this.requestUpdate());
    if (changed.has('drawing')) this.#openWhereItFailed();
    const before = changed.get('view');
    const { phase } = this.view;
    if (before !== undefined && before.phase !== phase && phase !== null) this.#reveal(phase);
    if (this.#refocus && changed.has('drawing') && this.focused !== null) {
      this.#refocus = false;
      this.#go(this.focused);
    }
  }

  /** A run that is opened shows where it failed, else what runs. */
  #openWhereItFailed(): void {
    const job = this.app.store.detail?.jobId;
    if (job === this.#opened) return;
    this.#opened = job;
    const { states } = this.#scene;
    const found = [states.indexOf('FAILED'), states.indexOf('RUNNING')].find((item) => item >= 0);
    const rect = found === undefined ? undefined : this.drawing.rects[found];
    if (rect !== undefined) this.#camera.reveal(rect, 'middle');
  }

  #reveal(phaseId: string): void {
    const item = itemOf(this.drawing, phaseId);
    const rect = item === undefined ? undefined : this.drawing.rects[item];
    if (rect !== undefined) this.#camera.reveal(rect);
  }

  /** Selects a phase, or takes its selection away; unfolds a group. */
  readonly #act = (item: number): void => {
    const { graph, visible } = this.drawing;
    const { folded, members } = visible.items[item] ?? { folded: null, members: [] };
    const phase = graph.ids[members[0] ?? 0] ?? null;
    if (folded !== null) this.#fold(folded);
    else this.app.session.set({ phase: this.view.phase === phase ? null : phase });
  };

  readonly #fold = (group: Group): void => {
    this.focused = this.drawing.graph.ids[group.members[0] ?? 0] ?? null;
    this.#refocus = true;
    this.dispatchEvent(new CustomEvent<Group>('pipescope-fold', { detail: group }));
  };

  readonly #focus = (item: number): void => {
    const [first = 0] = this.drawing.visible.items[item]?.members ?? [];
    this.focused = this.drawing.graph.ids[first] ?? null;
    if (this.#element(item)?.matches(':focus-visible') === true) this.told = item;
  };

  #element(item: number): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`[data-item="${item}"]`);
  }

  /** The keyboard goes to a phase, wherever it lies. */
  #go(phaseId: string): void {
    const item = itemOf(this.drawing, phaseId);
    if (item === undefined) return;
    this.focused = phaseId;
    this.#reveal(phaseId);
    void this.updateComplete.then(() => this.#element(item)?.focus({ preventScroll: true }));
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const done = pressed(event, {
      camera: this.#camera,
      hideTooltip: () => this.#hideTooltip(),
      fold: () => this.#foldFocused(),
      walk: (key) => this.#walk(key),
    });
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
  };

  #hideTooltip(): boolean {
    const shown = this.told !== null;
    this.told = null;
    return shown;
  }

  #walk(key: string): boolean {
    const { visible, graph } = this.drawing;
    const next = neighbour(this.drawing, this.#reachable, key);
    const first = next === undefined ? undefined : visible.items[next]?.members[0];
    const id = first === undefined ? undefined : graph.ids[first];
    if (id !== undefined) this.#go(id);
    return id !== undefined || key.startsWith('Arrow');
  }

  /** The group that the phase is in: folded or unfolded. */
  #foldFocused(): boolean {
    const { visible, groups } = this.drawing;
    const [member] = visible.items[this.#reachable]?.members ?? [];
    const group = groups.find(({ members }) => member !== undefined && members.includes(member));
    if (group === undefined) return false;
    this.#fold(group);
    return true;
  }

  readonly #scroll = (): void => {
    this.#camera.scrolled();
    if (this.map !== null) this.map.seen = this.#camera.seen;
    if (this.told !== null && this.told !== this.#reachable) this.told = null;
  };

  readonly #move = ({ detail }: CustomEvent<MapMove>): void => {
    if ('to' in detail) this.#camera.centre(detail.to);
    else {
      const { width, height } = this.#camera.seen;
      const { zoom } = this.#camera;
      this.#camera.panBy(detail.by.x * width * zoom, detail.by.y * height * zoom);
    }
  };

  readonly #point = (event: PointerEvent): void => {
    this.#gestures.move(event);
    const { x, y } = this.#camera.toGraph(event.clientX, event.clientY);
    this.told = this.#gestures.dragging ? null : (this.drawing.index.at(x, y) ?? null);
  };

  /** What is painted has no elements that could be clicked. */
  readonly #clickFar = (event: MouseEvent): void => {
    if (!this.#stage.far || event.target instanceof HTMLButtonElement) return;
    const { x, y } = this.#camera.toGraph(event.clientX, event.clientY);
    const item = this.drawing.index.at(x, y);
    if (item !== undefined) this.#act(item);
  };
}
