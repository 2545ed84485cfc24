/** How long phases wait once they could begin: in line, or for somebody. */
import { normalQuantile } from './likely.ts';
import { PARAMETERS } from './parameters.ts';
import type { PastRuns, PhaseNow, RunNow } from './run.ts';
import { weightedMedian } from './usualTime.ts';

/** What was seen of it, in order of length, and what it has waited by now. Milliseconds. */
export interface Wait {
  seen: readonly number[];
  waited: number;
}

/** Waits below it do not differ. */
const LEAST_MS = 1000;

export class Waits {
  readonly #run: RunNow;
  readonly #past: PastRuns;
  readonly #needs: ReadonlyMap<string, readonly string[]>;
  readonly #phases: ReadonlyMap<string, PhaseNow>;
  readonly #pace: number;

  /** `needs`: what each phase waits for. */
  constructor(run: RunNow, past: PastRuns, needs: ReadonlyMap<string, readonly string[]>) {
    this.#run = run;
    this.#past = past;
    this.#needs = needs;
    this.#phases = new Map(run.phases.map((phase) => [phase.phase_id, phase]));
    this.#pace = this.#paceOf();
  }

  /** Null where nothing is known of it, or it has begun. */
  of(phase: PhaseNow): Wait | null {
    const usual = this.#seen(phase);
    if (phase.state !== 'open' || usual.length === 0) return null;
    const seen = usual.map((ms) => ms * Math.exp(this.#pace)).sort((a, b) => a - b);
    const ready = this.#readyAt(phase);
    return { seen, waited: ready === null ? 0 : Math.max(0, this.#run.now - ready) };
  }

  #seen({ phase_id }: PhaseNow): readonly number[] {
    return (this.#past.phases.get(phase_id)?.waits ?? []).slice(-PARAMETERS.newestWaits);
  }

  /** When all it waits for had ended; null where something has not. */
  #readyAt({ phase_id }: PhaseNow): number | null {
    let ready = this.#run.started_at;
    for (const id of this.#needs.get(phase_id) ?? []) {
      const other = this.#phases.get(id);
      if (other === undefined || other.state === 'gone') continue;
      if (other.ended_at === null) return null;
      ready = Math.max(ready, other.ended_at);
    }
    return ready;
  }

  /** How much longer this run waits than others, as a logarithm: a line that is full is full for all of its phases. */
  #paceOf(): number {
    const ratios = this.#run.phases.flatMap((phase) => {
      const [ready, seen] = [this.#readyAt(phase), this.#seen(phase)];
      if (ready === null || phase.started_at === null || seen.length === 0) return [];
      const usual = median(seen);
      const own = Math.max(0, phase.started_at - ready);
      return Math.max(own, usual) < LEAST_MS
        ? []
        : [Math.log((own + LEAST_MS) / (usual + LEAST_MS))];
    });
    if (ratios.length === 0) return 0;
    return (median(ratios) * ratios.length) / (ratios.length + PARAMETERS.paceInertia);
  }
}

/** The wait that is left, of those seen the one at that share; one that has lasted longer than all goes on for a while. */
export function waitLeft(wait: Wait | null, share: number): number {
  if (wait === null) return 0;
  const { seen, waited } = wait;
  const spread = Math.exp(PARAMETERS.priorSpread * normalQuantile(share));
  const longer = seen.filter((ms) => ms > waited);
  const from = longer.length > 0 ? longer : seen;
  const ms = (from[Math.min(from.length - 1, Math.floor(share * from.length))] ?? 0) * spread;
  return ms > waited ? ms - waited : waited * PARAMETERS.overdueWait * spread;
}

export function median(values: readonly number[]): number {
  return weightedMedian(
    values,
    values.map(() => 1),
  );
}
