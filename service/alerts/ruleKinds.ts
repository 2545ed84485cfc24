import { RULE_KINDS, RULE_PARAMS, type RuleKindRecord, type RuleOf } from '../protocol/rule.ts';
import { KINDS } from './rules/index.ts';
import type { KindPart, RuleConfig } from './rules/kind.ts';

/** Each kind as a form needs it: the schema of its parameters, and a rule to begin with. */
export function ruleKinds(config: RuleConfig): RuleKindRecord[] {
  return RULE_KINDS.map((kind) => {
    // The kinds differ in their parameters only, and each gets its own.
    const { begin, unit, scope } = KINDS[kind] as unknown as KindPart<'threshold'>;
    const defaults: RuleOf<'threshold'> = begin(config);
    return {
      kind,
      params: structuredClone(RULE_PARAMS[kind]),
      defaults: { ...defaults },
      unit: unit(defaults.params),
      scope: [...scope],
    };
  });
}
