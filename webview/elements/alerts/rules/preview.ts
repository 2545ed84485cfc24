import { t } from '@vscode/l10n';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { count, duration, exactTime } from '../../../../service/protocol/describe.ts';
import type { RulePreview } from '../../../../service/protocol/rule.ts';
import type { App } from '../../../app.ts';
import { number } from '../../../format.ts';
import { KeepFocus } from '../../shared/keepFocus.ts';
import type { Content } from '../../shared/region.ts';
import { shared } from '../../shared/styles.ts';

const HOURS = 24;

/** How often the rule, as it is written now, would have fired. Tells `pipescope-refused` with the result that refused it. */
@customElement('pipescope-rule-preview')
export class PipescopeRulePreview extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        margin-top: 16px;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
      ol {
        margin: 4px 0;
        padding-inline-start: 24px;
        max-height: 220px;
        overflow: auto;
      }
      li {
        overflow-wrap: anywhere;
      }
    `,
  ];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) rule: () => object = () => ({});
  @state() private busy = false;
  @state() private found: RulePreview | undefined;
  @state() private problem = '';
  /** Of the last question; an older answer is not shown. */
  #asked = 0;

  constructor() {
    super();
    new KeepFocus(this, 'vscode-button');
  }

  protected override render(): TemplateResult {
    return html`<div class="line">
        <vscode-button appearance="secondary" @click=${this.#ask}>${t('Preview')}</vscode-button>
        ${
          this.busy
            ? html`<span role="status"
                  >${t('Looking through the last {0} hours…', String(HOURS))}</span
                ><vscode-button appearance="secondary" @click=${this.#cancel}
                  >${t('Cancel')}</vscode-button
                >`
            : html`<span role="status">${this.#sentence()}</span>`
        }
      </div>
      ${this.#occasions()}`;
  }

  #sentence(): string {
    if (this.found === undefined) return this.problem;
    return count(
      this.found.count,
      t('Would have fired {0} time in the last {1} hours.'),
      t('Would have fired {0} times in the last {1} hours.'),
      String(HOURS),
    );
  }

  #occasions(): Content {
    const { found } = this;
    if (found === undefined || this.busy) return nothing;
    const { occasions, limits } = found;
    const more = found.count - occasions.length;
    return html`<ol aria-label=${t('When it would have fired')}>
        ${occasions.map((one) => html`<li>${occasionText(one)}</li>`)}
      </ol>
      ${more > 0 ? html`<p class="caption">${count(more, t('{0} earlier one is not listed.'), t('{0} earlier ones are not listed.'))}</p>` : nothing}
      ${limits === null ? nothing : html`<p class="caption">${limits}</p>`}`;
  }

  readonly #ask = (): void => {
    if (this.busy) return;
    const mine = ++this.#asked;
    this.busy = true;
    this.problem = '';
    this.found = undefined;
    const command = { command: 'rule.preview', rule: this.rule(), hours: HOURS } as const;
    void this.app.session.ask(command).then((result) => {
      if (mine !== this.#asked) return;
      this.busy = false;
      if (result.ok) this.found = result.body as RulePreview;
      else {
        // What is wrong with a field stands there.
        this.problem = (result.errors ?? []).length > 0 ? '' : result.message;
        this.dispatchEvent(new CustomEvent('pipescope-refused', { detail: result }));
      }
    });
  };

  readonly #cancel = (): void => {
    this.#asked++;
    this.busy = false;
  };
}

function occasionText({
  time,
  until,
  subject,
  value,
}: RulePreview['occasions'][number]): TemplateResult {
  const lasted = until === null ? '' : duration(Date.parse(until) - Date.parse(time));
  return html`<bdi>${subject}</bdi>${value === null ? nothing : html`, ${number(value)}`}
    <span class="caption"
      >${exactTime(time)}${lasted === '' ? nothing : html` · ${t('for {0}', lasted)}`}</span
    >`;
}
