/** Runs of a pipeline as events: phase P06 of a given time, then P07 of five seconds. */
export interface RunAt {
  pipeline: string;
  number: number;
  /** Epoch milliseconds of its start. */
  begin: number;
  p06_ms: number;
  /** The last phase fails. */
  fails?: boolean;
}

const P07_MS = 5000;

export function pipelineRun({ pipeline, number, begin, p06_ms, fails }: RunAt): object[] {
  const job_id = `${pipeline}-${number}`;
  const at = (offset: number) => new Date(begin + offset).toISOString();
  const started = (phase_id: string, from: number) => ({
    ...{ type: 'phase.started', job_id, phase_id, time: at(from) },
  });
  const end = p06_ms + P07_MS;
  const error = { type: 'ValueError', message: 'no such column: price' };
  return [
    { type: 'job.started', job_id, pipeline, time: at(0) },
    started('P06', 0),
    { type: 'phase.completed', job_id, phase_id: 'P06', time: at(p06_ms) },
    started('P07', p06_ms),
    fails === true
      ? { type: 'phase.failed', job_id, phase_id: 'P07', error, time: at(end) }
      : { type: 'phase.completed', job_id, phase_id: 'P07', time: at(end) },
    fails === true
      ? { type: 'job.failed', job_id, error, time: at(end) }
      : { type: 'job.completed', job_id, time: at(end) },
  ];
}

/** A little noise that is the same in every run of the tests, -1 to 1. */
export function wobble(number: number): number {
  return (((number * 7919) % 13) - 6) / 6;
}
