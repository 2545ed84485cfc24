/** What follows from all phases of a run together: made anew when a record changed, and each second while it grows. */
import type { JobRecord, PhaseRecord } from '../../../service/protocol/record.ts';
import type { WorkerRecord } from '../../../service/protocol/domain.ts';
import { timesOfPhase } from '../../phaseTimes.ts';
import { type Gap, gapsOf } from './gaps.ts';

export interface RunFacts {
  gaps: readonly Gap[];
  /** Some phase declares what it depends on. */
  declares: boolean;
  /** When the first phase ended, epoch milliseconds; Infinity while none has. */
  firstEnd: number;
}

export interface Run {
  job: JobRecord;
  phases: readonly PhaseRecord[];
  byId: ReadonlyMap<string, PhaseRecord>;
  /** Epoch milliseconds: what 0 stands for, the end of what is drawn, and the present. */
  origin: number;
  until: number;
  now: number;
  running: boolean;
  worker: (id: string) => WorkerRecord | undefined;
}

/** Growing ends are looked at this often. */
const EVERY_MS = 1_000;

export class RunFactsCache {
  #key: readonly unknown[] = [];
  #facts: RunFacts | undefined;

  of(run: Run): RunFacts {
    const grows = run.running || run.job.status === 'STALE';
    const key = [run.phases, run.job, run.origin, grows ? Math.floor(run.now / EVERY_MS) : 0];
    if (this.#facts === undefined || key.some((part, index) => part !== this.#key[index])) {
      this.#key = key;
      this.#facts = factsOf(run);
    }
    return this.#facts;
  }
}

function factsOf(run: Run): RunFacts {
  const { phases, origin, until, now } = run;
  return {
    gaps: gapsOf({ ...run, run: { from: origin, to: until }, now }),
    declares: phases.some(({ depends_on }) => depends_on.length > 0),
    firstEnd: phases.reduce(
      (least, one) => Math.min(least, timesOfPhase(one).end ?? Infinity),
      Infinity,
    ),
  };
}
