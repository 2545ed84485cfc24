import { t } from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import {
  count,
  duration,
  phaseLabel,
  progress,
  statusWord,
} from '../../../service/protocol/describe.ts';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import { setCss } from '../../cssDirective.ts';
import { phaseMs } from '../../format.ts';
import { icon } from '../../icons.ts';
import { themeValue } from '../../theme.ts';
import { Watch } from '../../watch.ts';
import { RegionElement, type Content } from '../shared/region.ts';
import { Sized } from '../shared/sized.ts';
import { statusIcon } from '../shared/status.ts';
import { flowStyles } from './flow.styles.ts';
import {
  fit,
  type Flow,
  layoutFlow,
  type Need,
  NODE_HEIGHT,
  pathOf,
  structureOf,
} from './layout.ts';

/** Above this the layout takes seconds: it is drawn when asked for. */
const MANY = 2_000;
/** Pixels of a node beside its label: icon, gap, padding and border. */
const AROUND_LABEL = 42;
const ZOOM_STEP = 1.25;
const ZOOM = { least: 0.2, most: 2 } as const;

/** The graph of phases by dependency, live. A click or Enter selects a phase everywhere. */
@customElement('pipescope-flow')
export class PipescopeFlow extends RegionElement {
  static override styles = [...RegionElement.styles, flowStyles];
  readonly region = 'Pipeline flow';
  /** The job whose many phases the person wants drawn. */
  @state() private wanted: string | null = null;
  @state() private focused: string | null = null;
  readonly #size = new Sized(this, '.view');
  #laidOut: { key: string; flow: Flow } | undefined;

  constructor() {
    super();
    new Watch(this, ['phases', 'selection', 'view', 'jobs'], { clock: true });
  }

  protected override actions(): Content {
    if (this.waiting || this.#tooMany()) return nothing;
    return html`
      <vscode-button
        appearance="icon"
        aria-label="Zoom in"
        title="Zoom in"
        @click=${() => this.#zoomBy(ZOOM_STEP)}
        >${icon('zoomIn')}</vscode-button
      >
      <vscode-button
        appearance="icon"
        aria-label="Zoom out"
        title="Zoom out"
        @click=${() => this.#zoomBy(1 / ZOOM_STEP)}
        >${icon('zoomOut')}</vscode-button
      >
      <vscode-button
        appearance="icon"
        aria-label="Fit the graph in"
        title="Fit the graph in"
        @click=${() => this.app.session.set({ flowZoom: null })}
        >${icon('screenFull')}</vscode-button
      >
    `;
  }

  protected content(): Content {
    const phases = this.#phases();
    if (phases.length === 0) return html`<p class="empty">This job has no phases so far.</p>`;
    if (this.#tooMany()) return this.#askFirst(phases.length);
    return html`<div class="view" @wheel=${{ handleEvent: this.#wheel, passive: false }}>
      ${this.#size.width === 0 ? nothing : this.#graph(phases)}
    </div>`;
  }

  #askFirst(phases: number): TemplateResult {
    const draw = (): void => void (this.wanted = this.app.store.detail?.jobId ?? null);
    return html`<p class="empty">
        ${count(phases, t('This job has {0} phase: drawing it takes some seconds.'), t('This job has {0} phases: drawing them takes some seconds.'))}
      </p>
      <vscode-button appearance="secondary" @click=${draw}
        >${count(phases, t('Draw {0} Phase'), t('Draw {0} Phases'))}</vscode-button
      >`;
  }

  #tooMany(): boolean {
    return this.#phases().length > MANY && this.wanted !== this.app.store.detail?.jobId;
  }

  #phases(): readonly PhaseRecord[] {
    return this.app.store.detail?.orderedPhases() ?? [];
  }

  #graph(phases: readonly PhaseRecord[]): TemplateResult {
    const flow = this.#layout(phases);
    const zoom = this.#zoom(flow);
    const size = { width: `${flow.width * zoom}px`, height: `${flow.height * zoom}px` };
    return html`<div ${setCss({ ...size, overflow: 'hidden', margin: '0 auto' })}>
      <div
        class="scaled"
        role="group"
        aria-label="Phases by dependency"
        @keydown=${this.#keydown}
        ${setCss({ width: `${flow.width}px`, height: `${flow.height}px`, transform: `scale(${zoom})` })}
      >
        ${guard([flow, this.#doneKey(phases)], () => this.#edges(flow))}
        ${repeat(
          phases,
          (phase) => phase.phase_id,
          (phase) => this.#node(phase, flow),
        )}
      </div>
    </div>`;
  }

  #layout(phases: readonly PhaseRecord[]): Flow {
    const key = `${this.#size.width}|${structureOf(phases)}`;
    if (this.#laidOut?.key !== key)
      this.#laidOut = { key, flow: layoutFlow(phases, this.#size.width, needOf()) };
    return this.#laidOut.flow;
  }

  #zoom(flow: Flow): number {
    return this.app.session.view.flowZoom ?? fit(flow, this.#size.width);
  }

  #doneKey(phases: readonly PhaseRecord[]): string {
    return phases.map((phase) => (phase.status === 'COMPLETED' ? '1' : '0')).join('');
  }

  #edges(flow: Flow): TemplateResult {
    const done = (id: string): boolean =>
      this.app.store.detail?.phases.get(id)?.status === 'COMPLETED';
    return html`<svg class="edges" width=${flow.width} height=${flow.height} aria-hidden="true">
      <defs>${marker('open')}${marker('done')}</defs>
      ${flow.edges.map((edge) => {
        const kind = done(edge.from) ? 'done' : 'open';
        return svg`<path class="edge ${kind}" marker-end="url(#arrow-${kind})" d=${pathOf(edge.points)}></path>`;
      })}
    </svg>`;
  }

  #node(phase: PhaseRecord, flow: Flow): unknown {
    const { now, view } = { now: this.app.clock.now(), view: this.app.session.view };
    const current = this.focused ?? view.phase ?? this.#phases()[0]?.phase_id;
    const growing = phase.status === 'RUNNING' ? now : 0;
    const selected = view.phase === phase.phase_id;
    const reachable = current === phase.phase_id;
    return guard([phase, flow, growing, selected, reachable], () => {
      const { x, y, width } = flow.nodes.get(phase.phase_id) ?? { x: 0, y: 0, width: 0 };
      const place = {
        left: `${x}px`,
        top: `${y}px`,
        width: `${width}px`,
        height: `${NODE_HEIGHT}px`,
      };
      return html`<button
        class="node ${phase.status}"
        data-phase=${phase.phase_id}
        tabindex=${reachable ? 0 : -1}
        aria-pressed=${selected ? 'true' : 'false'}
        title=${spoken(phase, now)}
        @click=${() => this.app.session.set({ phase: selected ? null : phase.phase_id })}
        @focus=${() => (this.focused = phase.phase_id)}
        ${setCss(place)}
      >
        ${statusIcon(phase.status)}
        <span class="name cut">${phaseLabel(phase)}</span>
        <span class="facts cut number">${facts(phase, now)}${errors(phase)}</span>
        <span class="spoken">, ${statusWord(phase.status)}</span>
      </button>`;
    });
  }

  #zoomBy(factor: number): void {
    if (this.#laidOut === undefined) return;
    const zoom = this.#zoom(this.#laidOut.flow) * factor;
    this.app.session.set({ flowZoom: Math.min(ZOOM.most, Math.max(ZOOM.least, zoom)) });
  }

  readonly #wheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return; // The page scrolls as everywhere else.
    event.preventDefault();
    this.#zoomBy(event.deltaY < 0 ? 1.1 : 1 / 1.1);
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    const zoom = { '+': ZOOM_STEP, '=': ZOOM_STEP, '-': 1 / ZOOM_STEP }[event.key];
    if (zoom !== undefined) this.#zoomBy(zoom);
    else if (event.key === '0') this.app.session.set({ flowZoom: null });
    else {
      const next = this.#neighbour(event.key);
      if (next === undefined) return;
      this.focused = next;
      void this.updateComplete.then(() => this.#nodeOf(next)?.focus());
    }
    event.preventDefault();
  };

  #nodeOf(phaseId: string): HTMLElement | null {
    return this.renderRoot.querySelector(`[data-phase="${CSS.escape(phaseId)}"]`);
  }

  /** The next phase in the order of the job; Home and End for the first and last. */
  #neighbour(key: string): string | undefined {
    const phases = this.#phases();
    const at = phases.findIndex((phase) => phase.phase_id === this.focused);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
    if (step !== undefined) return phases[at + step]?.phase_id;
    if (key === 'Home') return phases[0]?.phase_id;
    return key === 'End' ? phases.at(-1)?.phase_id : undefined;
  }
}

/** Measures labels in the font of the page. */
function needOf(): Need {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return () => 0; // Names are cut, as in a narrow page.
  context.font = `12px ${themeValue('--vscode-font-family', 'sans-serif')}`;
  return (phase) => Math.ceil(context.measureText(phaseLabel(phase)).width) + AROUND_LABEL;
}

function marker(kind: 'open' | 'done'): TemplateResult {
  return svg`<marker id="arrow-${kind}" class=${kind} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
    <path d="M0,1 L7,4 L0,7 z"></path>
  </marker>`;
}

function facts(phase: PhaseRecord, now: number): string {
  const elapsed = phaseMs(phase, now);
  const done =
    phase.status === 'RUNNING' && phase.progress !== null ? [progress(phase.progress)] : [];
  return elapsed === null ? statusWord(phase.status) : [...done, duration(elapsed)].join(' · ');
}

function errors(phase: PhaseRecord): Content {
  if (phase.error_count === 0) return nothing;
  return html` ·
    <span class="count">${count(phase.error_count, t('{0} error'), t('{0} errors'))}</span>`;
}

function spoken(phase: PhaseRecord, now: number): string {
  const parts = [phaseLabel(phase), statusWord(phase.status), facts(phase, now)];
  if (phase.error_count > 0) parts.push(count(phase.error_count, t('{0} error'), t('{0} errors')));
  return [...new Set(parts)].join(', ');
}
