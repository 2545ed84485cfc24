/** Data directories with a past: finished jobs on disk and a running one in memory, written by the service's own parts. */
import { pino } from 'pino';
import type { Clock } from '../../../service/clock.ts';
import { type ConfigInput, loadConfig } from '../../../service/config.ts';
import { Monitor } from '../../../service/monitor.ts';
import { prepareDataDir } from '../../../service/storage/dataDir.ts';

/** A clock that is set by hand. `elapsed` goes on as time does, unless `sleep` lets it. */
export class HandClock implements Clock {
  wall: number;
  #monotonic = 0;

  constructor(wall = Date.now()) {
    this.wall = wall;
  }

  now(): number {
    return this.wall;
  }

  elapsed(): number {
    return this.#monotonic;
  }

  /** Time passes. */
  pass(ms: number): void {
    this.wall += ms;
    this.#monotonic += ms;
  }
}

export interface Opened {
  monitor: Monitor;
  clock: Clock;
  warnings: string[];
}

/** The service's core in this process, with a clock of one's own. */
export async function openMonitor(
  dataDir: string,
  { clock, staleAfterMs = 600_000, ...more }: { clock: Clock; staleAfterMs?: number } & ConfigInput,
): Promise<Opened> {
  await prepareDataDir(dataDir);
  const warnings: string[] = [];
  const take = { write: (line: string) => void warnings.push(line) };
  const flags = { ...more, data_dir: dataDir, stale_after_ms: staleAfterMs };
  const config = loadConfig({ flags, env: {} });
  const monitor = await Monitor.open({ config, clock, logger: pino({ level: 'warn' }, take) });
  return { monitor, clock, warnings };
}

/** Events of a job that has ended well, after `errors` lines of errors. */
export function finishedJob(job_id: string, at: number, errors = 3): object[] {
  const about = (n: number) => ({ id: `${job_id}-${n}`, job_id, time: at + n * 10 });
  const phase = { phase_id: 'P00' };
  const log = { type: 'log.recorded', level: 'error' };
  return [
    { ...about(0), type: 'job.started', name: job_id, phases: [{ phase_id: 'P00', name: 'Read' }] },
    { ...about(1), ...phase, type: 'phase.started' },
    ...Array.from({ length: errors }, (_, n) => ({
      ...about(2 + n),
      ...phase,
      ...log,
      message: `Line ${n} is bad.`,
    })),
    { ...about(20), type: 'signal.counted', signal: 'rows', count: 7 },
    { ...about(21), ...phase, type: 'phase.completed', items_done: 12 },
    { ...about(22), type: 'job.completed' },
  ];
}

/** Three finished jobs that lie on disk only, and a running one. */
export async function seedDataDir(dataDir: string): Promise<string[]> {
  const clock = new HandClock(Date.now() - 60_000);
  const { monitor } = await openMonitor(dataDir, { clock });
  const finished = ['done-1', 'done-2', 'done-3'];
  for (const id of finished) await monitor.ingest(finishedJob(id, clock.now()));
  clock.pass(30_000);
  await monitor.ingest(finishedJob('running', clock.now()).slice(0, -2));
  await monitor.close();
  return [...finished, 'running'];
}
