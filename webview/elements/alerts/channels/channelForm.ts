import { t } from '@vscode/l10n';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type {
  ChannelKind,
  ChannelRecord,
  SecretSource,
} from '../../../../service/protocol/channel.ts';
import type { Command } from '../../../../service/protocol/frame.ts';
import type { Content } from '../../shared/region.ts';
import { type Field, idFrom, type Options, type Problems, type Raw } from '../form/field.ts';
import { fieldView } from '../form/fieldView.ts';
import { DefinitionForm, type Draft, type Section } from '../form/form.ts';
import { channelSections, newChannel, NEW_KINDS, SECRET_WORDS } from './channelFields.ts';

const CHANNEL_PARTS = [
  ...(['channel_id', 'name', 'kind', 'enabled', 'min_severity'] as const),
  ...(['rules', 'send_resolved', 'settings'] as const),
];

/** A channel as the service takes it, of what it says of one. */
function draftOf(record: ChannelRecord): Draft {
  const document = Object.fromEntries(CHANNEL_PARTS.map((name) => [name, record[name]]));
  return { document, revision: record.revision };
}

/** Makes or changes a channel. Secrets are written only: what is there is never shown. */
@customElement('pipescope-channel-form')
export class PipescopeChannelForm extends DefinitionForm {
  @property({ attribute: false }) rules: Options = [];
  /** Ids that other channels have. */
  @property({ attribute: false }) taken: readonly string[] = [];
  /** Undefined for a new one. */
  @property({ attribute: false }) record: ChannelRecord | undefined;
  /** What somebody wrote as a secret; null takes it away. What is not here stays. */
  @state() private secrets: Readonly<Record<string, string | null>> = {};
  /** The id of a new channel follows its name until somebody writes one. */
  #ownId = false;

  protected override get name(): string {
    return this.record?.name ?? t('New channel');
  }

  override get dirty(): boolean {
    return super.dirty || Object.keys(this.secrets).length > 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('record') && this.record !== undefined) this.latest = draftOf(this.record);
    if (!this.hasUpdated) this.begin(this.latest ?? this.#fresh(NEW_KINDS[0] ?? 'email'));
    super.willUpdate(changed);
  }

  #fresh(kind: ChannelKind): Draft {
    const document = newChannel(kind);
    return { document: { ...document, channel_id: idFrom(String(document['name'])) } };
  }

  get #kind(): ChannelKind {
    return (this.draft.document as { kind: ChannelKind }).kind;
  }

  protected sections(): readonly Section[] {
    return channelSections({
      ...{ kind: this.#kind, isNew: this.record === undefined, rules: this.rules },
    });
  }

  protected command(channel: Record<string, unknown>, revision: number): Command {
    // In VS Code the window keeps secrets, and hands them over when the channel is there.
    const secrets =
      this.app.session.home === 'vscode' || Object.keys(this.secrets).length === 0
        ? {}
        : { secrets: this.secrets };
    return { command: 'channel.set', channel, ...secrets, revision };
  }

  protected check({ channel_id: id }: Record<string, unknown>): Problems {
    const double = this.record === undefined && this.taken.some((one) => one === id);
    return double
      ? { '/channel_id': t('There is a channel with this id. Write another one.') }
      : {};
  }

  protected override saved(body: unknown): void {
    const { channel_id } = this.read().document;
    const { session } = this.app;
    const some = Object.keys(this.secrets).length > 0;
    if (session.home === 'vscode' && some && typeof channel_id === 'string')
      session.request({
        ...{ type: 'host', action: 'save_secrets', channel_id, secrets: { ...this.secrets } },
      });
    this.close(body);
  }

  protected override set(field: Field, raw: Raw): void {
    super.set(field, raw);
    if (field.path === '/kind') this.#otherKind(raw as ChannelKind);
    if (field.path === '/channel_id') this.#ownId = true;
    if (field.path === '/name' && this.record === undefined && !this.#ownId)
      this.raws = { ...this.raws, '/channel_id': idFrom(String(raw)) };
  }

  #otherKind(kind: ChannelKind): void {
    const draft = this.#fresh(kind);
    this.secrets = {};
    this.clear();
    this.raws = {};
    this.#ownId = false;
    this.fill(draft.document);
  }

  protected override more(): TemplateResult {
    const words = Object.entries(SECRET_WORDS[this.#kind]);
    return html`${
      words.length === 0
        ? nothing
        : html`<h4>${t('Secrets')}</h4>
            ${words.map(([name]) => this.#secret(name))}`
    }`;
  }

  #secret(name: string): Content {
    const word = SECRET_WORDS[this.#kind][name];
    if (word === undefined) return nothing;
    const source = this.record?.secrets[name] ?? null;
    const written = this.secrets[name];
    const label = word.label();
    const field: Field = {
      ...{ as: 'text', path: `/secrets/${name}`, label, type: 'password' },
      help: [secretState(source, word.needed), word.help?.() ?? ''].join(' ').trim(),
    };
    const remove = (): void => {
      this.secrets = { ...this.secrets, [name]: null };
    };
    return html`${fieldView({
      field,
      raw: typeof written === 'string' ? written : '',
      problem: this.problems[field.path],
      set: (raw) => this.#write(name, String(raw)),
    })}
    ${
      written === null
        ? html`<p role="status">${t('It is removed when you save.')}</p>`
        : source === null || source === 'environment'
          ? nothing
          : html`<vscode-button
              appearance="secondary"
              aria-label=${t('Remove {0}', label)}
              @click=${remove}
              >${t('Remove')}</vscode-button
            >`
    }`;
  }

  /** An empty field keeps what is there. */
  #write(name: string, text: string): void {
    const { [name]: _, ...others } = this.secrets;
    this.secrets = text === '' ? others : { ...others, [name]: text };
    const { [`/secrets/${name}`]: __, ...problems } = this.problems;
    this.problems = problems;
  }

  protected override get extraFields(): Field[] {
    return Object.keys(SECRET_WORDS[this.#kind]).map((name) => ({
      ...{ as: 'text', path: `/secrets/${name}`, label: '' },
    }));
  }

  protected override buttons(): Content {
    const { record } = this;
    if (record === undefined || (record.builtin && record.revision === 0)) return nothing;
    const { builtin, name, channel_id } = record;
    const does = async (): Promise<void> => {
      if (await this.app.session.command({ command: 'channel.reset', channel_id }))
        this.close(null);
    };
    const ask = (): void =>
      this.confirm({
        text: builtin
          ? t('{0} will be as it came with Pipescope.', name)
          : t('{0} will be removed, and its secrets. What waits for it is not sent.', name),
        yes: builtin ? t('Reset to Default') : t('Remove'),
        does: () => void does(),
      });
    return html`<vscode-button appearance="secondary" @click=${ask}
      >${builtin ? t('Reset to Default') : t('Remove')}</vscode-button
    >`;
  }
}

function secretState(source: SecretSource | null, needed: boolean): string {
  switch (source) {
    case 'environment':
      return t('Set, from the environment; that goes before what is written here.');
    case 'file':
      return t('Set, in the file of the service. Write another one to replace it.');
    case 'window':
      return t('Set, by a VS Code window. Write another one to replace it.');
    case null:
      return needed ? t('Not set. Nothing is sent without it.') : t('Not set.');
  }
}
