import { t } from '@vscode/l10n';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { App } from '../../app.ts';
import { Watch } from '../../watch.ts';
import '../banner/banner.ts';
import '../empty/empty.ts';
import '../header/header.ts';
import '../keys/keys.ts';
import type { PipescopeKeys } from '../keys/keys.ts';
import type { RegionName } from '../../regionNames.ts';
import { shared } from '../shared/styles.ts';
import '../tokenForm/tokenForm.ts';
import { setCss } from '../../cssDirective.ts';
import { messageOf } from '../../../service/protocol/errors.ts';
import { OnScreen } from './onScreen.ts';
import { type Region, REGIONS } from './regions.ts';

/** A service that does not answer by then is said to be off; before, the page only waits. */
const PATIENCE_MS = 1_500;

/** The whole page: header, banner and the regions of one job. */
@customElement('pipescope-dashboard')
export class PipescopeDashboard extends LitElement {
  static override styles = [
    shared,
    css`
      main {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        max-width: 1920px;
        margin: 0 auto;
        padding-bottom: 24px;
      }
      main.stale {
        opacity: 0.6;
      }
      @media (min-width: 1000px) {
        main {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
        .full {
          grid-column: 1 / -1;
        }
      }
    `,
  ];
  @property({ attribute: false }) app!: App;
  @query('pipescope-keys') private readonly keys!: PipescopeKeys | null;
  readonly #started = performance.now();
  readonly #onScreen = new OnScreen(this);
  /** Regions whose code is being fetched or here. */
  readonly #loading = new Set<string>();
  readonly #loaded = new Set<string>();
  #idle: number | undefined;

  constructor() {
    super();
    new Watch(this, ['connection', 'selection', 'jobs', 'goal']);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#keydown);
    setTimeout(() => this.requestUpdate(), PATIENCE_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#keydown);
    if (this.#idle !== undefined) cancelIdleCallback(this.#idle);
    this.#idle = undefined;
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
    return html`
      <pipescope-header .app=${this.app}></pipescope-header>
      <pipescope-banner .app=${this.app}></pipescope-banner>
      <main class=${store.stale ? 'stale' : ''} @pipescope-go=${this.#go}>
        ${this.#empty() ? html`<pipescope-empty class="full" .app=${this.app}></pipescope-empty>` : this.#regions()}
      </main>
      <pipescope-keys></pipescope-keys>
    `;
  }

  protected override firstUpdated(): void {
    this.addEventListener('pipescope-keys', () => this.keys?.show());
  }

  /** Nothing to show: no job at all, or not this one, or nobody who could say. */
  #empty(): boolean {
    const { store } = this.app;
    if (store.loaded) return store.job === undefined;
    const { state, message } = store.connection;
    const hopeless = state === 'disconnected' || message !== undefined;
    return hopeless && performance.now() - this.#started >= PATIENCE_MS;
  }

  #regions(): TemplateResult[] {
    return REGIONS.map((region) => this.#region(region));
  }

  /** The height stays reserved until the region is there, so that nothing jumps. */
  #region(region: Region): TemplateResult {
    const { name, width, height, element } = region;
    const seen = this.#onScreen.has(name);
    if (seen) this.#load(region);
    const there = this.#loaded.has(name);
    return html`<div
      class=${width}
      data-region=${name}
      ${setCss(there ? {} : { 'min-height': `${height}px` })}
    >
      ${there ? element(this.app, seen) : nothing}
    </div>`;
  }

  /** After the first view the rest, one by one: a service that stops must not take away what is below the screen. */
  #loadRest(): void {
    if (this.#idle !== undefined || this.#loaded.size === 0) return;
    this.#idle = requestIdleCallback(() => {
      this.#idle = undefined;
      const next = REGIONS.find(({ name }) => !this.#loading.has(name));
      if (next !== undefined && this.app.store.connection.state === 'connected') this.#load(next);
    });
  }

  #load({ name, load }: Region): void {
    if (this.#loading.has(name)) return;
    this.#loading.add(name);
    load().then(
      () => {
        this.#loaded.add(name);
        this.requestUpdate();
      },
      (error: unknown) => {
        this.#loading.delete(name);
        const why = messageOf(error);
        const message = t('{0} could not be loaded. Reload the page. ({1})', name, why);
        this.app.store.say({ level: 'error', message });
      },
    );
  }

  readonly #go = (event: CustomEvent<RegionName>): void => this.app.store.go(event.detail);

  #bringIntoView(): void {
    const { goal } = this.app.store;
    if (goal === null) return;
    const region = this.renderRoot.querySelector(`[data-region="${goal}"]`);
    if (region === null) return; // Not drawn yet: with the next rendering.
    this.app.store.goal = null;
    region.scrollIntoView({ block: 'start', behavior: 'auto' });
  }

  protected override updated(): void {
    this.#bringIntoView();
    this.#loadRest();
  }

  /** The phases may be below the screen, and their code not here. */
  async #focusFilter(): Promise<void> {
    const { PipescopePhases } = await import('../phases/phases.ts');
    this.#loaded.add('Phases');
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
    else return;
    event.preventDefault();
  };
}

function isTyping(event: Event): boolean {
  const [target] = event.composedPath();
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
