import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { count } from '../../../../service/protocol/describe.ts';
import type { Command } from '../../../../service/protocol/frame.ts';
import type { App } from '../../../app.ts';
import type { Result } from '../../../session.ts';
import { KeepFocus } from '../../shared/keepFocus.ts';
import type { Content } from '../../shared/region.ts';
import { shared } from '../../shared/styles.ts';
import {
  type Field,
  placed,
  type Problems,
  type Raw,
  type Raws,
  rawsOf,
  readField,
  readForm,
} from './field.ts';
import { fieldView } from './fieldView.ts';
import { formStyles } from './form.styles.ts';

export interface Section {
  title: string;
  fields: readonly Field[];
}

/** What is edited: as the service takes it, and the revision that it was read at; 0 for a new one. */
export interface Draft {
  document: object;
  revision?: number;
}

/** A question that has to be answered before the form goes on. */
interface Question {
  text: string;
  yes: string;
  does: () => void;
}

/**
 * The form of a rule, a channel or a silence. Tells `pipescope-done` with the result's body (null when nothing was
 * saved) when it is to be closed.
 */
export abstract class DefinitionForm extends LitElement {
  static override styles = [shared, formStyles];
  @property({ attribute: false }) app!: App;
  /** As the service has it now; undefined for a new one. */
  @property({ attribute: false }) latest: Draft | undefined;
  @state() protected raws: Raws = {};
  @state() protected problems: Problems = {};
  @state() protected refusal = '';
  @state() protected busy = false;
  @state() protected question: Question | undefined;
  /** Somebody else changed it since. */
  @state() private changed = false;
  protected draft: Draft = { document: {} };
  #start: Raws = {};

  constructor() {
    super();
    new KeepFocus(this, 'h3');
    this.addController({
      hostConnected: () => window.addEventListener('beforeunload', this.#unload),
      hostDisconnected: () => window.removeEventListener('beforeunload', this.#unload),
    });
  }

  protected abstract get name(): string;
  protected abstract sections(): readonly Section[];
  /** What saves the document. */
  protected abstract command(document: Record<string, unknown>, revision: number): Command;

  /** What is wrong that no field can know by itself. */
  protected abstract check(document: Record<string, unknown>): Problems;

  /** What stands above the fields, below them, and behind the buttons. */
  protected above(): Content {
    return nothing;
  }

  protected more(): Content {
    return nothing;
  }

  protected buttons(): Content {
    return nothing;
  }

  get dirty(): boolean {
    return JSON.stringify(this.raws) !== JSON.stringify(this.#start);
  }

  protected get fields(): Field[] {
    return this.sections().flatMap((one) => one.fields);
  }

  /** Fields whose values are no part of the document. */
  protected get extraFields(): Field[] {
    return [];
  }

  /** Where what the service says of a path is shown, where that is another field. */
  protected get places(): Readonly<Record<string, string>> {
    return {};
  }

  /** Shows this. */
  protected begin(draft: Draft): void {
    this.draft = draft;
    this.raws = rawsOf(this.fields, draft.document);
    this.#start = this.raws;
    this.clear();
    this.changed = false;
  }

  /** Of another kind nothing is known to be wrong yet. */
  protected clear(): void {
    this.problems = {};
    this.refusal = '';
  }

  /** Fields that were not there have what the document says. */
  protected fill(document: object): void {
    this.draft = { ...this.draft, document };
    const fresh = this.fields.filter(({ path }) => !(path in this.raws));
    this.raws = { ...this.raws, ...rawsOf(fresh, document) };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('latest') || this.latest === undefined || this.busy) return;
    if (this.latest.revision === this.draft.revision) return;
    if (this.dirty) this.changed = true;
    else this.begin(this.latest);
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('h3')?.focus();
  }

  protected override render(): TemplateResult {
    return html`<div class="form" role="form" aria-labelledby="heading" @keydown=${this.#keydown}>
      <h3 id="heading" tabindex="-1"><bdi>${this.name}</bdi></h3>
      ${this.above()}
      ${this.sections().map(({ title, fields }) =>
        fields.length === 0
          ? nothing
          : html`${title === '' ? nothing : html`<h4>${title}</h4>`}${fields.map((one) => this.#field(one))}`,
      )}
      ${this.more()} ${this.changed ? this.#conflict() : nothing}
      <div class="end">
        <p class="problem" role="alert">${this.refusal}</p>
        ${this.question === undefined ? this.#actions() : this.#ask(this.question)}
      </div>
    </div>`;
  }

  #actions(): TemplateResult {
    return html`<vscode-button @click=${() => void this.save()}
        >${this.busy ? t('Saving…') : t('Save')}</vscode-button
      >
      <vscode-button appearance="secondary" @click=${() => this.leave()}
        >${t('Cancel')}</vscode-button
      >
      ${this.buttons()}`;
  }

  #ask({ text, yes }: Question): TemplateResult {
    return html`<div class="note" role="alertdialog" aria-label=${text}>
      <p>${text}</p>
      <vscode-button class="yes" @click=${() => this.#answer(true)}>${yes}</vscode-button>
      <vscode-button appearance="secondary" @click=${() => this.#answer(false)}
        >${t('Go On Editing')}</vscode-button
      >
    </div>`;
  }

  #answer(go: boolean): void {
    const { question } = this;
    this.question = undefined;
    if (go) question?.does();
    else void this.updateComplete.then(() => this.#focus('.end vscode-button'));
  }

  /** Asks before it goes on; the answer has the focus. */
  protected confirm(question: Question): void {
    this.question = question;
    void this.updateComplete.then(() => this.#focus('.note .yes'));
  }

  #conflict(): TemplateResult {
    const load = (): void => this.latest && this.begin(this.latest);
    return html`<div class="note" role="alert">
      <p>${t('Somebody else has changed it meanwhile. Your changes are not saved.')}</p>
      <vscode-button @click=${load}>${t('Load Theirs')}</vscode-button>
    </div>`;
  }

  #field(field: Field): TemplateResult {
    return fieldView({
      field,
      raw: this.raws[field.path] ?? null,
      problem: this.problems[field.path],
      set: (raw) => this.set(field, raw),
    });
  }

  /** What was wrong is looked at anew, but nobody is told off while they write. */
  protected set(field: Field, raw: Raw): void {
    this.raws = { ...this.raws, [field.path]: raw };
    if (this.problems[field.path] === undefined) return;
    const { problem } = readField(field, raw);
    const { [field.path]: _, ...others } = this.problems;
    this.problems = problem === undefined ? others : { ...others, [field.path]: problem };
    if (Object.keys(this.problems).length === 0) this.refusal = '';
  }

  /** What is written now. */
  protected read(): ReturnType<typeof readForm> {
    return readForm(this.fields, this.raws, this.draft.document);
  }

  protected async save(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.refusal = '';
    try {
      const { document, problems } = this.read();
      const own = { ...problems, ...this.check(document) };
      // An id that is taken would change the other one: nothing is sent then.
      if (Object.keys(own).length > Object.keys(problems).length) this.refused(own);
      else {
        const command = this.command(document, this.draft.revision ?? 0);
        const result = await this.app.session.ask(command);
        if (result.ok) await this.saved(result.body ?? document);
        else this.refused(own, result);
      }
    } finally {
      this.busy = false;
    }
  }

  /** What follows when the service has it. */
  protected saved(body: unknown): void | Promise<void> {
    this.close(body);
  }

  /** Every field that is wrong says so; the first has the focus, and how many there are is announced. */
  protected refused(seen: Problems, result?: Extract<Result, { ok: false }>): void {
    const { places } = this;
    const errors = (result?.errors ?? []).map(({ path, message }) => ({
      ...{ path: places[path] ?? path, message },
    }));
    const { problems, rest } = placed([...this.fields, ...this.extraFields], seen, errors);
    this.problems = problems;
    if (result?.code === 'DEFINITION_CHANGED') this.changed = true;
    const wrong = Object.keys(problems).length;
    const number = count(wrong, t('{0} field is not right.'), t('{0} fields are not right.'));
    const whole = rest.length === 0 && wrong === 0 ? [result?.message ?? ''] : rest;
    this.refusal = [...(wrong === 0 ? [] : [number]), ...whole].join(' ');
    void this.updateComplete.then(() => this.#focus('[aria-invalid=true]'));
  }

  /** What is not saved is not lost without a word. */
  leave(then: () => void = () => this.close(null)): void {
    if (this.dirty)
      this.confirm({
        text: t('Your changes are not saved.'),
        yes: t('Discard Changes'),
        does: then,
      });
    else then();
  }

  protected close(body: unknown): void {
    this.dispatchEvent(new CustomEvent('pipescope-done', { detail: body }));
  }

  #focus(selector: string): void {
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus();
  }

  readonly #unload = (event: BeforeUnloadEvent): void => {
    if (this.dirty) event.preventDefault();
  };

  /** A webview refuses the submission of forms, and with it the Enter key in a field. */
  readonly #keydown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape' && !event.isComposing)
      if (this.question === undefined) this.leave();
      else this.#answer(false);
    const [at] = event.composedPath();
    if (event.key !== 'Enter' || !(at instanceof HTMLInputElement)) return;
    if (at.type !== 'checkbox') void this.save();
  };
}
