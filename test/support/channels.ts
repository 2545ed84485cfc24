/** Channels on real parts, with names that lead to this machine. */
import { systemClock } from '../../service/clock.ts';
import { Channels, Secrets, parseChannel } from '../../service/alerts/channels/index.ts';
import type { Channel } from '../../service/protocol/channel.ts';
import type { NotificationContent, NotifiedAlert } from '../../service/protocol/notification.ts';
import { createLogging } from '../../service/logger.ts';
import type { ResolvedAddress } from '../../service/alerts/channels/network/resolve.ts';
import { testAuthority } from './receiver.ts';
import { makeTempDir, removeTempDir } from './tempDir.ts';

export interface ChannelsHarness {
  channels: Channels;
  secrets: Secrets;
  dataDir: string;
  log: string[];
  lines: string[];
  /** Names that were asked for. */
  asked: string[];
}

export interface HarnessOptions {
  env?: Record<string, string>;
  /** Addresses of names; 127.0.0.1 for those that are not here. */
  names?: Record<string, string[]>;
  deadlineMs?: number;
  dashboardUrl?: string | null;
  /** False: as a service trusts. */
  trusting?: boolean;
}

/** In a `describe`: channels that end after each test. */
export function useChannels(): (options?: HarnessOptions) => Promise<ChannelsHarness> {
  const open: ChannelsHarness[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) {
      await one.channels.close();
      removeTempDir(one.dataDir);
    }
  });
  return async (options = {}) => {
    const { env = {}, names = {}, deadlineMs = 3000, dashboardUrl = null } = options;
    const dataDir = makeTempDir('channels');
    const log: string[] = [];
    const lines: string[] = [];
    const asked: string[] = [];
    const { logger } = createLogging('debug', { write: (line) => log.push(line) });
    const secrets = await Secrets.open({ dataDir, env, warn: (text) => logger.warn(text) });
    const resolve = (host: string) => {
      asked.push(host);
      return Promise.resolve((names[host] ?? ['127.0.0.1']).map(addressOf));
    };
    const channels = new Channels({
      ...{ secrets, logger, dataDir, clock: systemClock },
      dashboardUrl: () => dashboardUrl,
      writeLine: (line) => lines.push(line),
      network: {
        ...{ resolve, deadlineMs, mailDeadlineMs: deadlineMs },
        ...(options.trusting !== false && { ca: testAuthority() }),
      },
    });
    const harness = { channels, secrets, dataDir, log, lines, asked };
    open.push(harness);
    return harness;
  };
}

function addressOf(address: string): ResolvedAddress {
  return { address, family: address.includes(':') ? 6 : 4 };
}

export function channelOf(value: Record<string, unknown>): Channel {
  return parseChannel({ channel_id: 'ops', ...value });
}

export function alertOf(change: Partial<NotifiedAlert> = {}): NotifiedAlert {
  return {
    ...{ alert_id: 'pipescope:phase_failed:a/P6/1', rule: 'high_memory', state: 'active' },
    ...{ rule_name: 'High memory', severity: 'ERROR', title: 'P06 Clustering uses much memory' },
    description: 'P06 Clustering of nightly uses 3.2 GB; the threshold is 2.0 GB.',
    ...{ component: 'phase', component_id: 'P06', metric: 'memory_mb', value: 3277 },
    ...{ threshold: 2048, job_id: 'nightly-7', phase_id: 'P06', tags: { pipeline: 'nightly' } },
    ...{ raised_at: '2026-11-22T14:05:09.000Z', resolved_at: null },
    ...change,
  };
}

export function contentOf(
  change: Partial<NotificationContent> = {},
  alert: Partial<NotifiedAlert> = {},
): NotificationContent {
  return {
    ...{ kind: 'raised', summary: 'P06 Clustering uses much memory', severity: 'ERROR' },
    ...{ alerts: [alertOf(alert)], more: [], more_count: 0 },
    created_at: '2026-11-22T14:05:10.000Z',
    ...change,
  };
}

export const never = (): AbortSignal => new AbortController().signal;
