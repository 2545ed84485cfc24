import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { App } from '../../app.ts';
import { type RegionName, regionTitle } from '../../regionNames.ts';
import { regionStyles, shared } from './styles.ts';
import { statusStyles } from './status.ts';

export type Content = TemplateResult | typeof nothing;

/** A part of the dashboard with a heading. Its accessible name is the same in every language. */
export abstract class RegionElement extends LitElement {
  static override styles = [shared, regionStyles, statusStyles];
  abstract readonly region: RegionName;
  @property({ attribute: false }) app!: App;
  /** False while nobody sees the region: it then shows what it showed, asks for nothing and follows nothing. */
  @property({ attribute: false }) seen = true;

  /** What stands to the right of the heading. */
  protected actions(): Content {
    return nothing;
  }

  protected abstract content(): Content;

  /** Shown until the first records are here; as high as what will stand there. */
  protected skeleton(): Content {
    return html`<div class="skeleton"></div>`;
  }

  protected get waiting(): boolean {
    return !this.app.store.detailLoaded;
  }

  protected override render(): TemplateResult {
    return html`<section aria-label=${this.region} aria-busy=${this.waiting ? 'true' : 'false'}>
      <header>
        <h2>${regionTitle(this.region)}</h2>
        <div class="actions">${this.actions()}</div>
      </header>
      ${this.waiting ? this.skeleton() : this.content()}
    </section>`;
  }
}
