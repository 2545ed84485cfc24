import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { count, percent } from '../../../service/protocol/describe.ts';
import { messageOf } from '../../../service/protocol/errors.ts';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import type { ChartFormat } from '../../charts/format.ts';
import { themeValue } from '../../theme.ts';
import type { View } from '../../view.ts';
import { Watch } from '../../watch.ts';
import { RegionElement, type Content } from '../shared/region.ts';
import { WantsPath } from '../shared/wantsPath.ts';
import { Sized } from '../shared/sized.ts';
import { Facts } from './facts.ts';
import { flowStyles } from './flow.styles.ts';
import './graphView.ts';
import type { PipescopeFlowGraph } from './graphView.ts';
import { type Group, isFolded, toggled } from './groups.ts';
import type { Need } from './layout.ts';
import { FlowModel } from './model.ts';
import { notes } from './notes.ts';
import { flowTable } from './table.ts';
import { toolbar } from './toolbar.ts';

/** Above this the graph is drawn when asked for. */
const MANY = 2_000;
/** Pixels of a node beside its label: icon, gap, padding and border. */
const AROUND_LABEL = 42;

/** The phases by dependency, live: as a graph, as a table, or asked for first where they are very many. */
@customElement('pipescope-flow')
export class PipescopeFlow extends RegionElement {
  static override styles = [...RegionElement.styles, flowStyles];
  readonly region = 'Pipeline flow';
  /** The job whose many phases the person wants drawn. */
  @state() private wanted: string | null = null;
  /** Pixels that the table is scrolled by. */
  @state() private scrolled = 0;
  @query('pipescope-flow-graph') private readonly graph!: PipescopeFlowGraph | null;
  readonly #size = new Sized(this, '.frame');
  readonly #facts = new Facts(this, () => !this.waiting && !this.#tooMany());
  readonly #model = new FlowModel(() => this.requestUpdate());
  #job: string | undefined;

  constructor() {
    super();
    new Watch(this, ['phases', 'selection', 'view', 'jobs', 'path'], { clock: true });
    new WantsPath(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#model.cancel();
  }

  protected override actions(): Content {
    if (this.waiting || this.#phases().length === 0) return nothing;
    const { flow } = this.app.session.view;
    if (this.#tooMany() && flow.as === 'graph') return nothing;
    const { groups } = this.#model;
    const size = this.#phases().length;
    return toolbar({
      flow,
      unfolded: groups.length === 0 ? null : groups.every((group) => !isFolded(group, size, flow)),
      metric: (metric) => this.#set({ metric }),
      foldAll: (folded) => this.#set({ folded, except: [] }),
      zoomBy: (factor) => this.graph?.zoomBy(factor),
      fitIn: () => this.graph?.fitIn(),
      show: (as) => this.#set({ as }),
      save: (format) => void this.#save(format),
    });
  }

  protected override willUpdate(): void {
    const { store, session } = this.app;
    if (store.detail?.jobId !== this.#job) {
      this.#job = store.detail?.jobId;
      this.#model.forget();
    }
    const phases = this.#phases();
    if (this.waiting || phases.length === 0) return;
    const { observed } = this.#facts;
    this.#model.know(phases, observed);
    const { folded, except, as } = session.view.flow;
    if (this.#tooMany() || as === 'table' || this.#size.width === 0) return;
    const [folds, width] = [{ folded, except }, this.#size.width];
    this.#model.update({ phases, observed, folds, width, need: needOf });
  }

  protected content(): Content {
    const phases = this.#phases();
    if (phases.length === 0)
      return html`<p class="empty">
        ${t('This job has no phases so far. They appear here as soon as it reports them.')}
      </p>`;
    if (this.app.session.view.flow.as === 'table') return this.#table(phases);
    if (this.#tooMany()) return this.#askFirst(phases.length);
    const { drawing, progress } = this.#model;
    return html`<div class="frame" aria-busy=${progress === null ? 'false' : 'true'}>
        ${
          drawing === null
            ? html`<div class="skeleton"></div>`
            : html`<pipescope-flow-graph
                .app=${this.app}
                .drawing=${drawing}
                .phases=${phases}
                .view=${this.app.session.view}
                .usual=${this.#facts.usual}
                .now=${this.app.clock.now()}
                .room=${this.#size.width}
                @pipescope-fold=${(event: CustomEvent<Group>) => this.#fold(event.detail)}
              ></pipescope-flow-graph>`
        }
        ${progress === null ? nothing : this.#progress(progress)}
      </div>
      ${drawing === null ? nothing : notes(drawing, this.#facts.failure, this.app.path.failure)}`;
  }

  #table(phases: readonly PhaseRecord[]): TemplateResult {
    const { phase } = this.app.session.view;
    return flowTable(phases, {
      now: this.app.clock.now(),
      scrolled: this.scrolled,
      selected: phase,
      select: (id) => this.app.session.set({ phase: phase === id ? null : id }),
      scroll: (event) => (this.scrolled = (event.currentTarget as Element).scrollTop),
    });
  }

  #askFirst(phases: number): TemplateResult {
    const { groups } = this.#model;
    const button = (text: string, act: () => void): TemplateResult =>
      html`<vscode-button appearance="secondary" @click=${act}>${text}</vscode-button>`;
    const folded = count(
      groups.length,
      t('Draw it with {0} folded group'),
      t('Draw it with {0} folded groups'),
    );
    return html`<p class="empty">
        ${count(phases, t('This run has {0} phase.'), t('This run has {0} phases.'))}
      </p>
      <div class="ask">
        ${button(t('Draw the graph'), () => this.#want(groups.length === 0 ? null : false))}
        ${groups.length === 0 ? nothing : button(folded, () => this.#want(true))}
        ${button(t('Show as table'), () => this.#set({ as: 'table' }))}
      </div>`;
  }

  #want(folded: boolean | null): void {
    this.wanted = this.app.store.detail?.jobId ?? null;
    this.#set({ folded, except: [] });
  }

  #progress(share: number): TemplateResult {
    const cancel = (): void => {
      this.#model.cancel();
      this.wanted = null;
    };
    return html`<div class="progress">
      <span role="status">${t('Arranging the phases: {0}', percent(Math.round(share * 100)))}</span>
      ${
        this.wanted === null
          ? nothing
          : html`<vscode-button appearance="secondary" @click=${cancel}
              >${t('Cancel')}</vscode-button
            >`
      }
    </div>`;
  }

  #tooMany(): boolean {
    return this.#phases().length > MANY && this.wanted !== this.app.store.detail?.jobId;
  }

  #phases(): readonly PhaseRecord[] {
    return this.app.store.detail?.orderedPhases() ?? [];
  }

  #set(change: Partial<View['flow']>): void {
    const { flow } = this.app.session.view;
    this.app.session.set({ flow: { ...flow, ...change } });
  }

  #fold(group: Group): void {
    const { folded, except } = this.app.session.view.flow;
    this.#set(toggled({ folded, except }, group));
  }

  async #save(format: ChartFormat): Promise<void> {
    const { store, session } = this.app;
    try {
      const { flowFile } = await import('./files.ts');
      const title = store.job?.name ?? 'graph';
      const now = this.app.clock.now();
      const file = await flowFile(format, {
        ...{ title, now, phases: this.#phases(), picture: this.graph?.picture ?? null },
        ...{ metric: session.view.flow.metric, usual: this.#facts.usual },
      });
      session.request({ type: 'host', action: 'save_file', ...file });
    } catch (error) {
      const message = t('The graph could not be saved: {0}', messageOf(error));
      store.say({ level: 'error', message });
    }
  }
}

let measuring: CanvasRenderingContext2D | null | undefined;

/** Measures labels in the font of the page. */
const needOf: Need = (phase) => {
  if (measuring === undefined) {
    measuring = document.createElement('canvas').getContext('2d');
    if (measuring !== null)
      measuring.font = `12px ${themeValue('--vscode-font-family', 'sans-serif')}`;
  }
  // Without a canvas names are cut, as in a narrow page.
  if (measuring === null) return 0;
  // The line below the name comes and changes while the layout stays: there is always room for a usual one.
  const texts = [phase.name.slice(0, 200), `3m 05s · ${t('{0}x usual', '2.6')}`];
  const widths = texts.map((text) => measuring?.measureText(text).width ?? 0);
  return Math.ceil(Math.max(...widths)) + AROUND_LABEL;
};
