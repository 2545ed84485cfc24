import { count, jobDescription, progress } from '../../service/protocol/describe.ts';
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
    ...facts.alerts.map((alert): [string, string] => [alert.title, alert.severity.toLowerCase()]),
  ].slice(0, MOST_ROWS);
  return { ...line(facts, running), rows, error: grave };
}

function line(facts: StatusFacts, running: JobRecord[]): { text: string; sentence: string } {
  const { service, failed, alerts } = facts;
  if (service.kind !== 'connected') return unconnected(service);
  const parts: string[] = [];
  if (failed.length > 0) parts.push(`$(error) ${failed.length.toLocaleString()} failed`);
  else if (alerts.length > 0) parts.push(`$(warning) ${count(alerts.length, 'alert')}`);
  if (running.length > 0) parts.push(runningText(running));
  if (parts.length > 0) return { text: parts.join('  '), sentence: sentence(facts, running) };
  return { text: '$(pulse) Pipescope', sentence: 'No job is running and no alert waits.' };
}

function runningText(running: JobRecord[]): string {
  const known = running.map((job) => job.progress).filter((value) => value !== null);
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const done = known.length === running.length ? ` ${progress(mean)}` : '';
  return `$(sync~spin) ${running.length.toLocaleString()} running${done}`;
}

function sentence({ failed, alerts }: StatusFacts, running: JobRecord[]): string {
  const parts = [
    failed.length > 0 ? `${count(failed.length, 'failed job')} to look at` : '',
    alerts.length > 0 ? `${count(alerts.length, 'alert')} to acknowledge` : '',
    running.length > 0 ? `${count(running.length, 'job')} running` : '',
  ];
  return `${parts.filter((part) => part !== '').join(', ')}.`;
}

function unconnected(service: ServiceState): { text: string; sentence: string } {
  switch (service.kind) {
    case 'looking':
      return { text: '$(pulse) Pipescope', sentence: 'Looking for the Pipescope service.' };
    case 'starting':
      return {
        text: '$(loading~spin) Pipescope starting',
        sentence: 'The Pipescope service is starting.',
      };
    case 'reconnecting':
      return {
        text: '$(sync~spin) Pipescope reconnecting',
        sentence: 'The line to the service broke. It is being made anew.',
      };
    case 'failed':
    case 'refused':
      return { text: '$(error) Pipescope service', sentence: service.message };
    case 'off':
    case 'connected':
      return {
        text: '$(debug-disconnect) Pipescope off',
        sentence: 'The Pipescope service is off. Click to start it.',
      };
  }
}
