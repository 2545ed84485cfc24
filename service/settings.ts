/** The configuration as it is now: that of the start, with what was changed while the service ran. */
import { Value } from '@sinclair/typebox/value';
import { type Config, RuntimeInput, withChanges } from './config.ts';
import { ProductError } from './protocol/errors.ts';

export class Settings {
  /** That of flags, environment and file. */
  readonly base: Config;
  readonly #listeners = new Set<(config: Config) => void>();
  #config: Config;
  #changes: RuntimeInput = {};
  #revision = 0;

  constructor(base: Config) {
    this.base = base;
    this.#config = base;
  }

  get config(): Config {
    return this.#config;
  }

  /** How often it was changed; names a state of the settings to those who change them. */
  get revision(): number {
    return this.#revision;
  }

  get changes(): RuntimeInput {
    return this.#changes;
  }

  /** Takes changes over that were stored. Older ones than those in effect, or of another version's kind, are left alone. */
  apply(revision: number, changes: unknown): void {
    if (revision <= this.#revision || !Value.Check(RuntimeInput, changes)) return;
    this.#revision = revision;
    this.#changes = changes;
    this.#config = withChanges(this.base, changes);
    for (const listener of this.#listeners) listener(this.#config);
  }

  /** Throws CONFIG_CHANGED unless `revision` is the one in effect. */
  expect(revision: number): void {
    if (revision === this.#revision) return;
    throw new ProductError('CONFIG_CHANGED', {
      detail: `The configuration is at revision ${this.#revision}, the change was made for ${revision}. Read it again, then repeat the change.`,
    });
  }

  /** Calls back after each change, until the returned function is called. */
  onChange(listener: (config: Config) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
