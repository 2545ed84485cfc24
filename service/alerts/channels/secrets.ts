/**
 * Secrets of channels: from the environment, else from `secrets.json` of the data directory, else as a window gave them.
 * They are held by nobody else, and are in no event, record, log, answer or export.
 */
import type { SecretSource } from '../../protocol/channel.ts';
import { ProductError, messageOf } from '../../protocol/errors.ts';
import { type Held, SECRETS_FILE, readSecrets, writeSecrets } from './secretFile.ts';
import type { SecretValues } from './secretRules.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface SecretsOptions {
  dataDir: string;
  env?: Environment;
  /** Gets sentences for the person who runs the service. */
  warn: (sentence: string) => void;
}

export class Secrets {
  readonly #env: Environment;
  readonly #dataDir: string;
  #stored: Held;
  readonly #given: Held = new Map();
  /** Writes of the file, one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(env: Environment, dataDir: string, stored: Held) {
    this.#env = env;
    this.#dataDir = dataDir;
    this.#stored = stored;
  }

  /** Reads the file; a damaged one goes to quarantine with a sentence to `warn`. */
  static async open({ dataDir, env = process.env, warn }: SecretsOptions): Promise<Secrets> {
    return new Secrets(env, dataDir, await readSecrets(dataDir, warn));
  }

  get(channel_id: string, name: string): string | undefined {
    return (
      this.#fromEnvironment(channel_id, name) ??
      this.#stored.get(channel_id)?.get(name) ??
      this.#given.get(channel_id)?.get(name)
    );
  }

  /** Where `get` has it from; null where there is none. */
  source(channel_id: string, name: string): SecretSource | null {
    if (this.#fromEnvironment(channel_id, name) !== undefined) return 'environment';
    if (this.#stored.get(channel_id)?.has(name)) return 'file';
    return this.#given.get(channel_id)?.has(name) ? 'window' : null;
  }

  /**
   * Takes secrets; null removes one wherever it is kept. Resolves when the file is durable. Rejects with
   * STORAGE_READ_ONLY where it cannot be written: then nothing changed.
   */
  set(
    channel_id: string,
    secrets: SecretValues,
    { keep }: { keep: 'file' | 'memory' },
  ): Promise<void> {
    return this.#inTurn(async () => {
      const removed = Object.keys(secrets).filter((name) => secrets[name] === null);
      const stored = copyOf(this.#stored);
      for (const name of removed) put(stored, channel_id, name, null);
      if (keep === 'file') putAll(stored, channel_id, secrets);
      await this.#write(stored);
      putAll(this.#given, channel_id, keep === 'memory' ? secrets : nothing(secrets));
    });
  }

  /** Removes all that was kept for a channel. */
  forget(channel_id: string): Promise<void> {
    return this.#inTurn(async () => {
      const stored = copyOf(this.#stored);
      stored.delete(channel_id);
      await this.#write(stored);
      this.#given.delete(channel_id);
    });
  }

  /** Everything secret of a channel, for taking it out of what others say. */
  all(channel_id: string, names: readonly string[]): string[] {
    return names.flatMap((name) => this.get(channel_id, name) ?? []);
  }

  #fromEnvironment(channel_id: string, name: string): string | undefined {
    return this.#env[secretVariable(channel_id, name)] || undefined;
  }

  async #inTurn(task: () => Promise<void>): Promise<void> {
    const done = this.#last.then(task);
    this.#last = done.catch(() => undefined);
    await done;
  }

  async #write(stored: Held): Promise<void> {
    try {
      await writeSecrets(this.#dataDir, stored, this.#stored);
    } catch (error) {
      throw new ProductError('STORAGE_READ_ONLY', {
        detail: `The secrets could not be written to ${SECRETS_FILE}: ${messageOf(error)}.`,
        cause: error,
      });
    }
    this.#stored = stored;
  }
}

/** `PIPESCOPE_SECRET_OPS_MAIL_PASSWORD` of the channel `ops-mail`. */
export function secretVariable(channel_id: string, name: string): string {
  return `PIPESCOPE_SECRET_${channel_id}_${name}`.toUpperCase().replaceAll('-', '_');
}

function putAll(held: Held, channel_id: string, secrets: SecretValues): void {
  for (const [name, secret] of Object.entries(secrets)) put(held, channel_id, name, secret);
}

function put(held: Held, channel_id: string, name: string, secret: string | null): void {
  const names = held.get(channel_id) ?? new Map<string, string>();
  if (secret === null) names.delete(name);
  else names.set(name, secret);
  if (names.size > 0) held.set(channel_id, names);
  else held.delete(channel_id);
}

/** The newest place wins: what is in the file now is no longer held for a window. */
function nothing(secrets: SecretValues): SecretValues {
  return Object.fromEntries(Object.keys(secrets).map((name) => [name, null]));
}

function copyOf(held: Held): Held {
  return new Map([...held].map(([id, names]) => [id, new Map(names)]));
}
