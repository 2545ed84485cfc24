import { t } from '@vscode/l10n';
import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Command } from '../../../../service/protocol/frame.ts';
import type { Matcher, SilenceRecord } from '../../../../service/protocol/silence.ts';
import { SEVERITIES } from '../../../../service/protocol/states.ts';
import { KeepFocus } from '../../shared/keepFocus.ts';
import type { Field, Problems } from '../form/field.ts';
import { DefinitionForm, type Draft, type Section } from '../form/form.ts';
import { FIELDS, localTime, opWords, silenceFields, UNTIL } from './silenceFields.ts';

const NEW_MATCHER: Matcher = { field: 'rule', op: '=', value: '' };
const HOUR = '3600000';

function draftOf(record: SilenceRecord): Draft {
  const { silence_id, comment, revision } = record;
  const ends_at = localTime(Date.parse(record.ends_at));
  return { document: { silence_id, comment, length: UNTIL, ends_at }, revision };
}

/** Makes or changes a silence: which alerts, until when, and why. */
@customElement('pipescope-silence-form')
export class PipescopeSilenceForm extends DefinitionForm {
  static override styles = [
    ...DefinitionForm.styles,
    css`
      .matcher {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        margin: 4px 0;
      }
      .item .matcher input {
        flex: 1 1 140px;
        width: auto;
        min-width: 0;
      }
      .matcher input.name {
        flex-grow: 0;
      }
    `,
  ];
  /** Undefined for a new one. */
  @property({ attribute: false }) record: SilenceRecord | undefined;
  /** What a new one begins with. */
  @property({ attribute: false }) wanted: readonly Matcher[] = [];
  /** Whose ids are offered. */
  @property({ attribute: false }) rules: readonly { rule_id: string; name: string }[] = [];
  @state() private matchers: readonly Matcher[] = [];
  #startMatchers = '';

  constructor() {
    super();
    new KeepFocus(this, '.matcher ~ vscode-button');
  }

  protected override get name(): string {
    return this.record === undefined ? t('New silence') : t('Silence');
  }

  override get dirty(): boolean {
    return super.dirty || JSON.stringify(this.matchers) !== this.#startMatchers;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('record') && this.record !== undefined) this.latest = draftOf(this.record);
    if (!this.hasUpdated) this.begin(this.latest ?? { document: { comment: '', length: HOUR } });
    super.willUpdate(changed);
  }

  protected override begin(draft: Draft): void {
    super.begin(draft);
    const matchers = this.record?.matchers ?? this.wanted;
    this.matchers = matchers.length === 0 ? [NEW_MATCHER] : matchers;
    this.#startMatchers = JSON.stringify(this.matchers);
  }

  protected sections(): readonly Section[] {
    const length = this.raws['/length'] ?? (this.record === undefined ? HOUR : UNTIL);
    return [{ title: t('How long'), fields: silenceFields(String(length)) }];
  }

  protected override get extraFields(): Field[] {
    return [{ as: 'text', path: '/matchers', label: '' }];
  }

  protected override get places(): Readonly<Record<string, string>> {
    // What is wrong with the end is said where somebody sets it.
    return this.raws['/length'] === UNTIL ? {} : { '/ends_at': '/length', '/for_ms': '/length' };
  }

  protected command(written: Record<string, unknown>, revision: number): Command {
    const { length, ends_at: until, ...others } = written;
    const time = new Date(String(until)).getTime();
    // What is no time is refused at its field.
    const end =
      length === UNTIL
        ? { ends_at: Number.isFinite(time) ? time : String(until) }
        : { starts_at: this.app.clock.now(), for_ms: Number(length) };
    const silence = { ...others, matchers: this.matchers, ...end };
    return { command: 'silence.set', silence, revision };
  }

  protected check(): Problems {
    const empty = this.matchers.some(({ field, value }) => field.trim() === '' || value === '');
    return empty ? { '/matchers': t('Write a field and a value in every condition.') } : {};
  }

  protected override above(): TemplateResult {
    const problem = this.problems['/matchers'];
    return html`<div
      class="item"
      role="group"
      aria-labelledby="which"
      aria-describedby="matchers-problem"
    >
      <label id="which">${t('Alerts for which all of this is true')}</label>
      <p class="help">
        ${t('"is like" takes * for any text. A field may be tag.NAME, for a tag of the alert.')}
      </p>
      ${this.matchers.map((one, index) => this.#matcher(one, index, problem !== undefined))}
      <vscode-button
        appearance="secondary"
        @click=${() => (this.matchers = [...this.matchers, NEW_MATCHER])}
        >${t('Add a Condition')}</vscode-button
      >
      <p class="problem" id="matchers-problem">${problem ?? ''}</p>
    </div>`;
  }

  #offers(field: string): TemplateResult[] {
    if (field === 'rule')
      return this.rules.map((one) => html`<option value=${one.rule_id}>${one.name}</option>`);
    return field === 'severity'
      ? SEVERITIES.map((one) => html`<option value=${one}></option>`)
      : [];
  }

  #matcher({ field, op, value }: Matcher, index: number, wrong: boolean): TemplateResult {
    const set = (change: Partial<Matcher>): void => {
      this.matchers = this.matchers.map((one, n) => (n === index ? { ...one, ...change } : one));
    };
    const written = (event: Event): string => (event.currentTarget as HTMLInputElement).value;
    const number = String(index + 1);
    const drop = (): void => {
      this.matchers = this.matchers.filter((_, n) => n !== index);
    };
    return html`<div class="matcher">
      <input
        class="name"
        list="fields"
        aria-label=${t('Field {0}', number)}
        autocomplete="off"
        spellcheck="false"
        aria-invalid=${wrong && field.trim() === '' ? 'true' : 'false'}
        .value=${field}
        @input=${(event: Event) => set({ field: written(event) })}
      />
      <datalist id="fields">${FIELDS.map((one) => html`<option value=${one}></option>`)}</datalist>
      <select
        aria-label=${t('Comparison {0}', number)}
        @change=${(event: Event) => set({ op: written(event) as Matcher['op'] })}
      >
        ${opWords().map(([one, text]) => html`<option value=${one} ?selected=${one === op}>${text}</option>`)}
      </select>
      <input
        list=${`values-${number}`}
        aria-label=${t('Value {0}', number)}
        autocomplete="off"
        spellcheck="false"
        maxlength="256"
        aria-invalid=${wrong && value === '' ? 'true' : 'false'}
        .value=${value}
        @input=${(event: Event) => set({ value: written(event) })}
      />
      <datalist id=${`values-${number}`}>${this.#offers(field)}</datalist>
      <vscode-button
        appearance="secondary"
        aria-label=${t('Remove condition {0}', number)}
        ?disabled=${this.matchers.length < 2}
        @click=${drop}
        >${t('Remove')}</vscode-button
      >
    </div>`;
  }
}
