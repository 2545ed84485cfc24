import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { count } from '../../../service/protocol/describe.ts';
import type { App } from '../../app.ts';
import { setCss } from '../../cssDirective.ts';
import { type Item, keyOf, titleOf } from '../../layout.ts';
import type { Place } from '../../store.ts';
import { Watch } from '../../watch.ts';
import '../banner/banner.ts';
import '../empty/empty.ts';
import '../header/header.ts';
import type { PipescopeHeader } from '../header/header.ts';
import '../keys/keys.ts';
import type { PipescopeKeys } from '../keys/keys.ts';
import type { Content } from '../shared/region.ts';
import { shared } from '../shared/styles.ts';
import '../tokenForm/tokenForm.ts';
import { arrange, type Arranged, widened } from './arrange.ts';
import { RegionCode } from './code.ts';
import { dashboardStyles } from './dashboard.styles.ts';
import { Goal } from './goal.ts';
import { OnScreen } from './onScreen.ts';
import { Presence } from './presence.ts';
import { REGIONS, regionOf } from './regions.ts';
import { Room } from './room.ts';

/** A service that does not answer by then is said to be off; before, the page only waits. */
const PATIENCE_MS = 1_500;

/** The whole page: header, banner and the regions, in the person's own layout. */
@customElement('pipescope-dashboard')
export class PipescopeDashboard extends LitElement {
  static override styles = [shared, dashboardStyles];
  @property({ attribute: false }) app!: App;
  @state() private editing = false;
  /** Whether all regions are made ready to be copied. */
  @state() private reporting = false;
  @query('pipescope-keys') private readonly keys!: PipescopeKeys | null;
  @query('pipescope-header') private readonly header!: PipescopeHeader | null;
  readonly #started = performance.now();
  readonly #onScreen = new OnScreen(this);
  readonly #code = new RegionCode(this);
  readonly #presence = new Presence(this);
  readonly #room = new Room(this);
  readonly #goal = new Goal(this, () => !this.editing);
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    new Watch(this, ['connection', 'selection', 'jobs', 'goal', 'layout']);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#keydown);
    this.#patience = setTimeout(() => this.requestUpdate(), PATIENCE_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#keydown);
    clearTimeout(this.#patience);
  }

  protected override render(): TemplateResult {
    const { store } = this.app;
    if (store.tokenNeeded !== null)
      return html`<main>
        <pipescope-token-form
          class="full"
          .app=${this.app}
          .reason=${store.tokenNeeded}
        ></pipescope-token-form>
      </main>`;
    const arranged = this.#arranged();
    return html`
      <pipescope-header
        .app=${this.app}
        .places=${arranged.shown.map((item) => ({ place: keyOf(item), title: titleOf(item) }))}
        .editing=${this.editing}
      ></pipescope-header>
      <pipescope-banner .app=${this.app}></pipescope-banner>
      <main class=${store.stale ? 'stale' : ''} @pipescope-go=${this.#go}>
        ${this.editing ? this.#editor() : this.#regions(arranged)}
      </main>
      <pipescope-keys></pipescope-keys>
      ${this.reporting ? this.#report(arranged) : nothing}
    `;
  }

  protected override firstUpdated(): void {
    this.addEventListener('pipescope-keys', () => this.keys?.show());
    this.addEventListener('pipescope-layout', () => void this.#edit(!this.editing));
    this.addEventListener('pipescope-report', () => void this.#startReport());
  }

  #arranged(): Arranged {
    const { store, layout } = this.app;
    // Until the first records are here the page keeps room for what it most likely shows.
    const job = store.job !== undefined || !store.loaded;
    const jobs = store.loaded ? store.jobsTotal : 2;
    const facts = { job, jobs, alerts: store.alerts.size, present: this.#presence.regions };
    return arrange(layout.current, facts, this.#goal.summoned);
  }

  /** Nobody who could say anything: not even which regions there are. */
  #hopeless(): boolean {
    const { loaded, connection } = this.app.store;
    const down = connection.state === 'disconnected' || connection.message !== undefined;
    return !loaded && down && performance.now() - this.#started >= PATIENCE_MS;
  }

  #regions({ shown, empty }: Arranged): Content {
    const say = html`<pipescope-empty class="full" .app=${this.app}></pipescope-empty>`;
    if (this.#hopeless()) return say;
    const { store } = this.app;
    const alone = widened(shown);
    return html`${store.loaded && store.job === undefined ? say : nothing}
    ${repeat(shown, keyOf, (item) => this.#frame(item, alone.has(item)))}
    ${store.job === undefined ? nothing : this.#quiet(empty)}`;
  }

  #frame(item: Item, alone: boolean): TemplateResult {
    const key = keyOf(item);
    const region = regionOf(item);
    const seen = this.reporting || this.#onScreen.has(key);
    if (seen) this.#code.want(region);
    const there = this.#code.has(region.name);
    const room = this.#room.of(key, region.height);
    return html`<div
      class="${alone ? 'full' : item.width} ${item.height}"
      data-region=${key}
      tabindex="-1"
      ${setCss(there && room === null ? {} : { 'min-height': `${room ?? region.height}px` })}
    >
      ${there ? region.element(this.app, seen) : nothing}
    </div>`;
  }

  /** One line instead of a wall of regions with nothing in them. */
  #quiet(empty: readonly Item[]): Content {
    const [first] = empty;
    if (first === undefined) return nothing;
    const names = empty.map(titleOf).join(', ');
    const { layout } = this.app;
    const show = (): void => layout.save({ ...layout.current, emptyRegions: true });
    return html`<p class="quiet full">
      <span
        >${count(empty.length, t('{0} region has nothing to show yet: {1}.'), t('{0} regions have nothing to show yet: {1}.'), names)}</span
      >
      <button class="plain link" @click=${show}>${t('Show all regions')}</button>
    </p>`;
  }

  #editor(): TemplateResult {
    return html`<pipescope-layout
      class="full"
      .app=${this.app}
      @pipescope-done=${() => void this.#edit(false)}
    ></pipescope-layout>`;
  }

  async #edit(editing: boolean): Promise<void> {
    if (editing)
      await this.#code.load({ name: t('Layout'), load: () => import('../layout/layout.ts') });
    this.editing = editing;
    if (editing) scrollTo({ top: 0 });
    else await this.updateComplete.then(() => this.header?.focusLayout());
  }

  async #startReport(): Promise<void> {
    const part = { name: t('Report'), load: () => import('../report/report.ts') };
    await this.#code.load(part);
    this.reporting = this.#code.has(part.name);
  }

  /** Over the page, whose regions stand in the same order. */
  #report({ shown }: Arranged): TemplateResult {
    const frames = [...this.renderRoot.querySelectorAll('[data-region]')];
    const regions = shown.flatMap((item) => {
      const frame = frames.find((one) => one.getAttribute('data-region') === keyOf(item));
      return frame === undefined ? [] : [{ title: titleOf(item), frame }];
    });
    return html`<pipescope-report
      .app=${this.app}
      .regions=${regions}
      @pipescope-done=${() => (this.reporting = false)}
    ></pipescope-report>`;
  }

  readonly #go = (event: CustomEvent<Place>): void => this.app.store.go(event.detail);

  protected override updated(): void {
    const { items } = this.app.layout.current;
    this.#code.loadRest([...items.filter(({ shown }) => shown).map(regionOf), ...REGIONS]);
  }

  /** The phases may be below the screen, and their code not here. */
  async #focusFilter(): Promise<void> {
    const { PipescopePhases } = await import('../phases/phases.ts');
    await this.#code.load({ name: 'Phases', load: () => Promise.resolve() });
    this.#goal.summon('Phases');
    this.editing = false;
    this.requestUpdate();
    await this.updateComplete;
    const phases = this.renderRoot.querySelector('pipescope-phases');
    if (!(phases instanceof PipescopePhases)) return;
    await phases.updateComplete;
    phases.focusFilter();
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    if (event.key === '/') void this.#focusFilter();
    else if (event.key === '?') this.keys?.show();
    else if (event.key === 'g') this.header?.openPlaces();
    else return;
    event.preventDefault();
  };
}

function isTyping(event: Event): boolean {
  const [target] = event.composedPath();
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    // Letters choose an option there.
    target instanceof HTMLSelectElement
  );
}
