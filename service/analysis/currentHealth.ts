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

export interface TargetOwner {
  series: TargetSources['series'];
  model: { domain: TargetSources['domain'] };
  analyst?: { findings: NonNullable<TargetSources['findings']> };
  settings: { config: { targets: readonly TargetSetting[] } };
}

/** All targets with their values of now. */
export async function targetsNow(
  { series, model: { domain }, analyst, settings }: TargetOwner,
  now: number,
): Promise<TargetRecord[]> {
  const sources = { series, domain, ...(analyst && { findings: analyst.findings }) };
  return (await healthOf(sources, settings.config.targets, now)).targets;
}
