/** Rules as others see them. */
import { alertRecord } from '../core/alertView.ts';
import type { DefinitionState } from '../core/domain/definitions.ts';
import type { AlertState } from '../core/model.ts';
import { timeOrNull } from '../core/view.ts';
import { ruleSentence } from '../protocol/describeRules.ts';
import type { Rule, RuleRecord } from '../protocol/rule.ts';

/** What the judge knows of the rules. */
export interface RuleStates {
  /** How many subjects would fire if it goes on. */
  pending(rule_id: string): number;
  /** Why it cannot be judged in full; null mostly. */
  problem(rule_id: string): string | null;
}

/** The rules in effect: a `RuleBook`. */
export interface RuleSource {
  readonly rules: readonly Rule[];
  isBuiltin(id: string): boolean;
  definition(id: string): DefinitionState | undefined;
  problem(id: string): string | null;
}

export interface RuleRecordParts {
  rules: RuleSource;
  model: { readonly alerts: ReadonlyMap<string, AlertState> };
  ruleStates: RuleStates;
}

/** All rules, those that come with Pipescope first. */
export function ruleRecords(parts: RuleRecordParts): RuleRecord[] {
  const fired = firedBy(parts.model.alerts);
  return parts.rules.rules.map((rule) => recordOf(rule, parts, fired.get(rule.rule_id)));
}

export function ruleRecord(rule: Rule, parts: RuleRecordParts): RuleRecord {
  return recordOf(rule, parts, firedBy(parts.model.alerts).get(rule.rule_id));
}

interface Fired {
  firing: number;
  last: string;
}

function firedBy(alerts: ReadonlyMap<string, AlertState>): Map<string, Fired> {
  const fired = new Map<string, Fired>();
  for (const state of alerts.values()) {
    const alert = alertRecord(state);
    if (alert?.rule == null) continue;
    const held = fired.get(alert.rule) ?? { firing: 0, last: '' };
    if (alert.active) held.firing++;
    if (alert.last_raised_at > held.last) held.last = alert.last_raised_at;
    fired.set(alert.rule, held);
  }
  return fired;
}

function recordOf(
  rule: Rule,
  { rules, ruleStates }: RuleRecordParts,
  fired: Fired | undefined,
): RuleRecord {
  const { rule_id } = rule;
  const definition = rules.definition(rule_id);
  const builtin = rules.isBuiltin(rule_id);
  return {
    ...rule,
    builtin,
    edited: !builtin || definition?.value != null,
    revision: definition?.revision ?? 0,
    changed_at: timeOrNull(definition?.time ?? null),
    changed_by: definition?.by ?? null,
    sentence: ruleSentence(rule),
    firing: fired?.firing ?? 0,
    pending: ruleStates.pending(rule_id),
    last_fired_at: fired?.last ?? null,
    problem: rules.problem(rule_id) ?? ruleStates.problem(rule_id),
  };
}
