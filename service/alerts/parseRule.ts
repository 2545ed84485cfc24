/** `unknown -> Rule`: all that is wrong with it at once, each at its field. */
import { Type } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import { type FieldError, ProductError } from '../protocol/errors.ts';
import { printable } from '../protocol/parse.ts';
import {
  RULE_COMMON,
  RULE_KINDS,
  RULE_PARAMS,
  type Rule,
  type RuleKind,
  RuleRecord,
} from '../protocol/rule.ts';
import { isWellFormed } from '../protocol/wellFormed.ts';
import { fieldFault } from './fieldFault.ts';
import { ruleFaults } from './ruleFaults.ts';
import { COMMON_DEFAULTS } from './rules/kind.ts';

const closed = { additionalProperties: false };
const common = TypeCompiler.Compile(
  Type.Object({ ...RULE_COMMON, kind: Type.String(), params: Type.Unknown() }, closed),
);
const checks = new Map<RuleKind, TypeCheck<(typeof RULE_PARAMS)[RuleKind]>>();

const PARAM_DEFAULTS: Readonly<Record<string, unknown>> = {
  labels: {},
  group_by: [],
  least_ms: 60_000,
  grace_ms: 600_000,
  threshold_ms: null,
  times_usual: null,
  timezone: null,
  target_id: null,
};
/** What a record says beside the rule itself: who sends one back need not take it out. */
const SAID_ONLY = new Set(
  Object.keys(RuleRecord.properties).filter(
    (key) => key !== 'kind' && key !== 'params' && !(key in RULE_COMMON),
  ),
);
/** More are not told: the first ones say enough. */
const MAX_FAULTS = 50;

/**
 * The rule, with what is absent from `base`, or from what is usual. Throws RULE_INVALID with all errors; paths are JSON
 * pointers into the rule.
 */
export function parseRule(value: unknown, base?: Rule): Rule {
  if (!isObject(value)) throw invalid([{ path: '', message: 'A rule is a JSON object.' }]);
  const { kind } = { kind: base?.kind, ...value };
  if (!isKind(kind)) throw invalid([kindFault(kind)]);
  const rule = completed(value, kind, base);
  const faults = [...shapeFaults(rule, kind), ...unprintable(rule)];
  if (faults.length === 0) faults.push(...ruleFaults(rule as unknown as Rule));
  if (faults.length > 0) throw invalid(faults);
  return structuredClone(rule) as unknown as Rule;
}

type Draft = Record<string, unknown>;

function completed(value: Draft, kind: RuleKind, base: Rule | undefined): Draft {
  const same = base?.kind === kind ? base : undefined;
  const given = Object.fromEntries(Object.entries(value).filter(([key]) => !SAID_ONLY.has(key)));
  const { params } = given;
  const known = Object.keys(RULE_PARAMS[kind].properties);
  const usual = Object.fromEntries(
    known.filter((key) => key in PARAM_DEFAULTS).map((key) => [key, PARAM_DEFAULTS[key]]),
  );
  const own = params === undefined ? {} : params;
  return {
    ...COMMON_DEFAULTS,
    ...(same ?? (base && { rule_id: base.rule_id, name: base.name })),
    ...given,
    kind,
    params: isObject(own) ? { ...usual, ...same?.params, ...own } : own,
  };
}

function shapeFaults(rule: Draft, kind: RuleKind): FieldError[] {
  let check = checks.get(kind);
  if (check === undefined) {
    check = TypeCompiler.Compile<(typeof RULE_PARAMS)[RuleKind]>(RULE_PARAMS[kind]);
    checks.set(kind, check);
  }
  const faults = new Map<string, FieldError>();
  const note = (fault: FieldError) => {
    if (!faults.has(fault.path) && faults.size < MAX_FAULTS) faults.set(fault.path, fault);
  };
  for (const error of common.Errors(rule)) note(fieldFault(error));
  for (const error of check.Errors(rule['params'])) {
    const fault = fieldFault(error);
    note({ ...fault, path: `/params${fault.path}` });
  }
  return [...faults.values()];
}

/** Texts that no address, log or mail can carry. */
function unprintable(rule: Draft): FieldError[] {
  const faults: FieldError[] = [];
  const look = (value: unknown, path: string): void => {
    if (faults.length >= MAX_FAULTS) return;
    if (typeof value === 'string') {
      if (isPlain(value, path === '/message')) return;
      faults.push({ path, message: 'Leave out control characters and halves of characters.' });
    } else if (isObject(value) || Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) {
        const at = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        if (key === '__proto__' || !isPlain(key, false))
          faults.push({ path: at, message: 'This name is refused. Choose another.' });
        else look(inner, at);
      }
    }
  };
  look(rule, '');
  return faults;
}

function isPlain(text: string, mayBreak: boolean): boolean {
  const seen = mayBreak ? text.replace(/[\n\t]/g, ' ') : text;
  return (
    isWellFormed(seen) &&
    !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(seen)
  );
}

function kindFault(kind: unknown): FieldError {
  const path = '/kind';
  if (kind === undefined)
    return { path, message: `Give the rule a "kind": ${RULE_KINDS.join(', ')}.` };
  const text = typeof kind === 'string' ? `"${printable(kind)}"` : 'This';
  return { path, message: `${text} is no kind of rule. Choose from ${RULE_KINDS.join(', ')}.` };
}

function isKind(kind: unknown): kind is RuleKind {
  return typeof kind === 'string' && Object.hasOwn(RULE_PARAMS, kind);
}

function isObject(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(errors: FieldError[]): ProductError {
  const [first] = errors;
  const detail = first && first.path !== '' ? `${first.path}: ${first.message}` : first?.message;
  return new ProductError('RULE_INVALID', { ...(detail !== undefined && { detail }), errors });
}
