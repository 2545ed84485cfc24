import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { count, duration, exactTime, severityWord } from '../../../../service/protocol/describe.ts';
import type { RuleRecord } from '../../../../service/protocol/rule.ts';
import type { Matcher, SilenceRecord } from '../../../../service/protocol/silence.ts';
import { SEVERITIES } from '../../../../service/protocol/states.ts';
import type { App } from '../../../app.ts';
import { Load } from '../../../load.ts';
import { Watch } from '../../../watch.ts';
import { KeepFocus } from '../../shared/keepFocus.ts';
import { loaded } from '../../shared/loaded.ts';
import type { Content } from '../../shared/region.ts';
import { shared } from '../../shared/styles.ts';
import { definitionListStyles } from '../form/list.styles.ts';
import { opWords } from './silenceFields.ts';
import type { PipescopeSilenceForm } from './silenceForm.ts';
import './silenceForm.ts';

const STATES: Record<SilenceRecord['state'], () => string> = {
  ACTIVE: () => t('Active'),
  PENDING: () => t('Not begun'),
  EXPIRED: () => t('Over'),
};
const ORDER: readonly SilenceRecord['state'][] = ['ACTIVE', 'PENDING', 'EXPIRED'];

type Opened = { id: string } | { matchers: readonly Matcher[] };

/** For a time nobody is told of what matches: all silences, and the form of one of them. */
@customElement('pipescope-alert-silences')
export class PipescopeAlertSilences extends LitElement {
  static override styles = [shared, definitionListStyles];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) seen = true;
  @state() private opened: Opened | undefined;
  @query('pipescope-silence-form') private readonly form!: PipescopeSilenceForm | null;
  readonly #silences = new Load<{ silences: SilenceRecord[] }>(this, {
    path: () => '/api/v1/silences?limit=1000',
    parts: ['definitions', 'alerts'],
    everyMs: 1000,
  });

  readonly #rules = new Load<{ rules: RuleRecord[] }>(this, {
    path: () => '/api/v1/rules?limit=1000',
    parts: ['definitions'],
  });

  constructor() {
    super();
    new Watch(this, ['goal'], { clock: true });
    new KeepFocus(this, '.new');
  }

  protected override willUpdate(): void {
    const { store } = this.app;
    if (store.aim?.open !== 'silence' || !this.seen) return;
    const { matchers } = store.aim;
    store.aim = null;
    const open = (): void => {
      this.opened = { matchers };
    };
    if (this.form?.dirty === true) this.form.leave(open);
    else open();
  }

  protected override render(): Content {
    return loaded(this.#silences, {
      skeleton: html`<div class="skeleton"></div>`,
      content: ({ silences }) =>
        this.opened === undefined ? this.#list(silences) : this.#form(silences, this.opened),
    });
  }

  #form(silences: readonly SilenceRecord[], opened: Opened): TemplateResult {
    const record =
      'id' in opened ? silences.find((one) => one.silence_id === opened.id) : undefined;
    return html`${repeat(
      [opened],
      (one) => one,
      () =>
        html`<pipescope-silence-form
          .app=${this.app}
          .record=${record}
          .rules=${this.#rules.value?.rules ?? []}
          .wanted=${'matchers' in opened ? opened.matchers : []}
          @pipescope-done=${() => this.#close(opened)}
        ></pipescope-silence-form>`,
    )}`;
  }

  /** Back to the list, at the row that was opened. */
  #close(opened: Opened): void {
    this.opened = undefined;
    this.#silences.retry();
    void this.updateComplete.then(() => {
      const row = 'id' in opened ? `[data-id="${opened.id}"] button` : '.new';
      this.renderRoot.querySelector<HTMLElement>(row)?.focus();
    });
  }

  #list(silences: readonly SilenceRecord[]): TemplateResult {
    const sorted = ORDER.flatMap((state) => silences.filter((one) => one.state === state));
    return html`<div class="bar">
        <span class="caption number"
          >${count(silences.length, t('{0} silence'), t('{0} silences'))}</span
        >
        <vscode-button class="new" @click=${() => (this.opened = { matchers: [] })}
          >${t('New Silence')}</vscode-button
        >
      </div>
      ${
        silences.length === 0
          ? html`<p class="empty">
              ${t('Nothing is silenced. A silence keeps alerts from being told for a time; they are shown all the same.')}
            </p>`
          : html`<ul class="rows" aria-label=${t('Silences')}>
              ${repeat(
                sorted,
                (one) => one.silence_id,
                (one) => this.#row(one),
              )}
            </ul>`
      }`;
  }

  #row(silence: SilenceRecord): TemplateResult {
    const { silence_id: id, matchers, state, comment, matching, created_by: by } = silence;
    const name = matchers.map((one) => matcherText(one, this.#named(one))).join(', ');
    return html`<li class="row ${state === 'EXPIRED' ? 'off' : ''}" data-id=${id}>
      <div class="facts">
        <div class="head">
          <button class="plain link" @click=${() => (this.opened = { id })}>
            <bdi>${name}</bdi>
          </button>
          <span class="tag">${STATES[state]()}</span>
        </div>
        ${comment === '' ? nothing : html`<p><bdi>${comment}</bdi></p>`}
        <p class="caption">
          ${this.#time(silence)} ·
          ${count(matching, t('{0} alert matches'), t('{0} alerts match'))}${by === null ? nothing : html` · <bdi>${by}</bdi>`}
        </p>
      </div>
      ${state === 'EXPIRED' ? nothing : this.#end(id, name)}
    </li>`;
  }

  /** What people call it. */
  #named({ field, value }: Matcher): string {
    if (field === 'severity') {
      const severity = SEVERITIES.find((one) => one === value);
      return severity === undefined ? value : severityWord(severity);
    }
    const rules = field === 'rule' ? (this.#rules.value?.rules ?? []) : [];
    return rules.find(({ rule_id }) => rule_id === value)?.name ?? value;
  }

  #time({ state, starts_at: from, ends_at: to }: SilenceRecord): TemplateResult {
    const now = this.app.clock.now();
    const [time, text] =
      state === 'PENDING'
        ? [from, t('begins in {0}', duration(Date.parse(from) - now))]
        : state === 'ACTIVE'
          ? [to, t('{0} left', duration(Date.parse(to) - now))]
          : [to, t('over since {0}', exactTime(to))];
    return html`<span title=${exactTime(time)}>${text}</span>`;
  }

  #end(silence_id: string, name: string): TemplateResult {
    const end = (): void => {
      const { session } = this.app;
      void session
        .command({ command: 'silence.end', silence_id })
        .then(() => this.#silences.retry());
    };
    return html`<div class="does">
      <vscode-button appearance="secondary" aria-label=${t('End Now: {0}', name)} @click=${end}
        >${t('End Now')}</vscode-button
      >
    </div>`;
  }
}

/** `rule is Slow phase` */
function matcherText({ field, op }: Matcher, value: string): string {
  const word = opWords().find(([one]) => one === op)?.[1] ?? op;
  return `${field} ${word} ${value}`;
}
