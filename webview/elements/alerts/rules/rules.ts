import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { count, exactTime, relativeTime } from '../../../../service/protocol/describe.ts';
import type { ChannelRecord } from '../../../../service/protocol/channel.ts';
import { ruleSentence } from '../../../../service/protocol/describeRules.ts';
import type { RuleKindRecord, RuleRecord } from '../../../../service/protocol/rule.ts';
import type { App } from '../../../app.ts';
import { valueOf } from '../../../controls.ts';
import { Load } from '../../../load.ts';
import { Watch } from '../../../watch.ts';
import { fieldStyles } from '../../shared/field.ts';
import { KeepFocus } from '../../shared/keepFocus.ts';
import { loaded } from '../../shared/loaded.ts';
import type { Content } from '../../shared/region.ts';
import { severityLabel, statusStyles } from '../../shared/status.ts';
import { shared } from '../../shared/styles.ts';
import { definitionListStyles } from '../form/list.styles.ts';
import { ruleOf } from './ruleFields.ts';
import type { PipescopeRuleForm } from './ruleForm.ts';
import './ruleForm.ts';
import { KIND_WORDS } from './words.ts';

/** What the form shows: a rule by its id, or a new one, which may be a copy. */
type Opened = { id: string } | { copied: object | undefined };

/** When an alert is due: all rules, and the form of one of them. */
@customElement('pipescope-alert-rules')
export class PipescopeAlertRules extends LitElement {
  static override styles = [shared, fieldStyles, statusStyles, definitionListStyles];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) seen = true;
  @state() private text = '';
  @state() private opened: Opened | undefined;
  @query('pipescope-rule-form') private readonly form!: PipescopeRuleForm | null;
  readonly #rules = new Load<{ rules: RuleRecord[]; total: number }>(this, {
    path: () => '/api/v1/rules?limit=1000',
    parts: ['definitions', 'alerts'],
    everyMs: 1000,
  });
  readonly #kinds = new Load<{ kinds: RuleKindRecord[] }>(this, {
    path: () => (this.opened === undefined ? null : '/api/v1/rules/kinds'),
  });
  readonly #channels = new Load<{ channels: ChannelRecord[] }>(this, {
    path: () => (this.opened === undefined ? null : '/api/v1/channels?limit=1000'),
    parts: ['definitions'],
    everyMs: 1000,
  });

  constructor() {
    super();
    new Watch(this, ['goal'], { clock: true });
    new KeepFocus(this, '.new');
  }

  /** Leads to a rule, unless somebody has not saved another one. */
  protected override willUpdate(): void {
    const { store } = this.app;
    if (store.aim?.open !== 'rule' || !this.seen) return;
    const { rule_id: id } = store.aim;
    store.aim = null;
    const open = (): void => {
      this.opened = { id };
    };
    if (this.form?.dirty === true) this.form.leave(open);
    else open();
  }

  protected override render(): TemplateResult {
    return html`<div ?hidden=${this.opened !== undefined}>${this.#list()}</div>
      ${this.opened === undefined ? nothing : this.#form(this.opened)}`;
  }

  #form(opened: Opened): Content {
    return loaded(this.#kinds, {
      skeleton: html`<div class="skeleton"></div>`,
      content: ({ kinds }) =>
        loaded(this.#rules, {
          skeleton: html`<div class="skeleton"></div>`,
          content: ({ rules }) => this.#formOf(opened, kinds, rules),
        }),
    });
  }

  #formOf(opened: Opened, kinds: RuleKindRecord[], rules: readonly RuleRecord[]): TemplateResult {
    const record = 'id' in opened ? rules.find((rule) => rule.rule_id === opened.id) : undefined;
    if ('id' in opened && record === undefined)
      return html`<p class="failure" role="alert">
        <span>${t('There is no rule {0} any more.', opened.id)}</span>
        <vscode-button appearance="secondary" @click=${() => this.#close()}
          >${t('All Rules')}</vscode-button
        >
      </p>`;
    const channels = (this.#channels.value?.channels ?? []).map(
      (one) => [one.channel_id, one.name] as const,
    );
    // A form of its own for each: what is written in one is not for another.
    return html`${repeat(
      [opened],
      (one) => ('id' in one ? one.id : one),
      () =>
        html`<pipescope-rule-form
          .app=${this.app}
          .kinds=${kinds}
          .channels=${channels}
          .record=${record}
          .taken=${rules.map(({ rule_id }) => rule_id)}
          .copied=${'copied' in opened ? opened.copied : undefined}
          @pipescope-done=${() => this.#close()}
          @pipescope-duplicate=${() => this.#duplicate(record)}
        ></pipescope-rule-form>`,
    )}`;
  }

  #duplicate(record: RuleRecord | undefined): void {
    if (record === undefined) return;
    const name = t('Copy of {0}', record.name);
    this.opened = { copied: { ...ruleOf(record), rule_id: '', name } };
  }

  /** Back to the list, at the row that was opened. */
  #close(): void {
    const { opened } = this;
    this.opened = undefined;
    this.#rules.retry();
    void this.updateComplete.then(() => {
      const row =
        opened !== undefined && 'id' in opened ? `[data-id="${opened.id}"] button` : '.new';
      this.renderRoot.querySelector<HTMLElement>(row)?.focus();
    });
  }

  #list(): Content {
    return loaded(this.#rules, {
      skeleton: html`<div class="skeleton"></div>`,
      content: ({ rules }) => this.#rows(rules),
    });
  }

  #rows(rules: readonly RuleRecord[]): TemplateResult {
    const found = rules.filter((rule) => fits(rule, this.text));
    const number =
      found.length === rules.length
        ? count(rules.length, t('{0} rule'), t('{0} rules'))
        : count(rules.length, t('{1} of {0} rule'), t('{1} of {0} rules'), String(found.length));
    return html`<div class="bar">
        <input
          type="text"
          class="field"
          autocomplete="off"
          placeholder=${t('Filter rules')}
          aria-label=${t('Filter rules')}
          .value=${this.text}
          @input=${(event: Event) => (this.text = valueOf(event))}
        />
        <span class="caption number" role="status">${number}</span>
        <vscode-button class="new" @click=${() => (this.opened = { copied: undefined })}
          >${t('New Rule')}</vscode-button
        >
      </div>
      ${found.length === 0 ? html`<p class="empty">${t('No rule matches. Clear the filter to see all.')}</p>` : nothing}
      <div
        class="scroll"
        tabindex=${found.length > 0 ? 0 : -1}
        role="group"
        aria-label=${t('Rules')}
      >
        <ul class="rows">
          ${repeat(
            found,
            (rule) => rule.rule_id,
            (rule) => this.#row(rule),
          )}
        </ul>
      </div>`;
  }

  #row(rule: RuleRecord): TemplateResult {
    const { rule_id: id, name, enabled, last_fired_at: last, problem } = rule;
    const flip = (event: Event): void => {
      const on = (event.currentTarget as HTMLInputElement).checked;
      void this.#switch(rule, on);
    };
    return html`<li class="row ${enabled ? '' : 'off'}" data-id=${id}>
      <input
        type="checkbox"
        role="switch"
        aria-label=${t('{0} is switched on', name)}
        .checked=${enabled}
        @change=${flip}
      />
      <div class="facts">
        <div class="head">
          <button class="plain link" @click=${() => (this.opened = { id })}>
            <bdi>${name}</bdi>
          </button>
          ${severityLabel(rule.severity)} ${tags(rule)}
        </div>
        <p>${unbroken(ruleSentence(ruleOf(rule)))}</p>
        <p class="caption">
          ${counts(rule)}${
            last === null
              ? t('has not fired yet')
              : html`<span title=${exactTime(last)}
                  >${t('fired last {0}', relativeTime(last, this.app.clock.now()))}</span
                >`
          }
        </p>
        ${problem === null ? nothing : html`<p class="problem">${problem}</p>`}
      </div>
    </li>`;
  }

  async #switch({ rule_id, revision }: RuleRecord, enabled: boolean): Promise<void> {
    await this.app.session.command({ command: 'rule.set', rule: { rule_id, enabled }, revision });
    this.#rules.retry();
  }
}

/** A number stays with its unit. */
function unbroken(sentence: string): string {
  return sentence.replace(/(\d) /g, '$1\u00a0');
}

function tags({ edited, builtin, enabled }: RuleRecord): Content {
  const tag = (text: string): TemplateResult => html`<span class="tag">${text}</span>`;
  return html`${edited && builtin ? tag(t('edited')) : nothing}${builtin ? nothing : tag(t('own'))}${
    enabled ? nothing : tag(t('off'))
  }`;
}

function counts({ firing, pending }: RuleRecord): string {
  const parts = [
    ...(firing > 0 ? [count(firing, t('{0} alert now'), t('{0} alerts now'))] : []),
    ...(pending > 0 ? [count(pending, t('{0} pending'), t('{0} pending'))] : []),
  ];
  return parts.map((part) => `${part} · `).join('');
}

/** All words of the filter are somewhere in what is said of the rule. */
function fits(rule: RuleRecord, text: string): boolean {
  const { rule_id, name, kind, severity } = rule;
  const sentence = ruleSentence(ruleOf(rule));
  const all = [rule_id, name, kind, KIND_WORDS[kind](), sentence, severity].join(' ').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
