import { t } from '@vscode/l10n';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { exactTime } from '../../../service/protocol/describe.ts';
import type { App } from '../../app.ts';
import { clockTime } from '../../format.ts';
import { icon } from '../../icons.ts';
import { Watch } from '../../watch.ts';
import type { Content } from '../shared/region.ts';
import { shared } from '../shared/styles.ts';

const NOTICE_MS = 6_000;

/** Says when the line to the service is down, and what the last thing asked for came to. */
@customElement('pipescope-banner')
export class PipescopeBanner extends LitElement {
  static override styles = [
    shared,
    css`
      .banner,
      .notice {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
        padding: 6px 16px;
        border-block: 1px solid var(--vscode-inputValidation-warningBorder, #b89500);
        background: var(--vscode-inputValidation-warningBackground, transparent);
      }
      .notice {
        position: fixed;
        inset: auto 16px 16px auto;
        z-index: 40;
        max-width: min(440px, calc(100vw - 32px));
        padding: 8px 12px;
        color: var(--vscode-notifications-foreground, var(--vscode-foreground));
        background: var(--vscode-notifications-background, var(--vscode-editorWidget-background));
        border: 1px solid
          var(--vscode-notifications-border, var(--vscode-editorWidget-border, #454545));
        border-radius: 4px;
        overflow-wrap: anywhere;
      }
      .error .icon {
        color: var(--ps-bad);
      }
    `,
  ];
  @property({ attribute: false }) app!: App;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timed: unknown = null;

  constructor() {
    super();
    new Watch(this, ['connection', 'notice'], { clock: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override render(): TemplateResult {
    return html`<div role="status">${this.#line()}</div>
      <div role="alert">${this.#notice()}</div>`;
  }

  #line(): Content {
    const { connection, stale } = this.app.store;
    if (!stale) return nothing;
    const since = clockTime(connection.since, this.app.clock.now());
    return html`<div class="banner">
      ${icon('disconnect')}
      <span title=${exactTime(connection.since)}
        >${t('Not connected since {0}. Showing what was known then. Retrying.', since)}</span
      >
      ${connection.message === undefined ? nothing : html`<span>${connection.message}</span>`}
    </div>`;
  }

  #notice(): Content {
    const { notice } = this.app.store;
    if (notice === null) return nothing;
    const close = (): void => this.app.store.say(null);
    return html`<div class="notice ${notice.level}">
      ${icon(notice.level === 'error' ? 'error' : 'info')}<span>${notice.message}</span>
      <vscode-button appearance="icon" aria-label=${t('Close')} @click=${close}
        >${icon('close')}</vscode-button
      >
    </div>`;
  }

  protected override updated(): void {
    const { notice } = this.app.store;
    if (notice === this.#timed) return;
    this.#timed = notice;
    clearTimeout(this.#timer);
    // An error stays until it is closed: it names a next step.
    if (notice?.level === 'info')
      this.#timer = setTimeout(() => this.app.store.say(null), NOTICE_MS);
  }
}
