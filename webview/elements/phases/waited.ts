import type { App } from '../../app.ts';
import { timesOfPhase } from '../../phaseTimes.ts';
import { type WaitContext, waitsOf } from '../../phaseWaits.ts';
import { originOf } from '../../runSpan.ts';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import { isEnded } from '../../../service/protocol/states.ts';
import type { Around } from './columns.ts';

/** What all phases of the shown job have in common, read once for as long as no record changes. */
export class WaitedCache {
  #key: readonly unknown[] = [];
  #context: Omit<WaitContext, 'now'> | undefined;

  around(app: App): Around {
    const now = app.clock.now();
    const context = this.#contextOf(app);
    return {
      now,
      waited: (phase) => {
        const ready = context && waitsOf(phase, { ...context, now }).ready;
        return ready ? ready.span.to - ready.span.from : null;
      },
    };
  }

  #contextOf({ store }: App): Omit<WaitContext, 'now'> | undefined {
    const { job, detail } = store;
    if (job === undefined || detail === null) return undefined;
    const all = detail.orderedPhases();
    const key = [all, job.status, job.started_at];
    if (this.#context === undefined || key.some((part, at) => part !== this.#key[at])) {
      const begin = originOf(job, all);
      this.#key = key;
      this.#context =
        begin === null
          ? undefined
          : {
              ...common(all),
              begin,
              phases: detail.phases,
              running: !isEnded(job.status) && job.status !== 'STALE',
            };
    }
    return this.#context;
  }
}

function common(phases: readonly PhaseRecord[]): Pick<WaitContext, 'declares' | 'firstEnd'> {
  let firstEnd = Infinity;
  for (const phase of phases) firstEnd = Math.min(firstEnd, timesOfPhase(phase).end ?? Infinity);
  return { firstEnd, declares: phases.some(({ depends_on }) => depends_on.length > 0) };
}
