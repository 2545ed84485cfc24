/** How much a bottleneck costs and how sure that is, as people read it. */
import { t } from '@vscode/l10n';
import type { Bottleneck, BottleneckKind } from '../../../service/protocol/bottleneck.ts';
import { percent } from '../../../service/protocol/describe.ts';
import { locale } from '../../../service/protocol/intl.ts';
import type { IconName } from '../../icons.ts';

export const KIND_ICONS: Record<BottleneckKind, IconName> = {
  ...({ CPU: 'chip', MEMORY: 'layers', IO: 'database', IPC: 'arrowSwap' } as const),
  ...({ NETWORK: 'globe', GPU: 'circuitBoard', QUEUE: 'listSelection' } as const),
  ...({ LOCK: 'lock', SKEW: 'splitHorizontal', CUSTOM: 'settings' } as const),
};

/** Within a sentence: what is looked at. */
const WATCHED: Record<BottleneckKind, () => string> = {
  CPU: () => t('CPU'),
  MEMORY: () => t('memory'),
  IO: () => t('disks'),
  IPC: () => t('messages between processes'),
  NETWORK: () => t('the network'),
  GPU: () => t('GPUs'),
  QUEUE: () => t('queues'),
  LOCK: () => t('locks'),
  SKEW: () => t('how evenly workers are loaded'),
  CUSTOM: () => t('your own patterns'),
};

/** What the service looks at now: the classes that something shows, and whether this machine is sampled for it. */
export interface Watching {
  watched: readonly BottleneckKind[];
  watches_machine: boolean;
}

/** Said where there is none: that is no reason to think that nobody looks, nor that all is looked at. */
export function watchedWords({ watched, watches_machine }: Watching): string {
  const list = new Intl.ListFormat(locale(), { type: 'conjunction' });
  const all = list.format(watched.map((kind) => WATCHED[kind]()));
  const words = t('Nothing holds the work back now. Watched all the time: {0}.', all);
  if (watches_machine) return words;
  const why = t(
    'This machine itself is not watched: set sampling.host_interval_ms to a value from 50 to 2000.',
  );
  return `${words} ${why}`;
}

/** `62 % of the throughput is lost`: the share, and what it is one of. */
export function impactWords({
  impact,
  impact_basis,
}: Pick<Bottleneck, 'impact' | 'impact_basis'>): string {
  const share = percent(clamped(impact ?? 0) * 100);
  switch (impact_basis) {
    case 'throughput':
      return t('{0} of the throughput is lost', share);
    case 'critical_path':
      return t('{0} of the time of what everything waits for', share);
    case 'use':
      return t('{0} of the way from its threshold to nothing left', share);
    case 'unknown':
      return t('impact not known');
  }
}

/** Nobody is sure of everything: rounding is not to say so. */
const SUREST = 99;

/** `84 % sure`. */
export function sureWords(confidence: number): string {
  return t('{0} sure', percent(Math.min(SUREST, clamped(confidence) * 100)));
}

export function clamped(share: number): number {
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
}
