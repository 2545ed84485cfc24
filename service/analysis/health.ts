/**
 * The health score: the mean of the scores of all targets with a known value, by their weights, from 0 to 100. It is
 * always answered with what it is made of, so that nobody has to guess why it is low.
 */
import { unitSign } from '../protocol/describe.ts';
import type { HealthPart, HealthScore, TargetRecord } from '../protocol/targets.ts';
import { HEALTH_SCORE, type Target, targetRecord } from './targets.ts';

/** Parts in the order of the targets; `points` of the known ones add up to the score. */
export function healthScore(
  targets: readonly TargetRecord[],
  limits: Pick<Target, 'target' | 'critical'>,
  time: string,
): HealthScore {
  const counted = targets.filter(({ metric, weight }) => metric !== HEALTH_SCORE && weight > 0);
  const known = counted.filter(({ score }) => score !== null);
  const weights = known.reduce((sum, { weight }) => sum + weight, 0);
  const parts = counted.map((target) => partOf(target, weights));
  const sum = parts.reduce((total, { points }) => total + (points ?? 0), 0);
  const score = known.length === 0 ? null : Math.min(100, round(sum));
  const { target, critical } = limits;
  return {
    ...{ time, score },
    status: statusOf(score, limits),
    ...{ target, critical },
    sentence: sentenceOf(score, parts),
    parts,
  };
}

function statusOf(score: number | null, limits: Pick<Target, 'target' | 'critical'>) {
  if (score === null) return 'UNKNOWN';
  if (score >= limits.target) return 'OK';
  return score >= limits.critical ? 'WARNING' : 'CRITICAL';
}

function partOf(target: TargetRecord, weights: number): HealthPart {
  const { target_id, title, value, unit, status, weight, score } = target;
  const possible = score === null ? null : (weight / weights) * 100;
  const points = possible === null || score === null ? null : possible * score;
  return {
    ...{ target_id, title, value, unit, status, weight },
    points: points === null ? null : round(points),
    points_possible: possible === null ? null : round(possible),
    sentence: partSentence(target, points, possible),
  };
}

function partSentence(target: TargetRecord, points: number | null, possible: number | null) {
  const { title, value, unit, direction, status, metric } = target;
  if (value === null || points === null || possible === null)
    return `${title} is not known: there is no value of "${metric}" in ${span(target.window_ms)}. It is not counted.`;
  const bound = direction === 'at_most' ? 'at most' : 'at least';
  const judged =
    status === 'OK'
      ? `within its target of ${bound} ${number(target.target)}`
      : status === 'WARNING'
        ? `between its target of ${bound} ${number(target.target)} and the critical ${number(target.critical)}`
        : `beyond the critical ${number(target.critical)}`;
  return `${title} is ${number(value)} ${unitSign(unit)}, ${judged}: ${number(points)} of ${number(possible)} points.`.replace(
    ' ,',
    ',',
  );
}

function sentenceOf(score: number | null, parts: readonly HealthPart[]): string {
  if (score === null)
    return 'The health score is not known: none of the targets has a value yet. Send metrics, tasks or requests.';
  const known = parts.filter(({ points }) => points !== null);
  const lost = known
    .map((part) => ({ title: part.title, lost: (part.points_possible ?? 0) - (part.points ?? 0) }))
    .filter((part) => part.lost >= 0.05)
    .sort((a, b) => b.lost - a.lost)
    .map((part) => `${part.title} (${number(part.lost)})`);
  const why = lost.length === 0 ? 'No points are lost' : `Points are lost by ${lost.join(', ')}`;
  return `The health score is ${number(score)} of 100. ${why}; ${known.length} of ${parts.length} targets have a value.`;
}

function span(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1) return `the last ${number(ms / 1000)} seconds`;
  return minutes === 1 ? 'the last minute' : `the last ${number(minutes)} minutes`;
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 1 });
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** The targets with the health score in its own place among them. */
export function withHealth(
  targets: readonly Target[],
  values: ReadonlyMap<string, number | null>,
  time: string,
): { targets: TargetRecord[]; health: HealthScore } {
  const own = targets.find(({ metric }) => metric === HEALTH_SCORE);
  const others = targets.map((target) =>
    targetRecord(target, values.get(target.target_id) ?? null),
  );
  const health = healthScore(others, own ?? { target: 80, critical: 60 }, time);
  return {
    health,
    targets: others.map((record, i) => {
      const target = targets[i];
      return target?.metric === HEALTH_SCORE ? targetRecord(target, health.score) : record;
    }),
  };
}
