import { t } from '@vscode/l10n';
import {
  count,
  duration,
  elapsedMs,
  errorLine,
  exactTime,
  phaseDescription,
  phaseLabel,
  phasesDone,
  statusWord,
  UNKNOWN,
} from '../../service/protocol/describe.ts';
import type { ErrorDetails } from '../../service/protocol/event.ts';
import { numeral } from '../../service/protocol/intl.ts';
import type { JobRecord, LogRecord, PhaseRecord } from '../../service/protocol/record.ts';

export interface LogSource {
  job: JobRecord | undefined;
  phases: readonly PhaseRecord[];
  logs: readonly LogRecord[];
}

export interface LogText {
  text: string;
  /** The line, from 0, at which a phase's error begins. The job's own error is under the empty name. */
  anchors: Map<string, number>;
}

/** A job's log as a person reads it: the facts, the errors with their stacks, the warnings, then every line. */
export function logText({ job, phases, logs }: LogSource, now: number): LogText {
  const lines: string[] = [];
  const anchors = new Map<string, number>();
  if (!job) {
    const unknown = t(
      'This job is not known here. Start the Pipescope service, or open the job from the tree.',
    );
    return { text: `${unknown}\n`, anchors };
  }
  lines.push(...head(job, now));
  const failed = phases.filter((phase) => phase.status === 'FAILED');
  if (failed.length > 0 || job.error) lines.push('', t('Errors'));
  for (const phase of failed) {
    anchors.set(phase.phase_id, lines.length);
    lines.push(`  ${t('Phase {0}', phaseLabel(phase))}: ${phaseDescription(phase, now)}`);
    lines.push(...errorLines(phase.error ?? { message: t('The phase failed without a message.') }));
  }
  if (job.error && failed.length === 0) {
    anchors.set('', lines.length);
    lines.push(...errorLines(job.error));
  }
  const sorted = [...logs].sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || a.seq - b.seq);
  const warnings = sorted.filter((log) => log.level === 'warning');
  if (warnings.length > 0) lines.push('', t('Warnings'), ...warnings.map(logLine));
  if (sorted.length > 0) lines.push('', t('Log'), ...sorted.map(logLine));
  return { text: `${lines.join('\n')}\n`, anchors };
}

/** What a job may have had too many of, by the names of the contract. */
const DROPPED_WORDS: ReadonlyMap<string, () => string> = new Map([
  ['phases', () => t('phases')],
  ['sub_phases', () => t('sub-phases')],
  ['artifacts', () => t('artifacts')],
  ['signals', () => t('signals')],
  ['info_lines', () => t('info lines')],
  ['warning_lines', () => t('warning lines')],
  ['error_lines', () => t('error lines')],
]);

function head(job: JobRecord, now: number): string[] {
  const facts: [string, string][] = [
    [t('Job'), job.job_id],
    [t('Pipeline'), job.pipeline],
    [t('State'), statusWord(job.status)],
    [t('Started'), job.started_at === null ? UNKNOWN : exactTime(job.started_at)],
    [t('Took'), duration(job.duration_ms ?? elapsedMs(job, now))],
    [t('Phases'), phasesDone(job)],
    [t('Errors'), count(job.error_count, t('{0} error'), t('{0} errors'))],
    [t('Warnings'), count(job.warning_count, t('{0} warning'), t('{0} warnings'))],
  ];
  const dropped = Object.entries(job.dropped).map(
    ([kind, n]) => `${DROPPED_WORDS.get(kind)?.() ?? kind}: ${numeral(n)}`,
  );
  if (dropped.length > 0) facts.push([t('Not kept'), dropped.join(', ')]);
  return [job.name, '', ...aligned(facts)];
}

/** Facts as lines, their values below each other. */
export function aligned(facts: readonly (readonly [name: string, value: string])[]): string[] {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return facts.map(([name, value]) => `${name.padEnd(width)}${value}`);
}

/** An error with its stack, its first line indented by two. */
export function errorLines(error: ErrorDetails): string[] {
  const lines = [`  ${clean(errorLine(error))}`];
  if (error.file !== undefined && error.stack === undefined)
    lines.push(
      `    at ${error.file}:${error.line ?? 1}${error.column === undefined ? '' : `:${error.column}`}`,
    );
  const more = error.stack ?? error.message.split('\n').slice(1).join('\n');
  if (more !== '') lines.push(...more.split(/\r?\n/).map((line) => `    ${clean(line)}`));
  if (error.exit_code !== undefined) lines.push(`    ${t('exit code {0}', error.exit_code)}`);
  return lines;
}

function logLine(log: LogRecord): string {
  const [first = '', ...rest] = log.message.split(/\r?\n/);
  const where = log.phase_id === null ? '' : `${log.phase_id}  `;
  const details = Object.keys(log.details).length > 0 ? `  ${JSON.stringify(log.details)}` : '';
  const start = `  ${log.time}  ${log.level.padEnd(7)}  ${where}`;
  return [
    start + clean(first) + clean(details),
    ...rest.map((line) => `      ${clean(line)}`),
  ].join('\n');
}

/** Control characters, terminal escapes and bidirectional overrides would show something else than was written. */
export function clean(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
