import { t } from '@vscode/l10n';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { App } from '../../app.ts';
import type { TokenNeed } from '../../transport.ts';
import { shared } from '../shared/styles.ts';

/** Asks for the access token, in a browser that was not opened by `pipescope open`. */
@customElement('pipescope-token-form')
export class PipescopeTokenForm extends LitElement {
  static override styles = [
    shared,
    css`
      form {
        max-width: 440px;
        margin: 64px auto;
        padding: 0 16px;
      }
      h1 {
        font-size: 16px;
        font-weight: 600;
      }
      label {
        display: block;
        margin: 16px 0 4px;
      }
      input {
        width: 100%;
        height: 28px;
        margin-bottom: 16px;
        padding: 0 8px;
        color: var(--vscode-input-foreground);
        background: var(--vscode-input-background);
        border: 1px solid var(--vscode-input-border, var(--ps-line));
        border-radius: 2px;
        font: inherit;
      }
    `,
  ];
  @property({ attribute: false }) app!: App;
  @property() reason: TokenNeed = 'missing';
  @query('input') private readonly field!: HTMLInputElement;

  protected override render(): TemplateResult {
    const problem = problemOf(this.reason);
    return html`<form @submit=${this.#submit}>
      <h1>Pipescope</h1>
      ${problem === null ? nothing : html`<p role="alert">${problem}</p>`}
      <p>${t('Run "pipescope open" to open this page with its access token.')}</p>
      <label for="token">${t('Or paste the admin token; "pipescope token" prints it.')}</label>
      <input id="token" type="password" autocomplete="off" required />
      <vscode-button @click=${this.#submit}>${t('Connect')}</vscode-button>
    </form>`;
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const token = this.field.value.trim();
    if (token !== '') this.app.session.setToken(token);
  };
}

function problemOf(reason: TokenNeed): string | null {
  switch (reason) {
    case 'missing':
      return null;
    case 'refused':
      return t('The service does not accept this access token.');
    case 'used':
      return t('This link was used before, or it is older than a minute. Open the page again.');
  }
}
