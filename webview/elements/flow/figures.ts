/** The numbers that stand on a phase or on a folded group, and how strong their shade is. */
import { t } from '@vscode/l10n';
import { count, duration, memory, progress, UNKNOWN } from '../../../service/protocol/describe.ts';
import { numeral, tenths } from '../../../service/protocol/intl.ts';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import { type Status, WORST_FIRST } from '../../../service/protocol/states.ts';
import { phaseMs } from '../../format.ts';
import { timesOfPhase } from '../../phaseTimes.ts';
import type { FlowMetric } from '../../view.ts';
import type { Group } from './groups.ts';

/** What a phase usually takes: milliseconds by its id, where the service has seen enough runs. */
export type Usual = ReadonlyMap<string, number>;

/** From here on a phase is said to take longer than usual. */
const SLOWER = 1.2;

/** How many times as long as usual it took; null where that is not known, or while it may still be as usual. */
export function slowness(phase: PhaseRecord, now: number, usual: Usual): number | null {
  const expected = phase.expected_ms ?? usual.get(phase.phase_id) ?? null;
  const took = phaseMs(phase, now);
  if (expected === null || expected <= 0 || took === null) return null;
  return phase.status === 'RUNNING' && took < expected ? null : took / expected;
}

/** `1.6x usual`; empty where it is not slower. */
export function slownessText(phase: PhaseRecord, now: number, usual: Usual): string {
  const times = slowness(phase, now, usual);
  return times === null || times < SLOWER ? '' : t('{0}x usual', tenths(times));
}

/** Milliseconds from when all it depends on had ended until it began; to now while it waits in a run under way. */
export function waitOf(
  phase: PhaseRecord,
  before: readonly (PhaseRecord | undefined)[],
  now: number | null,
): number | null {
  const { start } = timesOfPhase(phase);
  const until = start ?? (phase.status === 'PENDING' ? now : null);
  if (until === null || before.length === 0) return null;
  let ready = -Infinity;
  for (const one of before) {
    const end = one === undefined ? null : timesOfPhase(one).end;
    if (end === null) return null;
    ready = Math.max(ready, end);
  }
  return Math.max(0, until - ready);
}

/** The value of a metric: milliseconds, errors, megabytes; null where it is not known. */
export function valueOf(phase: PhaseRecord, metric: FlowMetric, now: number): number | null {
  if (metric === 'time') return phaseMs(phase, now);
  if (metric === 'errors') return phase.error_count;
  return metric === 'memory' ? (phase.memory_mb?.max ?? null) : null;
}

/** Of a group: errors add up, memory is the highest, time is the longest of those beside each other or all of a row. */
export function groupValue(
  phases: readonly PhaseRecord[],
  { metric, kind }: { metric: FlowMetric; kind: Group['kind'] },
  now: number,
): number | null {
  const values = phases.map((phase) => valueOf(phase, metric, now)).filter((one) => one !== null);
  if (values.length === 0) return null;
  const adds = metric === 'errors' || (metric === 'time' && kind === 'row');
  return values.reduce((a, b) => (adds ? a + b : Math.max(a, b)), 0);
}

/** The value with its unit. */
export function valueText(value: number | null, metric: FlowMetric): string {
  if (value === null) return UNKNOWN;
  if (metric === 'errors') return errorsText(value);
  return metric === 'memory' ? memory(value) : duration(value);
}

export function errorsText(errors: number): string {
  return errors === 0 ? t('no errors') : count(errors, t('{0} error'), t('{0} errors'));
}

/** What stands below the name of a phase. */
export function phaseFacts(
  phase: PhaseRecord,
  { metric, usual }: { metric: FlowMetric; usual: Usual },
  now: number,
): string[] {
  if (metric === 'errors' || metric === 'memory')
    return [valueText(valueOf(phase, metric, now), metric)];
  const elapsed = phaseMs(phase, now);
  const slower = slownessText(phase, now, usual);
  const done =
    phase.status === 'RUNNING' && phase.progress !== null ? progress(phase.progress) : '';
  // All three are more than a node is wide; how long it takes so far stands on hover, and in the table.
  const parts =
    done !== '' && slower !== '' ? [done] : [done, elapsed === null ? '' : duration(elapsed)];
  return [...parts, slower].filter((part) => part !== '');
}

export function worst(phases: readonly PhaseRecord[]): Status {
  const there = new Set(phases.map((phase) => phase.status));
  return WORST_FIRST.find((status) => there.has(status)) ?? 'PENDING';
}

/** What stands below the name of a folded group: how many in which state, the worst first, or the metric. */
export function groupFacts(
  phases: readonly PhaseRecord[],
  { metric, kind }: { metric: FlowMetric; kind: Group['kind'] },
  now: number,
): string[] {
  const size = count(phases.length, t('{0} phase'), t('{0} phases'));
  if (metric === 'none') return [size, ...stateCounts(phases)];
  const text = valueText(groupValue(phases, { metric, kind }, now), metric);
  if (metric === 'time')
    return [size, kind === 'row' ? t('{0} in all', text) : t('longest {0}', text)];
  return [size, metric === 'memory' ? t('highest {0}', text) : text];
}

/** Those that a person has to know about; what is done or waits says nothing. */
function stateCounts(phases: readonly PhaseRecord[]): string[] {
  const counts = new Map<Status, number>();
  for (const { status } of phases) counts.set(status, (counts.get(status) ?? 0) + 1);
  const texts: Partial<Record<Status, (n: string) => string>> = {
    FAILED: (n) => t('{0} failed', n),
    STALE: (n) => t('{0} silent', n),
    RUNNING: (n) => t('{0} running', n),
  };
  return WORST_FIRST.flatMap((status) => {
    const n = counts.get(status) ?? 0;
    return n === 0 ? [] : (texts[status]?.(numeral(n)) ?? []);
  });
}

/** 0 to 1 of the largest; square roots, because a few long phases would leave all others white. */
export function heatOf(value: number | null, most: number): number {
  return value === null || most <= 0 ? 0 : Math.sqrt(Math.min(1, Math.max(0, value / most)));
}
