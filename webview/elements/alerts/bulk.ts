import { t } from '@vscode/l10n';
import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { count } from '../../../service/protocol/describe.ts';
import type { Command } from '../../../service/protocol/frame.ts';
import type { App } from '../../app.ts';
import { fieldStyles } from '../shared/field.ts';
import { KeepFocus } from '../shared/keepFocus.ts';
import type { Content } from '../shared/region.ts';
import { shared } from '../shared/styles.ts';
import { chosenTab } from '../shared/tabs.ts';
import { bulkStyles } from './alerts.styles.ts';
import { acknowledgementIn, expiryPicker } from './expiry.ts';

/** What is done with all alerts that are selected. Tells `pipescope-picked` with none of them when it is done. */
@customElement('pipescope-alerts-bulk')
export class PipescopeAlertsBulk extends LitElement {
  static override styles = [shared, fieldStyles, bulkStyles];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) picked: ReadonlySet<string> = new Set();

  constructor() {
    super();
    new KeepFocus(this, () => chosenTab(this.getRootNode() as ShadowRoot));
  }

  protected override render(): Content {
    const { size } = this.picked;
    if (size === 0) return nothing;
    const keydown = (event: KeyboardEvent): void => {
      if (event.key === 'Enter') this.#acknowledge();
    };
    return html`<div class="bulk" role="group" aria-label=${t('Selected alerts')}>
      <span class="number">${count(size, t('{0} selected'), t('{0} selected'))}</span>
      <input
        type="text"
        class="field"
        autocomplete="off"
        placeholder=${t('Note (optional)')}
        aria-label=${t('Note on the selected alerts')}
        maxlength="500"
        @keydown=${keydown}
      />
      ${expiryPicker(t('How long the acknowledgement counts'))}
      <vscode-button @click=${this.#acknowledge}>${t('Acknowledge Selected')}</vscode-button>
      <vscode-button appearance="secondary" @click=${this.#resolve}
        >${t('Resolve Selected')}</vscode-button
      >
      <vscode-button appearance="secondary" @click=${this.#none}>${t('Select None')}</vscode-button>
    </div>`;
  }

  readonly #acknowledge = (): void => {
    const more = acknowledgementIn(this.renderRoot);
    void this.#each((alert_id) => ({ command: 'alert.acknowledge', alert_id, ...more }));
  };

  readonly #resolve = (): void => {
    const { note } = acknowledgementIn(this.renderRoot);
    const more = note === undefined ? {} : { note };
    void this.#each((alert_id) => ({ command: 'alert.resolve', alert_id, ...more }));
  };

  readonly #none = (): void => {
    this.dispatchEvent(new CustomEvent('pipescope-picked', { detail: new Set() }));
  };

  /** One after the other; after the first refusal, which is said, the rest stays selected. */
  async #each(command: (id: string) => Command): Promise<void> {
    for (const id of this.picked) if (!(await this.app.session.command(command(id)))) return;
    this.#none();
  }
}
