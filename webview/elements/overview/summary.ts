import { t } from '@vscode/l10n';
import {
  count,
  duration,
  percent,
  phasesDone,
  progress,
  rate,
  UNKNOWN,
} from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import type { PerformanceState } from '../../../service/protocol/performance.ts';
import type { AlertRecord, JobRecord, PhaseRecord } from '../../../service/protocol/record.ts';
import type { Severity } from '../../../service/protocol/states.ts';
import { etaDetail, etaWords } from '../../eta.ts';
import { jobMs, number } from '../../format.ts';
import type { RegionName } from '../../regionNames.ts';
import { boundOf, missedTargets } from './health.ts';
import type { Point, Throughput } from './throughput.ts';

export interface Tile {
  label: string;
  value: string;
  /** Stands smaller behind the value. */
  unit?: string;
  caption: string;
  /** Where the caption comes from, on hover. */
  hint?: string;
  /** `bad` and `warn` also carry an icon. */
  tone: 'plain' | 'warn' | 'bad';
  /** Where the details are: a region, or what the health score is made of, which opens below. */
  leadsTo?: RegionName | 'make-up';
  /** How it went, oldest first. */
  points?: readonly Point[];
}

export interface Known {
  jobs: Iterable<JobRecord>;
  /** How many jobs the service holds. */
  jobsTotal: number;
  alerts: Iterable<AlertRecord>;
  job: JobRecord | undefined;
  phases: readonly PhaseRecord[];
  /** Undefined until the service has told. */
  state: Pick<PerformanceState, 'health' | 'targets' | 'metrics'> | undefined;
  throughput: Throughput | undefined;
}

/** The tiles: one number each, and what it is a part of. */
export function tiles(known: Known, now: number): Tile[] {
  return [
    healthTile(known),
    targetTile(known),
    runningTile(known),
    progressTile(known.job),
    elapsedTile(known.job, now),
    throughputTile(known),
    errorTile(known),
    alertTile(known.alerts),
  ];
}

const TONES = { OK: 'plain', UNKNOWN: 'plain', WARNING: 'warn', CRITICAL: 'bad' } as const;

function healthTile({ state }: Known): Tile {
  const tile = { label: t('Health score'), leadsTo: 'make-up', tone: 'plain' } as const;
  if (state === undefined) return { ...tile, value: UNKNOWN, caption: '' };
  const { score, status, parts } = state.health;
  const costly = parts.filter(({ points, points_possible }) => lost(points, points_possible));
  if (score === null) return { ...tile, value: UNKNOWN, caption: t('no target has a value yet') };
  const caption =
    costly.length === 0
      ? t('no points are lost')
      : count(costly.length, t('{0} target costs points'), t('{0} targets cost points'));
  const value = numeral(Math.round(score));
  return { ...tile, value, unit: t('of 100'), caption, tone: TONES[status] };
}

function lost(points: number | null, possible: number | null): boolean {
  return points !== null && possible !== null && possible - points >= 0.05;
}

function targetTile({ state }: Known): Tile {
  const tile = { label: t('Targets missed'), leadsTo: 'make-up', tone: 'plain' } as const;
  if (state === undefined) return { ...tile, value: UNKNOWN, caption: '' };
  const { missed, total, unknown, critical } = missedTargets(state.targets);
  const caption =
    critical > 0
      ? count(critical, t('{0} is critical'), t('{0} are critical'))
      : unknown > 0
        ? count(unknown, t('{0} has no value'), t('{0} have no value'))
        : '';
  return {
    ...tile,
    value: number(missed),
    unit: count(total, t('of {0} target'), t('of {0} targets')),
    caption,
    tone: critical > 0 ? 'bad' : missed > 0 ? 'warn' : 'plain',
  };
}

function runningTile({ jobs, jobsTotal }: Known): Tile {
  const counts = { RUNNING: 0, STALE: 0 };
  for (const { status } of jobs)
    if (status === 'RUNNING' || status === 'STALE') counts[status] += 1;
  const { RUNNING: running, STALE: stale } = counts;
  const caption =
    stale > 0
      ? t('{0} without a sign of life', number(stale))
      : count(jobsTotal, t('of {0} job'), t('of {0} jobs'));
  const tone = stale > 0 ? 'warn' : 'plain';
  return { label: t('Running jobs'), value: number(running), caption, tone, leadsTo: 'History' };
}

function progressTile(job: JobRecord | undefined): Tile {
  const value = job?.status === 'COMPLETED' ? progress(1) : progress(job?.progress);
  const known = job !== undefined && job.phases_total > 0;
  const caption = known ? phasesDone(job) : '';
  return { label: t('Progress'), value, caption, tone: 'plain', leadsTo: 'Phases' };
}

function elapsedTile(job: JobRecord | undefined, now: number): Tile {
  const value = job === undefined ? UNKNOWN : duration(jobMs(job, now));
  const tile = { label: t('Elapsed'), value, tone: 'plain', leadsTo: 'Timeline' } as const;
  if (job === undefined) return { ...tile, caption: '' };
  return { ...tile, caption: etaWords(job, now), hint: etaDetail(job, now) };
}

/** What was finished over the time that is shown; what the phases of the job do now stands below. */
function throughputTile({ job, phases, throughput, state }: Known): Tile {
  const isTasks = (state?.metrics.system.completed_tasks ?? 0) > 0;
  const leadsTo = isTasks ? 'Workers' : 'Performance';
  const tile = { label: t('Throughput'), tone: 'plain', leadsTo } as const;
  const items = itemsPerSecond(job, phases);
  const caption = items === null ? '' : t('now {0}', rate(items));
  if (throughput === undefined) {
    if (items === null) return { ...tile, value: UNKNOWN, caption: '' };
    return { ...tile, ...inUnits(rate(items)), caption: t('now') };
  }
  const { value, unit, points } = throughput;
  return { ...tile, value, unit, points, caption };
}

/** Of all phases that run; null where none says. */
function itemsPerSecond(job: JobRecord | undefined, phases: readonly PhaseRecord[]): number | null {
  if (job?.status !== 'RUNNING') return null;
  const running = phases.filter(({ status }) => status === 'RUNNING');
  const known = running.flatMap(({ throughput }) => throughput ?? []);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}

/** At the last space: some locales group thousands by spaces. */
function inUnits(text: string): Pick<Tile, 'value' | 'unit'> {
  const at = text.lastIndexOf(' ');
  return at < 0 ? { value: text } : { value: text.slice(0, at), unit: text.slice(at + 1) };
}

/** The rate of the last hour where tasks or requests tell one; else the errors of the shown job. */
function errorTile({ job, state }: Known): Tile {
  const target = state?.targets.find(({ metric }) => metric === 'error_rate_percent');
  if (state === undefined || target === undefined || target.value === null)
    return jobErrorTile(job);
  const errors = job?.error_count ?? 0;
  return {
    label: t('Error rate'),
    ...inUnits(percent(target.value)),
    caption:
      errors > 0
        ? count(errors, t('{0} error in this job'), t('{0} errors in this job'))
        : boundOf(target),
    tone: errors > 0 ? 'bad' : TONES[target.status],
    leadsTo: state.metrics.system.total_tasks > 0 ? 'Workers' : 'API',
  };
}

function jobErrorTile(job: JobRecord | undefined): Tile {
  const tile = { label: t('Errors'), leadsTo: 'Phases' } as const;
  if (job === undefined) return { ...tile, value: UNKNOWN, caption: '', tone: 'plain' };
  const tone = job.error_count > 0 ? 'bad' : job.warning_count > 0 ? 'warn' : 'plain';
  return {
    ...tile,
    value: number(job.error_count),
    caption: count(job.warning_count, t('{0} warning'), t('{0} warnings')),
    tone,
  };
}

const SEVERITY_COUNTS: Record<Severity, (n: number) => string> = {
  CRITICAL: (n) => count(n, t('{0} critical'), t('{0} critical')),
  ERROR: (n) => count(n, t('{0} error'), t('{0} errors')),
  WARNING: (n) => count(n, t('{0} warning'), t('{0} warnings')),
  INFO: (n) => count(n, t('{0} info'), t('{0} infos')),
};

function alertTile(alerts: Iterable<AlertRecord>): Tile {
  const active = [...alerts].filter((alert) => alert.active);
  const open = active.filter((alert) => !alert.acknowledged);
  const of = (severity: Severity): number =>
    open.filter((alert) => alert.severity === severity).length;
  const severe = of('ERROR') + of('CRITICAL') > 0;
  const acknowledged = active.length - open.length;
  const parts = (Object.keys(SEVERITY_COUNTS) as Severity[])
    .filter((severity) => of(severity) > 0)
    .map((severity) => SEVERITY_COUNTS[severity](of(severity)));
  if (acknowledged > 0 || parts.length === 0)
    parts.push(t('{0} acknowledged', number(acknowledged)));
  return {
    label: t('Active alerts'),
    value: number(open.length),
    caption: parts.join(', '),
    tone: severe ? 'bad' : open.length > 0 ? 'warn' : 'plain',
    leadsTo: 'Alerts',
  };
}
