import { t } from '@vscode/l10n';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { count } from '../../../service/protocol/describe.ts';
import type { OptimizerRecord } from '../../../service/protocol/optimization.ts';
import type { App } from '../../app.ts';
import { icon } from '../../icons.ts';
import { Load } from '../../load.ts';
import { Watch } from '../../watch.ts';
import { loaded } from '../shared/loaded.ts';
import type { Content } from '../shared/region.ts';
import { shared } from '../shared/styles.ts';
import {
  optimizerIcon,
  optimizerState,
  optimizerWords,
  throughputWords,
} from './optimizerWords.ts';

const MOST = 3;
const EVERY_MS = 2_000;

interface Answer {
  auto: boolean;
  jobs: OptimizerRecord[];
  total: number;
}

/** What the automatic optimiser does for each job that listens, and whether it may change anything by itself. */
@customElement('pipescope-optimizer')
export class PipescopeOptimizer extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-height: 48px;
        margin-bottom: 8px;
      }
      p,
      ul {
        list-style: none;
        margin: 2px 0;
        padding: 0;
      }
      li {
        overflow-wrap: anywhere;
      }
      summary {
        cursor: pointer;
      }
      code {
        font-family: var(--vscode-editor-font-family, monospace);
      }
    `,
  ];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) seen = true;
  readonly #load = new Load<Answer>(this, {
    path: () => '/api/v1/optimizer?limit=50',
    polls: true,
    everyMs: EVERY_MS,
  });

  constructor() {
    super();
    const rests = (): boolean =>
      this.#load.value?.jobs.some(({ state }) => state === 'cooling_down') ?? false;
    new Watch(this, ['selection'], { clock: rests });
  }

  protected override render(): Content {
    return loaded(this.#load, {
      skeleton: html`<p class="muted" aria-busy="true">
        ${t('Asking what the optimiser does ...')}
      </p>`,
      content: (answer) => this.#content(answer),
    });
  }

  #content({ auto, jobs, total }: Answer): TemplateResult {
    const shownId = this.app.store.job?.job_id;
    const shown = [
      ...jobs.filter(({ job_id: id }) => id === shownId),
      ...jobs.filter(({ job_id: id }) => id !== shownId),
    ].slice(0, MOST);
    const rest = total - shown.length;
    return html`${this.#auto(auto)}
    ${
      shown.length === 0
        ? html`<p class="muted">${t('No running job listens for changes now.')}</p>`
        : html`<ul aria-label=${t('What the optimiser does')}>
            ${repeat(
              shown,
              ({ job_id: id }) => id,
              (one) => this.#job(one),
            )}
            ${rest > 0 ? html`<li class="caption">${count(rest, t('And {0} more.'), t('And {0} more.'))}</li>` : nothing}
          </ul>`
    }`;
  }

  #auto(auto: boolean): TemplateResult {
    if (auto)
      return html`<p>
        ${icon('play')} ${t('Changes are applied without a person: optimizer.auto is true.')}
      </p>`;
    return html`<details>
      <summary>
        ${t('Each change waits for a person. How the service applies changes by itself')}
      </summary>
      <p class="muted">
        ${t('Put this into the configuration file, or send it with PUT /api/v1/config:')}
        <code>optimizer: &#123; auto: true &#125;</code>
      </p>
    </details>`;
  }

  /** Only the state is read out when it changes: the numbers change every second. */
  #job(one: OptimizerRecord): TemplateResult {
    const { job_id: id, state, optimization_id: proposal } = one;
    const name = this.app.store.jobs.get(id)?.name ?? id;
    const rate = throughputWords(one);
    return html`<li>
      ${icon(optimizerIcon(state))} <strong role="status">${optimizerState(state)}</strong> ·
      <button
        class="plain link"
        aria-label=${t('Show {0}', name)}
        @click=${() => this.app.session.showJob(id)}
      >
        <bdi>${name}</bdi>
      </button>
      <span class="number"
        ><bdi>${optimizerWords(one, this.app.clock.now())}</bdi
        >${rate === '' ? nothing : html` <span class="muted">${rate}</span>`}</span
      >
      ${
        state === 'waiting_for_person' && proposal !== null
          ? html`<button class="plain link" @click=${() => this.#lead(proposal)}>
              ${t('Go to the proposal')}
            </button>`
          : nothing
      }
    </li>`;
  }

  #lead(proposal: string): void {
    const detail = { proposal };
    this.dispatchEvent(new CustomEvent('pipescope-proposal', { detail, bubbles: true }));
  }
}
