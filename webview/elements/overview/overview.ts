import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { icon } from '../../icons.ts';
import { Watch } from '../../watch.ts';
import { RegionElement } from '../shared/region.ts';
import { tiles, type Tile } from './summary.ts';

const LOADING = 6;

/** The numbers that matter, each with what it is a part of. */
@customElement('pipescope-overview')
export class PipescopeOverview extends RegionElement {
  static override styles = [
    ...RegionElement.styles,
    css`
      dl {
        display: grid;
        grid-template-columns: repeat(6, minmax(0, 1fr));
        gap: 8px;
        margin: 0;
      }
      .tile {
        min-height: 78px;
        padding: 8px 12px;
        border: 1px solid var(--vscode-contrastBorder, var(--ps-line));
        border-radius: 2px;
        min-width: 0;
      }
      dt,
      dd {
        margin: 0;
      }
      .value {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 6px;
        font-size: 20px;
        line-height: 28px;
      }
      .amount {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .unit {
        font-size: 11px;
        line-height: 20px;
      }
      .value .icon {
        align-self: center;
        width: 16px;
      }
      .bad .icon {
        color: var(--ps-bad);
      }
      .warn .icon {
        color: var(--ps-warn);
      }
      .caption {
        min-height: 16px;
      }
      @media (max-width: 899px) {
        dl {
          grid-template-columns: repeat(3, minmax(0, 1fr));
        }
      }
      @media (max-width: 399px) {
        dl {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
        .tile {
          padding: 8px;
        }
      }
    `,
  ];
  readonly region = 'Overview';

  constructor() {
    super();
    new Watch(this, ['jobs', 'alerts', 'selection', 'phases'], { clock: true });
  }

  protected override get waiting(): boolean {
    return !this.app.store.loaded;
  }

  protected override skeleton(): TemplateResult {
    const one = html`<div class="tile skeleton"></div>`;
    return html`<dl>${Array.from({ length: LOADING }, () => one)}</dl>`;
  }

  protected content(): TemplateResult {
    const { store, clock } = this.app;
    const known = {
      jobs: store.jobs.values(),
      alerts: store.alerts.values(),
      job: store.job,
      phases: store.detail?.orderedPhases() ?? [],
    };
    return html`<dl>${tiles(known, clock.now()).map((tile) => this.#tile(tile))}</dl>`;
  }

  #tile(tile: Tile): TemplateResult {
    const sign = tile.tone === 'plain' ? nothing : icon(tile.tone === 'bad' ? 'error' : 'warning');
    return html`<div class="tile ${tile.tone}">
      <dt class="caption cut">${this.#label(tile)}</dt>
      <dd class="value number">
        ${sign}<span class="amount">${tile.value}</span>
        ${tile.unit === undefined ? nothing : html`<span class="unit">${tile.unit}</span>`}
      </dd>
      <dd class="caption">${tile.caption}</dd>
    </div>`;
  }

  #label({ label, leadsTo }: Tile): TemplateResult {
    if (leadsTo === undefined) return html`${label}`;
    const go = (): void => {
      const options = { detail: leadsTo, bubbles: true, composed: true };
      this.dispatchEvent(new CustomEvent('pipescope-go', options));
    };
    return html`<button class="plain" title="Go to ${leadsTo}" @click=${go}>${label}</button>`;
  }
}
