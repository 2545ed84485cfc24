/** What people do with rules. Nothing is stored unless all of it is right. */
import { setImmediate } from 'node:timers/promises';
import { parseRule, preview, ruleRecord } from '../alerts/ruleBook.ts';
import type { Monitor } from '../monitor.ts';
import { type FieldError, ProductError } from '../protocol/errors.ts';
import type { Rule, RulePreview, RuleRecord } from '../protocol/rule.ts';
import { type Edit, changesOf, firstOf } from './edit.ts';
import { fieldsOf, keyFor } from './names.ts';

/** Addresses of their own below /api/v1/rules. */
const RESERVED: ReadonlySet<string> = new Set(['kinds', 'preview']);
const DAY_HOURS = 24;

/** A rule as it is shown. Throws RULE_UNKNOWN. */
export function ruleOf(monitor: Monitor, rule_id: string): RuleRecord {
  const rule = monitor.alerting.rules.rule(rule_id);
  if (!rule) throw unknown(rule_id);
  return ruleRecord(rule, recordParts(monitor));
}

export function recordParts({ model, alerting }: Monitor) {
  return { rules: alerting.rules, ruleStates: alerting.ruleStates, model };
}

/**
 * Stores a whole rule, or a part of one that is there; without an id it gets one. Throws RULE_INVALID, RULE_EXISTS,
 * RULE_UNKNOWN, DEFINITION_CHANGED.
 */
export async function setRule(
  monitor: Monitor,
  value: unknown,
  { mode, revision, by }: Edit,
): Promise<RuleRecord> {
  const { rules, definitions } = monitor.alerting;
  const fields = fieldsOf(value);
  // Ids are given in turn: two that make a rule of the same name at once get one each.
  return definitions.inTurn(async () => {
    const key = idOf(fields, rules);
    const base = rules.rule(key);
    if (base && mode === 'create') throw new ProductError('RULE_EXISTS');
    if (!base && mode === 'change') throw unknown(key);
    await definitions.changeNow({
      ...{ of: 'rule', key, revision, by },
      make: () => {
        const rule = parseRule(fields ? { rule_id: key, ...fields } : value, base);
        const faults = [...idFaults(rule), ...channelFaults(monitor, rule, base)];
        if (faults.length > 0) throw new ProductError('RULE_INVALID', firstOf(faults));
        return rule;
      },
    });
    rules.refresh();
    return ruleOf(monitor, key);
  });
}

type Rules = Monitor['alerting']['rules'];

/** What is no text stays: reading the rule says what is wrong with it. */
function idOf(fields: Record<string, unknown> | null, rules: Rules): string {
  const given = fields?.['rule_id'];
  if (given !== undefined) return typeof given === 'string' ? given : JSON.stringify(given);
  const isTaken = (key: string) => RESERVED.has(key) || rules.rule(key) !== undefined;
  return keyFor(fields?.['name'], { usual: 'rule', isTaken });
}

function idFaults({ rule_id }: Rule): FieldError[] {
  if (!RESERVED.has(rule_id)) return [];
  return [{ path: '/rule_id', message: `"${rule_id}" is taken. Choose another id.` }];
}

/** A rule that names a channel nobody knows would tell nobody. */
function channelFaults({ alerting }: Monitor, rule: Rule, base: Rule | undefined): FieldError[] {
  const known = new Set(alerting.channels.channels.map(({ channel_id }) => channel_id));
  return (rule.channels ?? []).flatMap((id, index) => {
    if (known.has(id) || base?.channels?.includes(id)) return [];
    const message = `There is no channel "${id}". Choose from ${[...known].join(', ')}.`;
    return [{ path: `/channels/${index}`, message }];
  });
}

/** Removes a rule that somebody made. Throws RULE_UNKNOWN, RULE_BUILTIN, DEFINITION_CHANGED. */
export function removeRule(
  monitor: Monitor,
  rule_id: string,
  edit: Omit<Edit, 'mode'>,
): Promise<void> {
  return clear(monitor, rule_id, {
    ...edit,
    refused: (isBuiltin) => (isBuiltin ? 'RULE_BUILTIN' : null),
  });
}

/** A built-in rule is as it came again. Throws RULE_UNKNOWN, RULE_NOT_BUILTIN, DEFINITION_CHANGED. */
export async function resetRule(
  monitor: Monitor,
  rule_id: string,
  edit: Omit<Edit, 'mode'>,
): Promise<RuleRecord> {
  const refused = (isBuiltin: boolean) => (isBuiltin ? null : ('RULE_NOT_BUILTIN' as const));
  await clear(monitor, rule_id, { ...edit, refused });
  return ruleOf(monitor, rule_id);
}

/** Either of the two, whatever the rule is; null for one that is gone. */
export async function removeOrReset(
  monitor: Monitor,
  rule_id: string,
  by: string | undefined,
): Promise<RuleRecord | null> {
  await clear(monitor, rule_id, { by, refused: () => null });
  return monitor.alerting.rules.rule(rule_id) ? ruleOf(monitor, rule_id) : null;
}

interface Clearing extends Omit<Edit, 'mode'> {
  refused: (isBuiltin: boolean) => 'RULE_BUILTIN' | 'RULE_NOT_BUILTIN' | null;
}

async function clear(
  { alerting }: Monitor,
  rule_id: string,
  { revision, by, refused }: Clearing,
): Promise<void> {
  const { rules, definitions } = alerting;
  await definitions.inTurn(async () => {
    // One that another version stored and this one cannot read is there as well.
    if (!rules.rule(rule_id) && rules.problem(rule_id) === null) throw unknown(rule_id);
    const code = refused(rules.isBuiltin(rule_id));
    if (code !== null) throw new ProductError(code);
    await definitions.changeNow({
      ...{ of: 'rule', key: rule_id, revision, by },
      make: () => null,
    });
  });
  rules.refresh();
}

export interface PreviewAsked {
  hours?: number | undefined;
  /** Ends the work: who asked has gone. */
  signal?: AbortSignal | undefined;
}

/** How often it would have fired in the last `hours`. Throws RULE_INVALID, OVERLOADED. */
export async function previewRule(
  monitor: Monitor,
  value: unknown,
  { hours = DAY_HOURS, signal }: PreviewAsked,
): Promise<RulePreview> {
  const fields = fieldsOf(value);
  const id = fields?.['rule_id'] ?? 'preview';
  const base = typeof id === 'string' ? monitor.alerting.rules.rule(id) : undefined;
  const rule = parseRule(fields ? { ...fields, rule_id: id } : value, base);
  const { model, series, alerting } = monitor;
  const parts = { model, series, now: monitor.now(), signal, pause: () => setImmediate() };
  return alerting.previews.run(() => preview(rule, hours, parts), signal);
}

/** Who changed it when, the newest first. Throws RULE_UNKNOWN. */
export function ruleChanges(monitor: Monitor, rule_id: string): object[] {
  const changes = changesOf(monitor, 'rule', rule_id);
  if (changes.length === 0 && !monitor.alerting.rules.rule(rule_id)) throw unknown(rule_id);
  return changes;
}

function unknown(rule_id: string): ProductError {
  const shown = rule_id.slice(0, 80);
  const detail = `There is no rule "${shown}". GET /api/v1/rules lists them.`;
  return new ProductError('RULE_UNKNOWN', { detail });
}
