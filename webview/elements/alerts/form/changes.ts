import { t } from '@vscode/l10n';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { exactTime } from '../../../../service/protocol/describe.ts';
import type { App } from '../../../app.ts';
import { Load } from '../../../load.ts';
import { loaded } from '../../shared/loaded.ts';
import { shared } from '../../shared/styles.ts';

interface Change {
  revision: number;
  time: string;
  by: string | null;
  /** Null when it was removed, or was as it came again. */
  rule: unknown;
}

/** Who changed it when; asked for when somebody opens it. */
@customElement('pipescope-definition-changes')
export class PipescopeDefinitionChanges extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        margin-top: 16px;
      }
      ol {
        margin: 4px 0;
        padding-inline-start: 24px;
        max-height: 220px;
        overflow: auto;
      }
    `,
  ];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) path = '';
  @property({ attribute: false }) revision = 0;
  @state() private opened = false;
  readonly #load = new Load<{ changes: Change[] }>(this, {
    path: () => (this.opened ? this.path : null),
    version: () => this.revision,
    everyMs: 1000,
  });

  get seen(): boolean {
    return this.opened;
  }

  protected override render(): TemplateResult {
    const toggle = (event: Event): void => {
      this.opened = (event.currentTarget as HTMLDetailsElement).open;
    };
    return html`<details @toggle=${toggle}>
      <summary>${t('History of changes')}</summary>
      ${this.opened ? this.#content() : ''}
    </details>`;
  }

  #content(): unknown {
    return loaded(this.#load, {
      skeleton: html`<p class="caption" role="status">${t('Loading…')}</p>`,
      content: ({ changes }) =>
        changes.length === 0
          ? html`<p class="caption">${t('Nobody has changed it yet.')}</p>`
          : html`<ol>
              ${changes.map((one) => html`<li>${exactTime(one.time)} · <bdi>${one.by ?? t('somebody')}</bdi>${one.rule === null ? ` · ${t('as it came')}` : ''}</li>`)}
            </ol>`,
    });
  }
}
