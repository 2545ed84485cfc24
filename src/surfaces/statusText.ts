import { t } from '@vscode/l10n';
import { count, jobDescription, progress, severityWord } from '../../service/protocol/describe.ts';
import { shortTimeLeft } from '../../service/protocol/describeEta.ts';
import { numeral } from '../../service/protocol/intl.ts';
import type { AlertRecord, JobRecord } from '../../service/protocol/record.ts';
import { severityRank } from '../../service/protocol/states.ts';
import { jobsIn } from '../jobs.ts';
import type { ServiceState } from '../service/state.ts';

export interface StatusFacts {
  service: ServiceState;
  jobs: readonly JobRecord[];
  /** Failed jobs that nobody has looked at. */
  failed: readonly JobRecord[];
  /** Active alerts that nobody has acknowledged. */
  alerts: readonly AlertRecord[];
  now: number;
}

export interface StatusText {
  text: string;
  /** Rows of the hover: what, and how it stands. Plain text, to be escaped. */
  rows: [what: string, how: string][];
  sentence: string;
  error: boolean;
}

const MOST_ROWS = 10;

/** Says in one item whether anything is wrong: the worst state, and how often. */
export function statusText(facts: StatusFacts): StatusText {
  const running = jobsIn(facts.jobs, 'RUNNING');
  const grave = facts.alerts.some(
    ({ severity }) => severityRank(severity) >= severityRank('ERROR'),
  );
  const rows: [string, string][] = [
    ...facts.failed.map((job): [string, string] => [job.name, jobDescription(job, facts.now)]),
    ...running.map((job): [string, string] => [job.name, jobDescription(job, facts.now)]),
    ...facts.alerts.map((alert): [string, string] => [alert.title, severityWord(alert.severity)]),
  ].slice(0, MOST_ROWS);
  return { ...line(facts, running), rows, error: grave };
}

function line(facts: StatusFacts, running: JobRecord[]): { text: string; sentence: string } {
  const { service, failed, alerts } = facts;
  if (service.kind !== 'connected') return unconnected(service);
  const parts: string[] = [];
  if (failed.length > 0) parts.push(`$(error) ${t('{0} failed', numeral(failed.length))}`);
  else if (alerts.length > 0)
    parts.push(`$(warning) ${count(alerts.length, t('{0} alert'), t('{0} alerts'))}`);
  if (running.length > 0) parts.push(runningText(running, facts.now));
  if (parts.length > 0) return { text: parts.join('  '), sentence: sentence(facts, running) };
  return { text: '$(pulse) Pipescope', sentence: t('No job is running and no alert waits.') };
}

function runningText(running: JobRecord[], now: number): string {
  const known = running.map((job) => job.progress).filter((value) => value !== null);
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const done = known.length === running.length ? ` ${progress(mean)}` : '';
  return `$(sync~spin) ${t('{0} running', numeral(running.length))}${done}${lastEnd(running, now)}`;
}

/** How long until none of them runs; empty unless of each an end is expected. */
function lastEnd(running: JobRecord[], now: number): string {
  const last = running.reduce<JobRecord | null>((held, job) => {
    const isLater = held === null || (job.eta_at ?? '') > (held.eta_at ?? '');
    return isLater ? job : held;
  }, null);
  const left =
    last && running.every(({ eta_at }) => eta_at !== null) ? shortTimeLeft(last, now) : '';
  return left === '' ? '' : `, ${left}`;
}

function sentence({ failed, alerts }: StatusFacts, running: JobRecord[]): string {
  const parts = [
    failed.length > 0
      ? count(failed.length, t('{0} failed job to look at'), t('{0} failed jobs to look at'))
      : '',
    alerts.length > 0
      ? count(alerts.length, t('{0} alert to acknowledge'), t('{0} alerts to acknowledge'))
      : '',
    running.length > 0 ? count(running.length, t('{0} job running'), t('{0} jobs running')) : '',
  ];
  return `${parts.filter((part) => part !== '').join(', ')}.`;
}

function unconnected(service: ServiceState): { text: string; sentence: string } {
  switch (service.kind) {
    case 'looking':
      return { text: '$(pulse) Pipescope', sentence: t('Looking for the Pipescope service.') };
    case 'starting':
      return {
        text: `$(loading~spin) ${t('Pipescope starting')}`,
        sentence: t('The Pipescope service is starting.'),
      };
    case 'reconnecting':
      return {
        text: `$(sync~spin) ${t('Pipescope reconnecting')}`,
        sentence: t('The line to the service broke. It is being made anew.'),
      };
    case 'failed':
    case 'refused':
      return { text: `$(error) ${t('Pipescope service')}`, sentence: service.message };
    case 'off':
    case 'connected':
      return {
        text: `$(debug-disconnect) ${t('Pipescope off')}`,
        sentence: t('The Pipescope service is off. Click to start it.'),
      };
  }
}
