/** All targets with their values of now, and the health score that follows from them. */
import { timeText } from '../core/view.ts';
import type { HealthScore, TargetRecord, TargetSetting } from '../protocol/targets.ts';
import { withHealth } from './health.ts';
import { type TargetSources, targetValues } from './measures.ts';
import { targetsOf } from './targets.ts';

/** `now` is epoch milliseconds. */
export async function healthOf(
  sources: TargetSources,
  settings: readonly TargetSetting[],
  now: number,
): Promise<{ targets: TargetRecord[]; health: HealthScore }> {
  const targets = targetsOf(settings);
  return withHealth(targets, await targetValues(sources, targets, now), timeText(now));
}
