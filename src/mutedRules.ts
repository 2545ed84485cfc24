import { Emitter } from './emitter.ts';
import type { Store } from './store.ts';

const KEY = 'alerts.mutedRules';
const MOST_MUTED = 500;

/** Rules of which a person wants no notification in VS Code; alerts that no rule raised go by the name `external`. */
export class MutedRules {
  private readonly changed = new Emitter<ReadonlySet<string>>();
  /** The rules that changed. */
  readonly onDidChange = this.changed.event;

  /** `store` is one of the person, not of a workspace. */
  constructor(private readonly store: Store) {}

  get all(): readonly string[] {
    return (this.store.get(KEY) as string[] | undefined) ?? [];
  }

  has(rule: string): boolean {
    return this.all.includes(rule);
  }

  async mute(rules: readonly string[], muted: boolean): Promise<void> {
    const others = this.all.filter((rule) => !rules.includes(rule));
    const all = muted ? [...others, ...rules].slice(-MOST_MUTED) : others;
    await this.store.update(KEY, all);
    this.changed.fire(new Set(rules));
  }
}

/** The name under which the notifications of an alert are muted. */
export function ruleOf({ rule }: { rule: string | null }): string {
  return rule ?? 'external';
}
