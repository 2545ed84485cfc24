import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { App } from '../../app.ts';
import { Watch } from '../../watch.ts';
import '../banner/banner.ts';
import '../empty/empty.ts';
import '../header/header.ts';
import '../keys/keys.ts';
import type { PipescopeKeys } from '../keys/keys.ts';
import type { PipescopePhases } from '../phases/phases.ts';
import { shared } from '../shared/styles.ts';
import '../tokenForm/tokenForm.ts';
import { REGIONS } from './regions.ts';

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
  @query('pipescope-phases') private readonly phases!: PipescopePhases | null;
  @query('pipescope-keys') private readonly keys!: PipescopeKeys | null;
  readonly #started = performance.now();

  constructor() {
    super();
    new Watch(this, ['connection', 'selection', 'jobs']);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#keydown);
    setTimeout(() => this.requestUpdate(), PATIENCE_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#keydown);
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
    return REGIONS.map(
      ({ name, width, element }) =>
        html`<div class=${width} data-region=${name}>${element(this.app)}</div>`,
    );
  }

  readonly #go = (event: CustomEvent<string>): void => {
    const region = this.renderRoot.querySelector(`[data-region="${event.detail}"]`);
    region?.scrollIntoView({ block: 'start', behavior: 'auto' });
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    if (event.key === '/') this.phases?.focusFilter();
    else if (event.key === '?') this.keys?.show();
    else return;
    event.preventDefault();
  };
}

function isTyping(event: Event): boolean {
  const [target] = event.composedPath();
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
