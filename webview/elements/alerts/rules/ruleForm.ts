import { t } from '@vscode/l10n';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Command } from '../../../../service/protocol/frame.ts';
import type { RuleKind, RuleKindRecord, RuleRecord } from '../../../../service/protocol/rule.ts';
import type { Result } from '../../../session.ts';
import type { Content } from '../../shared/region.ts';
import { type Field, idFrom, type Options, type Problems, type Raw } from '../form/field.ts';
import { DefinitionForm, type Section } from '../form/form.ts';
import '../form/changes.ts';
import './preview.ts';
import { ruleOf, ruleSections } from './ruleFields.ts';

type Refusal = Extract<Result, { ok: false }>;

const MOST_OFFERS = 50;

/** Makes or changes a rule. */
@customElement('pipescope-rule-form')
export class PipescopeRuleForm extends DefinitionForm {
  @property({ attribute: false }) kinds: readonly RuleKindRecord[] = [];
  @property({ attribute: false }) channels: Options = [];
  /** Ids that other rules have. */
  @property({ attribute: false }) taken: readonly string[] = [];
  /** Undefined for a new one. */
  @property({ attribute: false }) record: RuleRecord | undefined;
  /** What a new one begins with, where it is not the defaults of its kind. */
  @property({ attribute: false }) copied: object | undefined;
  @state() private metrics: readonly { metric: string; unit: string | null }[] = [];
  /** The id of a new rule follows its name until somebody writes one. */
  #ownId = false;
  #asking: AbortController | undefined;

  protected override get name(): string {
    return this.record?.name ?? t('New rule');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking?.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('record') && this.record !== undefined)
      this.latest = { document: ruleOf(this.record), revision: this.record.revision };
    if (!this.hasUpdated && this.record === undefined)
      this.begin({ document: this.copied ?? this.#fresh(this.kinds[0]) });
    else if (!this.hasUpdated && this.latest !== undefined) this.begin(this.latest);
    super.willUpdate(changed);
    if (!this.hasUpdated) this.#offer();
  }

  #fresh(kind: RuleKindRecord | undefined): object {
    return { ...kind?.defaults, rule_id: '', name: '', enabled: true };
  }

  get #kind(): RuleKind {
    return (this.draft.document as { kind: RuleKind }).kind;
  }

  protected sections(): readonly Section[] {
    const kind = this.kinds.find((one) => one.kind === this.#kind);
    if (kind === undefined) return [];
    const pipelines = new Set([...this.app.store.jobs.values()].map((job) => job.pipeline));
    const { metrics, channels, kinds } = this;
    const metric = this.raws['/params/metric'];
    return ruleSections({
      ...{ kinds, kind, channels, metrics, isNew: this.record === undefined },
      metric: typeof metric === 'string' ? metric : '',
      pipelines: [...pipelines].slice(0, MOST_OFFERS),
    });
  }

  protected command(rule: Record<string, unknown>, revision: number): Command {
    return { command: 'rule.set', rule, revision };
  }

  protected check({ rule_id: id }: Record<string, unknown>): Problems {
    const double = this.record === undefined && this.taken.some((one) => one === id);
    return double ? { '/rule_id': t('There is a rule with this id. Write another one.') } : {};
  }

  protected override set(field: Field, raw: Raw): void {
    super.set(field, raw);
    if (field.path === '/kind') this.#otherKind(String(raw));
    if (field.path === '/rule_id') this.#ownId = true;
    if (field.path === '/name' && this.record === undefined && !this.#ownId)
      this.raws = { ...this.raws, '/rule_id': idFrom(String(raw)) };
    if (field.path === '/params/metric') this.#offer();
  }

  /** What belongs to no kind stays as it is written. */
  #otherKind(kind: string): void {
    const defaults = this.kinds.find((one) => one.kind === kind);
    const kept = Object.entries(this.raws).filter(([path]) =>
      /^\/(name|rule_id|kind|enabled|channels)$/.test(path),
    );
    this.raws = Object.fromEntries(kept);
    this.clear();
    this.fill({ ...this.#fresh(defaults), kind });
    this.#offer();
  }

  /** Metrics whose name holds what is written. */
  #offer(): void {
    if (!this.fields.some(({ path }) => path === '/params/metric')) return;
    this.#asking?.abort();
    this.#asking = new AbortController();
    const text = String(this.raws['/params/metric'] ?? '').trim();
    const query = new URLSearchParams({ text, limit: String(MOST_OFFERS) });
    this.app.session
      .get<{ metrics?: PipescopeRuleForm['metrics'] }>(
        `/api/v1/series/metrics?${query}`,
        this.#asking.signal,
      )
      .then(
        ({ metrics = [] }) => (this.metrics = metrics),
        () => undefined, // Without a list the name can still be written.
      );
  }

  protected override more(): TemplateResult {
    return html`<pipescope-rule-preview
        .app=${this.app}
        .rule=${() => this.#tried()}
        @pipescope-refused=${this.#previewRefused}
      ></pipescope-rule-preview>
      ${
        this.record === undefined
          ? nothing
          : html`<pipescope-definition-changes
              .app=${this.app}
              .path=${`/api/v1/rules/${encodeURIComponent(this.record.rule_id)}/changes`}
              .revision=${this.record.revision}
            ></pipescope-definition-changes>`
      }`;
  }

  /** A rule can be tried before it has a name. */
  #tried(): object {
    const { document } = this.read();
    const named = {
      name: document['name'] || 'preview',
      rule_id: document['rule_id'] || 'preview',
    };
    return { ...document, ...named };
  }

  readonly #previewRefused = (event: CustomEvent<Refusal>): void =>
    this.refused(this.read().problems, event.detail);

  protected override buttons(): Content {
    const { record } = this;
    if (record === undefined) return nothing;
    const tell = (type: string): void => void this.dispatchEvent(new CustomEvent(type));
    return html`<vscode-button
        appearance="secondary"
        @click=${() => this.leave(() => tell('pipescope-duplicate'))}
        >${t('Duplicate')}</vscode-button
      >${this.#reset(record)}`;
  }

  /** A rule that comes with Pipescope cannot be removed, and one that somebody made has no default. */
  #reset({ builtin, edited, name, rule_id }: RuleRecord): Content {
    if (builtin && !edited) return nothing;
    const does = async (): Promise<void> => {
      if (await this.app.session.command({ command: 'rule.reset', rule_id })) this.close(null);
    };
    const ask = (): void =>
      this.confirm({
        text: builtin
          ? t('{0} will be as it came with Pipescope.', name)
          : t('{0} will be removed. Its alerts stay.', name),
        yes: builtin ? t('Reset to Default') : t('Remove'),
        does: () => void does(),
      });
    return html`<vscode-button appearance="secondary" @click=${ask}
      >${builtin ? t('Reset to Default') : t('Remove')}</vscode-button
    >`;
  }
}
