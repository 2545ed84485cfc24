/**
 * Rules by what they look at. Which rules a subject concerns follows from its names: worked out once for each, and then
 * looked up, so that a thousand rules cost an event no more than those that are about it.
 */
import type { Rule, RuleScope } from '../protocol/rule.ts';
import { KINDS } from './rules/index.ts';
import type { AnyKind } from './rules/kind.ts';
import { fitsPattern } from './rules/pattern.ts';

export type Watches = AnyKind['watches'];

/** So many names are remembered; beyond, all are worked out anew. */
const MAX_NAMES = 20_000;

export interface Names {
  pipeline?: string;
  phase?: string | null;
  worker?: string;
  subject?: string;
}

export class RuleIndex {
  readonly #by = new Map<Watches, Rule[]>();
  readonly #byId = new Map<string, Rule>();
  readonly #found = new Map<string, readonly Rule[]>();

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) {
      this.#byId.set(rule.rule_id, rule);
      if (!rule.enabled) continue;
      const { watches } = KINDS[rule.kind];
      const held = this.#by.get(watches);
      if (held) held.push(rule);
      else this.#by.set(watches, [rule]);
    }
  }

  /** Also one that is switched off. */
  rule(id: string): Rule | undefined {
    return this.#byId.get(id);
  }

  of(watches: Watches): readonly Rule[] {
    return this.#by.get(watches) ?? [];
  }

  /** Those whose scope has these names; labels are still to be looked at. */
  matching(watches: Watches, names: Names): readonly Rule[] {
    const all = this.#by.get(watches);
    if (all === undefined) return [];
    const { pipeline = '', phase, worker = '', subject = '' } = names;
    const key = `${watches}\n${pipeline}\n${phase ?? '\n'}\n${worker}\n${subject}`;
    const held = this.#found.get(key);
    if (held !== undefined) return held;
    if (this.#found.size >= MAX_NAMES) this.#found.clear();
    const found = all.filter(({ scope }) => fitsNames(scope, names));
    this.#found.set(key, found);
    return found;
  }
}

export function fitsNames(scope: RuleScope, names: Names): boolean {
  const fits = (pattern: string | undefined, name: string | null | undefined) =>
    pattern === undefined || (typeof name === 'string' && fitsPattern(pattern, name));
  return (
    fits(scope.pipeline, names.pipeline) &&
    fits(scope.phase, names.phase) &&
    fits(scope.worker, names.worker) &&
    fits(scope.subject, names.subject)
  );
}

/** `label` answers with the value of a label. */
export function fitsLabels(
  { labels }: RuleScope,
  label: (name: string) => string | undefined,
): boolean {
  if (labels === undefined) return true;
  for (const name of Object.keys(labels)) {
    const value = label(name);
    if (value === undefined || !fitsPattern(labels[name] ?? '', value)) return false;
  }
  return true;
}

/** Labels of a series that say what the scope names. */
const SUBJECT_LABELS = ['endpoint', 'queue', 'model', 'cache', 'signal'];

export function fitsSeries(scope: RuleScope, labels: Readonly<Record<string, string>>): boolean {
  const own = (name: string) => (Object.hasOwn(labels, name) ? labels[name] : undefined);
  const { subject, ...others } = scope;
  const names = { pipeline: own('pipeline'), phase: own('phase_id'), worker: own('worker_id') };
  if (!fitsNames(others, names as Names) || !fitsLabels(scope, own)) return false;
  if (subject === undefined) return true;
  return SUBJECT_LABELS.some((name) => {
    const value = own(name);
    return value !== undefined && fitsPattern(subject, value);
  });
}
