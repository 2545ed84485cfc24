/** What no schema can say of the lists of the configuration. */
import { patternsOf } from './analysis/bottlenecks/configured.ts';
import { checkStrategies } from './analysis/proposals/configured.ts';
import { targetsOf } from './analysis/targets.ts';
import type { BottleneckPattern } from './protocol/bottleneckPattern.ts';
import type { OptimizerSettings } from './protocol/optimizer.ts';
import type { TargetSetting } from './protocol/targets.ts';

interface Lists {
  targets: readonly TargetSetting[];
  bottleneck_patterns: readonly BottleneckPattern[];
  optimizer: Pick<OptimizerSettings, 'strategies'>;
}

/** Throws CONFIG_INVALID with a sentence that names the entry and the fix. */
export function checkLists({ targets, bottleneck_patterns, optimizer }: Lists): void {
  targetsOf(targets);
  patternsOf(bottleneck_patterns);
  checkStrategies(optimizer.strategies);
}
