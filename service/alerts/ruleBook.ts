/** The rules in effect: those that come with Pipescope, with what people defined over them. */
import { type DefinitionState, definitionsOf } from '../core/domain/definitions.ts';
import type { Table } from '../core/domain/table.ts';
import { ProductError } from '../protocol/errors.ts';
import type { Rule } from '../protocol/rule.ts';
import { parseRule } from './parseRule.ts';
import { builtinRules } from './rules/index.ts';
import type { RuleConfig } from './rules/kind.ts';

export { parseRule } from './parseRule.ts';
export { ruleKinds } from './ruleKinds.ts';
export { ruleRecord, ruleRecords } from './ruleRecords.ts';
export { preview } from './preview.ts';

export interface RuleBookParts {
  definitions: Table<DefinitionState>;
  /** As it is now. */
  config: () => RuleConfig;
}

export class RuleBook {
  readonly #parts: RuleBookParts;
  #builtin = new Map<string, Rule>();
  #rules = new Map<string, Rule>();
  /** What a definition says never changes: another revision is another value. A text says why it is no rule. */
  readonly #read = new WeakMap<object, Rule | string>();
  /** Rules that were stored by another version and are none for this one: they are as they came, or not there. */
  #unreadable = new Map<string, string>();

  /** Another number whenever a rule is another one. */
  version = 0;

  constructor(parts: RuleBookParts) {
    this.#parts = parts;
    this.refresh();
  }

  get rules(): readonly Rule[] {
    return [...this.#rules.values()];
  }

  rule(id: string): Rule | undefined {
    return this.#rules.get(id);
  }

  isBuiltin(id: string): boolean {
    return this.#builtin.has(id);
  }

  /** What somebody said of it; undefined for one that nobody ever changed. */
  definition(id: string): DefinitionState | undefined {
    return this.#parts.definitions.get(`rule/${id}`);
  }

  /** Why what is stored of it is not in effect; null mostly. */
  problem(id: string): string | null {
    return this.#unreadable.get(id) ?? null;
  }

  /** Reads configuration and definitions again; to be called when one of them changed. */
  refresh(): void {
    this.#builtin = new Map(
      builtinRules(this.#parts.config()).map((rule) => [rule.rule_id, this.#heldOr(rule)]),
    );
    this.#unreadable = new Map();
    const rules = new Map(this.#builtin);
    for (const [id, { value }] of definitionsOf(this.#parts.definitions, 'rule')) {
      const rule = value && this.#ruleOf(id, value);
      if (typeof rule === 'string') this.#unreadable.set(id, rule);
      else if (rule) rules.set(id, rule);
    }
    if (isSame(this.#rules, rules)) return;
    this.#rules = rules;
    this.version++;
  }

  #ruleOf(id: string, value: Record<string, unknown>): Rule | string {
    const known = this.#read.get(value);
    if (known !== undefined) return known;
    const rule = parsed(id, value);
    this.#read.set(value, rule);
    return rule;
  }

  /** The one that came with Pipescope before, where it is the same: what is the same is never compared again. */
  #heldOr(rule: Rule): Rule {
    const held = this.#builtin.get(rule.rule_id);
    return held && JSON.stringify(held) === JSON.stringify(rule) ? held : rule;
  }
}

function isSame(a: ReadonlyMap<string, Rule>, b: ReadonlyMap<string, Rule>): boolean {
  const [before, after] = [[...a.values()], [...b.values()]];
  return before.length === after.length && before.every((rule, at) => rule === after[at]);
}

function parsed(id: string, value: Record<string, unknown>): Rule | string {
  try {
    return parseRule({ ...value, rule_id: id });
  } catch (error) {
    if (!(error instanceof ProductError)) throw error;
    return `What is stored of this rule is not valid: ${error.message}`;
  }
}
