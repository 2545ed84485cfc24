/** A sign: one look that shows that something is held back. Signs that last become a bottleneck (episodes.ts). */
import type { BottleneckKind, EvidenceSeries, ImpactBasis } from '../../protocol/bottleneck.ts';

export type Labels = Readonly<Record<string, string>>;

/** By name; the unit stands in the name. */
export type Facts = Readonly<Record<string, number>>;

/** Whose it is; null for what is not known or not so. */
export interface Whose {
  job_id: string | null;
  pipeline: string | null;
  phase_id: string | null;
  worker_id: string | null;
}

export const NOBODY: Whose = { job_id: null, pipeline: null, phase_id: null, worker_id: null };

/** Epoch milliseconds, value. */
export type Sample = readonly [time: number, value: number];

export interface Sign {
  /** Of its episode: signs of several metrics that take turns have the same. */
  key?: string;
  kind: BottleneckKind;
  /** In a few words. */
  title: string;
  /** Name of the pattern of the configuration; null: built in. */
  pattern: string | null;
  /** What shows it best. */
  metric: string;
  labels: Labels;
  unit: string;
  /** Null: no single value begins it. */
  threshold: number | null;
  /** New values of the metric since the last look, in order of time. */
  samples: readonly Sample[];
  /** It must last so long before it is said, milliseconds. */
  needs_ms: number;
  /** Null with the basis `unknown`. */
  impact: number | null;
  impact_basis: ImpactBasis;
  /** 0-1: how well this look fits the class. */
  fit: number;
  whose: Whose;
  /** What is the matter, in a sentence without a full stop; `for 12 s` and whose it is are added. */
  says: string | (() => string);
  /** The numbers of that sentence, for who says it in another language. */
  facts: Facts | (() => Facts);
  series: readonly EvidenceSeries[];
}

/** What makes two signs one episode: the class, the pattern, the metric and where, unless the sign says it itself. */
export function keyOf({ key, kind, pattern, metric, labels }: Sign): string {
  return key ?? keyWith(kind, pattern, metric, labels);
}

export function keyWith(
  kind: BottleneckKind,
  pattern: string | null,
  metric: string | null,
  labels: Labels,
): string {
  const where = Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join('='));
  return [kind, pattern, metric, ...where].filter((part) => part !== null).join(':');
}

/** The number within 0 and 1; 0 for what is no number. */
export function fraction(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
}
