/** Seconds of a machine that does not exist, for the tests of bottlenecks. */
import assert from 'node:assert/strict';
import { BottleneckDetector } from '../../../../service/analysis/bottlenecks/detector.ts';
import type { Frame, FrameMetric } from '../../../../service/analysis/bottlenecks/frame.ts';
import type { QueueFact } from '../../../../service/analysis/bottlenecks/queues.ts';
import type { TreeUse } from '../../../../service/analysis/bottlenecks/trees.ts';
import type { Bottleneck } from '../../../../service/protocol/bottleneck.ts';

export const NOW = Date.parse('2026-03-01T10:00:00.000Z');
export const CORES = 4;
export type Values = Partial<Record<FrameMetric, number>>;

/** A machine with nothing much to do. */
export const CALM: Values = {
  cpu_percent: 20,
  host_cpu_system_percent: 4,
  host_cpu_iowait_percent: 0,
  host_memory_percent: 40,
  host_context_switches_per_s: 2000,
  host_processes_running: 1,
  host_stall_cpu_percent: 2,
  host_stall_io_percent: 0,
  host_stall_io_full_percent: 0,
  host_stall_memory_percent: 0,
  host_stall_memory_full_percent: 0,
  host_disk_busy_percent: 1,
  host_loopback_mb_s: 0.1,
  host_packets_per_s: 50,
  host_tcp_retransmits_percent: 0,
  host_swap_mb_s: 0,
  host_refaults_per_s: 0,
};

export const SATURATED: Values = {
  ...{ cpu_percent: 100, host_stall_cpu_percent: 99, host_processes_running: 12 },
};

export interface Happened {
  /** Seconds after the first one. */
  at: number;
  what: 'opened' | 'ended';
  bottleneck: Bottleneck;
}

export interface Second {
  values?: Values;
  trees?: readonly TreeUse[];
  queues?: readonly QueueFact[];
  page_bytes?: number;
}

/** Runs a detector second by second; `second` says what each one is, n from 0. */
export function run(
  seconds: number,
  second: (n: number, detector: BottleneckDetector, now: number) => Second,
  detector = new BottleneckDetector(),
): Happened[] {
  const happened: Happened[] = [];
  for (let n = 0; n < seconds; n++) {
    const now = NOW + n * 1000;
    const { values = CALM, trees = [], queues = [], page_bytes } = second(n, detector, now);
    const pages = page_bytes === undefined ? {} : { page_bytes };
    const frame: Frame = { time: now, cores: CORES, values, ...pages };
    const { opened, ended } = detector.second({ now, frame, trees, queues });
    for (const bottleneck of opened) happened.push({ at: n, what: 'opened', bottleneck });
    for (const { bottleneck } of ended) happened.push({ at: n, what: 'ended', bottleneck });
  }
  return happened;
}

/** `CPU opened 12` each. */
export function told(happened: readonly Happened[]): string[] {
  return happened.map(({ at, what, bottleneck }) => `${bottleneck.kind} ${what} ${at}`);
}

/** Numbers within their bounds and no time in the future, whatever was put in. */
export function assertSane(one: Bottleneck, now: number): void {
  const { impact, impact_basis, confidence, since, evidence } = one;
  assert.equal(impact === null, impact_basis === 'unknown');
  assert.ok(impact === null || (impact >= 0 && impact <= 1), String(impact));
  assert.ok(confidence >= 0 && confidence <= 1, String(confidence));
  assert.ok(Date.parse(since) <= now, since);
  assert.ok(Date.parse(evidence.last_at) <= now, evidence.last_at);
  assert.ok(evidence.points > 0 && Number.isFinite(evidence.average), String(evidence.average));
  assert.match(one.sentence, /, for [1-9]\d* s/);
}
