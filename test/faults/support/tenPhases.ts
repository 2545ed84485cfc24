/** The stream of a ten-phase job in two attempts, about 300 events, as a pipeline with two workers would send it. */
export interface StreamEvent {
  id: string;
  type: string;
  time: number;
  job_id: string;
  [field: string]: unknown;
}

// Lately: rules look at what runs now, and a run of last year is slow.
const START = Date.now() - 60_000;
const PHASES = 10;

/** In order of time. `job_id` also begins the events' ids. */
export function tenPhases(job_id: string): StreamEvent[] {
  const events: StreamEvent[] = [];
  let time = START;
  const say = (type: string, fields: object = {}): void => {
    time += 137;
    events.push({ id: `${job_id}-${events.length}`, type, time, job_id, ...fields });
  };
  const phaseId = (n: number) => `P${String(n).padStart(2, '0')}`;
  const phases = Array.from({ length: PHASES }, (_, n) => ({
    phase_id: phaseId(n),
    name: `Phase ${n}`,
    depends_on: n === 0 ? [] : [phaseId(n - 1)],
  }));
  const passes = (n: number) => {
    const phase_id = phaseId(n);
    say('phase.started', { phase_id, items_total: 100, worker_id: `w${n % 2}` });
    for (let part = 1; part <= 8; part++) {
      say('phase.progress', { phase_id, items_done: part * 12, message: `Part ${part}` });
      say('resource.sampled', { phase_id, cpu_percent: 10 + part * n, memory_mb: 100 + part });
      if (part % 2 === 0) say('signal.counted', { phase_id, signal: 'rows', count: part });
    }
    say('log.recorded', { phase_id, level: 'warning', message: `Phase ${n} skipped a row.` });
    const sub = { phase_id, name: 'read', duration_ms: 300, metrics: { rows: n } };
    say('subphase.recorded', { ...sub, started_at: time - 400 });
    say('artifact.produced', { phase_id, path: `out/${n}.json`, size_bytes: 1000 + n });
    say('phase.completed', { phase_id, items_done: 100, metrics: { rows: n * 10 } });
  };

  say('job.started', { name: 'nightly', pipeline: 'nightly', phases, labels: { team: 'data' } });
  for (let n = 0; n < 6; n++) passes(n);
  say('phase.started', { phase_id: 'P06' });
  say('log.recorded', { phase_id: 'P06', level: 'error', message: 'Row 17 has no key.' });
  say('phase.failed', { phase_id: 'P06', error: { message: 'No key', type: 'KeyError' } });
  say('job.failed', { error: { message: 'Phase P06 failed' } });
  say('job.started', { attempt: 2, labels: { team: 'data', retry: 'yes' } });
  for (let n = 6; n < PHASES; n++) passes(n);
  for (let n = 0; n < 40; n++) say('resource.sampled', { cpu_percent: n, disk_read_mb_s: n / 3 });
  say('job.completed');
  return events;
}
