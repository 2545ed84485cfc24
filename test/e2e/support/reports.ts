/** Events of small jobs, as a pipeline would send them. */

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

/** A job with three phases: the first passed, the second runs, the third waits; with samples of CPU and memory. */
export function runningJob(job_id: string, name: string): object[] {
  const phases = [
    { phase_id: 'P00', name: 'Import', depends_on: [] },
    { phase_id: 'P01', name: 'Transform', depends_on: ['P00'] },
    { phase_id: 'P02', name: 'Load', depends_on: ['P01'] },
  ];
  const of = { job_id };
  const samples = [50, 40, 30, 20, 10].map((seconds) => ({
    type: 'resource.sampled',
    ...of,
    time: ago(seconds),
    cpu_percent: seconds,
    memory_mb: 100 + seconds,
  }));
  return [
    { type: 'job.started', ...of, name, phases, time: ago(60) },
    { type: 'phase.started', ...of, phase_id: 'P00', time: ago(60) },
    { type: 'phase.completed', ...of, phase_id: 'P00', time: ago(40), items_done: 800 },
    {
      type: 'subphase.recorded',
      ...of,
      phase_id: 'P00',
      name: 'Download',
      started_at: ago(58),
      duration_ms: 6000,
    },
    { type: 'phase.started', ...of, phase_id: 'P01', time: ago(40) },
    { type: 'phase.progress', ...of, phase_id: 'P01', progress: 0.5 },
    { type: 'job.progress', ...of, progress: 0.41 },
    ...samples,
  ];
}

/** A job that failed in its only phase, in a file that is in no workspace. */
export function failedJob(job_id: string, name: string): object[] {
  const error = { message: 'No row has a price', type: 'ValueError' };
  const phase = { job_id, phase_id: 'P00' };
  return [
    {
      type: 'job.started',
      job_id,
      name,
      phases: [{ phase_id: 'P00', name: 'Check' }],
      time: ago(90),
    },
    { type: 'phase.started', ...phase, time: ago(90) },
    { type: 'phase.failed', ...phase, error, time: ago(80) },
    { type: 'job.failed', job_id, error, time: ago(80) },
  ];
}

export function progressEvent(job_id: string, progress: number): object {
  return { type: 'job.progress', job_id, progress };
}
