/** Which findings need attention, and in which order. */
import type { Finding, FindingKind } from '../protocol/finding.ts';

/** What comes soon and what holds back now come before what was found over runs. */
const ORDER: readonly FindingKind[] = ['prediction', 'bottleneck', 'anomaly', 'change'];
/** A change stays so until it is undone: after this long everybody knows. Milliseconds. */
const NEWS_MS = 7 * 24 * 3_600_000;
/** Finer differences of confidence come and go from one look to the next. */
const STEPS = 5;

/**
 * Those that are so now and are bad news: no improvements, no changes that began more than seven days before `now` (epoch
 * milliseconds). The most urgent kinds first, of each kind the surest, then the newest. What is there is not changed.
 */
export function urgentOf(findings: readonly Finding[], now: number): Finding[] {
  return findings.filter((one) => needsAttention(one, now)).sort(byUrgency);
}

function needsAttention({ kind, measure, since, until }: Finding, now: number): boolean {
  if (until !== null) return false;
  return kind !== 'change' || (measure > 0 && Date.parse(since) >= now - NEWS_MS);
}

function byUrgency(a: Finding, b: Finding): number {
  return (
    ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
    sureness(b) - sureness(a) ||
    begin(b) - begin(a) ||
    (a.finding_id < b.finding_id ? -1 : 1)
  );
}

function begin({ since }: Finding): number {
  return Date.parse(since) || 0;
}

function sureness({ confidence }: Finding): number {
  return Math.round(confidence * STEPS);
}
