import { t } from '@vscode/l10n';
import {
  count,
  duration,
  phasesDone,
  progress,
  rate,
  UNKNOWN,
} from '../../../service/protocol/describe.ts';
import type { AlertRecord, JobRecord, PhaseRecord } from '../../../service/protocol/record.ts';
import { jobMs, number, timeLeft } from '../../format.ts';
import type { RegionName } from '../../regionNames.ts';

export interface Tile {
  label: string;
  value: string;
  /** Stands smaller behind the value. */
  unit?: string;
  caption: string;
  /** `bad` and `warn` also carry an icon. */
  tone: 'plain' | 'warn' | 'bad';
  /** Where the details are. */
  leadsTo?: RegionName;
}

export interface Known {
  jobs: Iterable<JobRecord>;
  alerts: Iterable<AlertRecord>;
  job: JobRecord | undefined;
  phases: readonly PhaseRecord[];
}

/** The tiles: one number each, and what it is a part of. */
export function tiles(known: Known, now: number): Tile[] {
  return [
    runningTile(known),
    progressTile(known.job),
    elapsedTile(known.job, now),
    throughputTile(known),
    errorTile(known.job),
    alertTile(known.alerts),
  ];
}

function runningTile({ jobs }: Known): Tile {
  const all = [...jobs];
  const running = all.filter((job) => job.status === 'RUNNING').length;
  const stale = all.filter((job) => job.status === 'STALE').length;
  const caption =
    stale > 0
      ? `${number(stale)} without a sign of life`
      : count(all.length, t('of {0} job'), t('of {0} jobs'));
  return {
    label: 'Running jobs',
    value: number(running),
    caption,
    tone: stale > 0 ? 'warn' : 'plain',
  };
}

function progressTile(job: JobRecord | undefined): Tile {
  const value = job?.status === 'COMPLETED' ? progress(1) : progress(job?.progress);
  const known = job !== undefined && job.phases_total > 0;
  const caption = known ? phasesDone(job) : '';
  return { label: 'Progress', value, caption, tone: 'plain', leadsTo: 'Phases' };
}

function elapsedTile(job: JobRecord | undefined, now: number): Tile {
  const value = job === undefined ? UNKNOWN : duration(jobMs(job, now));
  const caption = job?.status === 'RUNNING' ? timeLeft(job.eta_at, now) : '';
  return { label: 'Elapsed', value, caption, tone: 'plain', leadsTo: 'Timeline' };
}

function throughputTile({ job, phases }: Known): Tile {
  const tile = { label: 'Throughput', tone: 'plain', leadsTo: 'Phases' } as const;
  const running = phases.filter((phase) => phase.status === 'RUNNING');
  if (job?.status === 'RUNNING' && running.length > 0) {
    const together = sum(running.map((phase) => phase.throughput));
    return { ...tile, ...inUnits(rate(together)), caption: together === null ? '' : 'now' };
  }
  const fastest = phases
    .filter((phase) => phase.throughput !== null)
    .map((phase) => phase.throughput ?? 0);
  if (fastest.length === 0) return { ...tile, value: UNKNOWN, caption: '' };
  return { ...tile, ...inUnits(rate(Math.max(...fastest))), caption: 'fastest phase' };
}

/** At the last space: some locales group thousands by spaces. */
function inUnits(text: string): Pick<Tile, 'value' | 'unit'> {
  const at = text.lastIndexOf(' ');
  return at < 0 ? { value: text } : { value: text.slice(0, at), unit: text.slice(at + 1) };
}

/** The sum of what is known; null when nothing is. */
function sum(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}

function errorTile(job: JobRecord | undefined): Tile {
  const tile = { label: 'Errors', leadsTo: 'Phases' } as const;
  if (job === undefined) return { ...tile, value: UNKNOWN, caption: '', tone: 'plain' };
  const tone = job.error_count > 0 ? 'bad' : job.warning_count > 0 ? 'warn' : 'plain';
  return {
    ...tile,
    value: number(job.error_count),
    caption: count(job.warning_count, t('{0} warning'), t('{0} warnings')),
    tone,
  };
}

function alertTile(alerts: Iterable<AlertRecord>): Tile {
  const active = [...alerts].filter((alert) => alert.active);
  const open = active.filter((alert) => !alert.acknowledged);
  const severe = open.some((alert) => alert.severity === 'ERROR' || alert.severity === 'CRITICAL');
  const tone = severe ? 'bad' : open.length > 0 ? 'warn' : 'plain';
  const caption = `${number(active.length - open.length)} acknowledged`;
  return { label: 'Active alerts', value: number(open.length), caption, tone, leadsTo: 'Alerts' };
}
