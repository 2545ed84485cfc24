/** All kinds of rules. */
import { RULE_KINDS, type Rule, type RuleKind } from '../../protocol/rule.ts';
import { anomaly } from './anomaly.ts';
import { bottleneck } from './bottleneck.ts';
import { cacheHitRate } from './cacheHitRate.ts';
import { errorCount } from './errorCount.ts';
import { errorRate } from './errorRate.ts';
import { highCpu } from './highCpu.ts';
import { highMemory } from './highMemory.ts';
import { jobFailed } from './jobFailed.ts';
import type { KindPart, RuleConfig } from './kind.ts';
import { limitPredicted } from './limitPredicted.ts';
import { machineCpu } from './machineCpu.ts';
import { machineDisk } from './machineDisk.ts';
import { machineGpu } from './machineGpu.ts';
import { machineMemory } from './machineMemory.ts';
import { missedSchedule } from './missedSchedule.ts';
import { modelAccuracy } from './modelAccuracy.ts';
import { phaseFailed } from './phaseFailed.ts';
import { queueSize } from './queueSize.ts';
import { queueWait } from './queueWait.ts';
import { rateOfChange } from './rateOfChange.ts';
import { responseTime } from './responseTime.ts';
import { silentJob } from './silentJob.ts';
import { slowPhase } from './slowPhase.ts';
import { targetBreached } from './targetBreached.ts';
import { taskErrorRate } from './taskErrorRate.ts';
import { threshold } from './threshold.ts';
import { trendChanged } from './trendChanged.ts';
import { workerOffline } from './workerOffline.ts';

export const KINDS: { [K in RuleKind]: KindPart<K> } = {
  phase_failed: phaseFailed,
  job_failed: jobFailed,
  slow_phase: slowPhase,
  high_cpu: highCpu,
  high_memory: highMemory,
  error_count: errorCount,
  machine_cpu: machineCpu as KindPart<'machine_cpu'>,
  machine_memory: machineMemory as KindPart<'machine_memory'>,
  machine_gpu: machineGpu as KindPart<'machine_gpu'>,
  machine_disk: machineDisk as KindPart<'machine_disk'>,
  error_rate: errorRate,
  task_error_rate: taskErrorRate,
  response_time: responseTime,
  model_accuracy: modelAccuracy,
  cache_hit_rate: cacheHitRate,
  queue_size: queueSize,
  queue_wait: queueWait,
  worker_offline: workerOffline,
  silent_job: silentJob,
  missed_schedule: missedSchedule,
  target_breached: targetBreached,
  threshold,
  rate_of_change: rateOfChange,
  bottleneck,
  trend_changed: trendChanged,
  anomaly,
  limit_predicted: limitPredicted,
};

/** The rules that come with Pipescope, as the configuration makes them. */
export function builtinRules(config: RuleConfig): Rule[] {
  return RULE_KINDS.flatMap((kind) => {
    const part = KINDS[kind];
    return part.builtin ? [part.begin(config)] : [];
  });
}
