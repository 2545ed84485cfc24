/** The topics `control:<job_id>` of one client: what the pipelines of these jobs are asked, whole, each time that it changes. */
import type { Control } from '../control.ts';
import type { ServiceFrame } from '../protocol/frame.ts';

type ControlFrame = Extract<ServiceFrame, { type: 'control' }>;

export class ControlFeed {
  readonly #control: Control;
  readonly #send: (frame: ControlFrame) => void;
  /** By job: ends the listening. */
  readonly #jobs = new Map<string, () => void>();

  constructor(control: Control, send: (frame: ControlFrame) => void) {
    this.#control = control;
    this.#send = send;
  }

  /** From now on of these jobs, and of no others; those that are new are told at once. */
  keep(jobs: ReadonlySet<string>): void {
    for (const [job_id, stop] of this.#jobs) {
      if (jobs.has(job_id)) continue;
      stop();
      this.#jobs.delete(job_id);
    }
    for (const job_id of jobs) if (!this.#jobs.has(job_id)) this.#add(job_id);
  }

  close(): void {
    this.keep(new Set());
  }

  #add(job_id: string): void {
    const tell = () => this.#tell(job_id);
    this.#jobs.set(job_id, this.#control.listen({ job_id }, tell));
    tell();
  }

  #tell(job_id: string): void {
    this.#send({ type: 'control', job_id, ...this.#control.pending({ job_id }) });
  }
}
