/** The demo: the example pipeline as a process of its own, reporting over HTTP like any other. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { listAlerts, listJobs } from '../core/list.ts';
import { phaseRecords } from '../core/queries.ts';
import {
  count,
  duration,
  elapsedMs,
  errorLine,
  memory,
  percent,
  phaseLabel,
  statusWord,
} from '../protocol/describe.ts';
import type { JobRecord, PhaseRecord } from '../protocol/record.ts';
import type { Service } from '../service.ts';

export interface DemoOptions {
  folder: string;
  fail: string | undefined;
  exit: boolean;
  /** Aborted when the service stops: the pipeline ends with it. */
  signal: AbortSignal;
}

/** Runs the pipeline to its end; 0 when it did what it was asked to, also when that was to fail. */
export async function runDemo(service: Service, options: DemoOptions): Promise<number> {
  const child = startPipeline(service, options);
  const code = await exitOf(child);
  if (options.signal.aborted) return 0;
  await summarize(service);
  const wanted = options.fail === undefined ? 0 : 1;
  return code === wanted ? 0 : 1;
}

function startPipeline(
  { ready, tokens }: Service,
  { folder, fail, signal }: DemoOptions,
): ChildProcess {
  const args = [join(folder, 'main.mjs'), ...(fail === undefined ? [] : ['--fail', fail])];
  const env = { ...process.env, PIPESCOPE_URL: ready.url, PIPESCOPE_TOKEN: tokens.ingest };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  signal.addEventListener('abort', () => child.kill('SIGTERM'));
  return child;
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function summarize({ monitor }: Service): Promise<void> {
  const [row] = listJobs(monitor.model);
  if (!row) {
    console.log('\nThe pipeline reported nothing.');
    return;
  }
  const job = await monitor.job(row.job_id);
  const alerts = listAlerts(monitor.model, { active: true });
  console.log(['', headline(row), '', ...phaseRecords(job).map(phaseLine), ''].join('\n'));
  for (const alert of alerts)
    console.log(`  Alert  ${alert.severity.padEnd(8)} ${alert.description}`);
  if (row.error)
    console.log(
      `  Error  ${errorLine({ message: row.error.message, ...(row.error.type && { type: row.error.type }) })}`,
    );
}

function headline(job: JobRecord): string {
  const took = duration(elapsedMs(job, Date.now()));
  return `${job.name} ${statusWord(job.status)} in ${took}: ${job.phases_done} of ${job.phases_total} phases done, ${count(job.artifact_count, '{0} artifact', '{0} artifacts')}, ${count(job.warning_count, '{0} warning', '{0} warnings')}, ${count(job.error_count, '{0} error', '{0} errors')}.`;
}

function phaseLine(phase: PhaseRecord): string {
  const columns = [
    phaseLabel(phase).padEnd(32),
    statusWord(phase.status).padEnd(10),
    duration(phase.execution_time_ms).padStart(9),
    `${percent(phase.cpu_percent?.avg)} CPU`.padStart(10),
    memory(phase.memory_mb?.max).padStart(9),
  ];
  return `  ${columns.join('  ')}`;
}
