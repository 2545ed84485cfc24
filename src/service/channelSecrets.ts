/** The secrets of channels, kept where VS Code keeps secrets, and handed to the service whenever it is there. */
import { createHash } from 'node:crypto';
import { ERRORS, messageOf, ProductError } from '../../service/protocol/errors.ts';
import { type Disposable, Lifetime } from '../lifetime.ts';
import type { Log } from '../log.ts';
import type { Connection } from './connection.ts';

/** VS Code's `SecretStorage` is one. It names no keys: which channels have secrets stands in an entry of its own. */
export interface SecretStore {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

export interface ChannelSecretsParts {
  connection: Connection;
  /** Secrets belong to the service of this data directory. */
  dataDir: () => string;
  log: Log;
}

const MOST_CHANNELS = 500;

export class ChannelSecrets implements Disposable {
  private readonly lifetime = new Lifetime();
  /** One after the other: each change reads what the last one wrote. */
  private work: Promise<void> = Promise.resolve();
  private connected = false;

  constructor(
    private readonly store: SecretStore,
    private readonly parts: ChannelSecretsParts,
  ) {
    this.lifetime.track(
      parts.connection.onDidChangeState(({ kind }) => {
        const begins = kind === 'connected' && !this.connected;
        this.connected = kind === 'connected';
        if (begins) this.handAllOver();
      }),
    );
  }

  /** Keeps secrets of a channel, null removes one, and hands them to the service. Fails where either refuses. */
  save(channelId: string, secrets: Record<string, string | null>): Promise<void> {
    return this.inTurn(async () => {
      await this.keep(channelId, secrets);
      await this.handOver(channelId, secrets);
    });
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private async keep(channelId: string, secrets: Record<string, string | null>): Promise<void> {
    const kept = { ...(await this.read(channelId)), ...secrets };
    const left = Object.entries(kept).filter(([, secret]) => secret !== null);
    if (left.length === 0) {
      await this.forget(channelId);
      return;
    }
    const channels = await this.channels();
    if (!channels.includes(channelId)) await this.setChannels([...channels, channelId]);
    await this.store.store(this.key(channelId), JSON.stringify(Object.fromEntries(left)));
  }

  /** A service that was started anew has none of them. */
  private handAllOver(): void {
    const done = this.inTurn(async () => {
      for (const channelId of await this.channels()) await this.handOverKept(channelId);
    });
    done.catch((error: unknown) => this.parts.log.warn(messageOf(error)));
  }

  private async handOverKept(channelId: string): Promise<void> {
    const secrets = await this.read(channelId);
    try {
      await this.handOver(channelId, secrets);
    } catch (error) {
      if (!(error instanceof ProductError) || ERRORS[error.code].status !== 404) throw error;
      this.parts.log.info(`The channel ${channelId} is gone: its secrets are forgotten.`);
      await this.forget(channelId);
    }
  }

  private async handOver(channelId: string, secrets: Record<string, string | null>): Promise<void> {
    const channel_id = channelId;
    await this.parts.connection.request({ command: 'channel.secrets', channel_id, secrets });
  }

  private async forget(channelId: string): Promise<void> {
    await this.store.delete(this.key(channelId));
    const channels = await this.channels();
    if (channels.includes(channelId))
      await this.setChannels(channels.filter((one) => one !== channelId));
  }

  private async read(channelId: string): Promise<Record<string, string>> {
    return JSON.parse((await this.store.get(this.key(channelId))) ?? '{}') as Record<
      string,
      string
    >;
  }

  private async channels(): Promise<string[]> {
    return JSON.parse((await this.store.get(this.key())) ?? '[]') as string[];
  }

  private async setChannels(channels: readonly string[]): Promise<void> {
    await this.store.store(this.key(), JSON.stringify(channels.slice(-MOST_CHANNELS)));
  }

  /** The key of a channel's secrets, or of the list of channels that have some. */
  private key(channelId = ''): string {
    const dataDir = createHash('sha256').update(this.parts.dataDir()).digest('base64url');
    return `channel-secrets/${dataDir}/${channelId}`;
  }

  private inTurn(task: () => Promise<void>): Promise<void> {
    const done = this.work.then(task);
    this.work = done.catch(() => undefined);
    return done;
  }
}
