/** What the health score is made of, as rows: each target with its value, its bound and the points it costs. */
import { t } from '@vscode/l10n';
import { percent, unitSign } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { HealthScore, TargetRecord, TargetStatus } from '../../../service/protocol/targets.ts';
import { number } from '../../format.ts';
import type { RegionName } from '../../regionNames.ts';
import { regionOf } from '../../places.ts';

/** The metric of the target that is the score itself. */
const OWN = 'health_score';
/** Fewer points are lost to rounding only. */
const NOTHING = 0.05;

export interface HealthRow {
  id: string;
  title: string;
  status: TargetStatus;
  value: string;
  /** `at most 85 %`. */
  bound: string;
  /** `28.4 of 50`. */
  points: string;
  /** `21.6 points`; empty where none are. */
  cost: string;
  /** Points that are missing to what it could give; 0 where nothing is known. */
  lost: number;
  leadsTo: RegionName;
}

/** What costs most comes first, what is not known last. */
export function healthRows(health: HealthScore, targets: readonly TargetRecord[]): HealthRow[] {
  const parts = new Map(health.parts.map((part) => [part.target_id, part]));
  return others(targets)
    .map((target) => rowOf(target, parts.get(target.target_id)))
    .sort((a, b) => b.lost - a.lost || rank(a.status) - rank(b.status));
}

/** How many targets with a value are not reached. */
export function missedTargets(targets: readonly TargetRecord[]): {
  missed: number;
  total: number;
  unknown: number;
  critical: number;
} {
  const all = others(targets);
  const count = (...states: TargetStatus[]): number =>
    all.filter(({ status }) => states.includes(status)).length;
  return {
    total: all.length,
    missed: count('WARNING', 'CRITICAL'),
    unknown: count('UNKNOWN'),
    critical: count('CRITICAL'),
  };
}

export function targetWord(status: TargetStatus): string {
  const words: Record<TargetStatus, () => string> = {
    OK: () => t('reached'),
    WARNING: () => t('missed'),
    CRITICAL: () => t('critical'),
    UNKNOWN: () => t('not known'),
  };
  return words[status]();
}

/** `85 %`, `12.3 GB`, `-`. */
export function inUnit(value: number | null, unit: string): string {
  if (unit === 'percent') return percent(value);
  return value === null ? number(value) : `${number(value)} ${unitSign(unit)}`.trimEnd();
}

/** `at most 85 %`. */
export function boundOf({ direction, target, unit }: TargetRecord): string {
  const value = `${number(target)} ${unitSign(unit)}`.trimEnd();
  return direction === 'at_most' ? t('at most {0}', value) : t('at least {0}', value);
}

function others(targets: readonly TargetRecord[]): TargetRecord[] {
  return targets.filter(({ metric }) => metric !== OWN);
}

type Part = HealthScore['parts'][number];

function rowOf(target: TargetRecord, part: Part | undefined): HealthRow {
  const { points = null, points_possible: possible = null } = part ?? {};
  const lost = points === null || possible === null ? 0 : Math.max(0, possible - points);
  return {
    id: target.target_id,
    title: target.title,
    status: target.status,
    value: inUnit(target.value, target.unit),
    bound: boundOf(target),
    points: pointsWord(points, possible),
    cost: lost < NOTHING ? '' : t('{0} points', short(lost)),
    lost: lost < NOTHING ? 0 : lost,
    leadsTo: regionOf(target.metric),
  };
}

function pointsWord(points: number | null, possible: number | null): string {
  if (points === null || possible === null) return t('not counted');
  return t('{0} of {1}', short(points), short(possible));
}

function short(value: number): string {
  return numeral(value, { most: 1 });
}

function rank(status: TargetStatus): number {
  return ['CRITICAL', 'WARNING', 'OK', 'UNKNOWN'].indexOf(status);
}
