/**
 * The control side: what pipelines are asked to change, and have not answered yet. Read by long poll and WebSocket; both
 * see only what is asked of the job, or of the action, that they name.
 */
import type { Model } from './core/fold.ts';
import { type OptimizationState, stateOf } from './core/domain/optimization.ts';
import type { Touched } from './core/touched.ts';
import { timeText } from './core/view.ts';
import { ProductError } from './protocol/errors.ts';
import type { ControlAnswer, ControlRequest } from './protocol/optimization.ts';

/** Whose requests: those of a job, or those of an action that belongs to no job. */
export type ControlSubject = { job_id: string } | { action: string };

export interface ControlOptions {
  model: Model;
  /** Epoch milliseconds. */
  now: () => number;
  seq: () => number;
}

/** Each holds a connection. */
export const MAX_WAITING = 128;

export class Control {
  readonly #options: ControlOptions;
  readonly #listeners = new Map<string, Set<() => void>>();
  #waiting = 0;
  /** Ends what waits. */
  readonly #closed = new AbortController();

  constructor(options: ControlOptions) {
    this.#options = options;
  }

  /** What is asked and not answered, of what was said after the entry `after`; oldest first. */
  pending(subject: ControlSubject, after = 0): ControlAnswer {
    const { model, now, seq } = this.#options;
    const newest = seq();
    // A service that began anew counts from 1 again.
    const since = after > newest ? 0 : after;
    const at = now();
    const asked = [...model.domain.optimizations.rows.values()].filter(
      (state) => isAsked(state, at) && state.seq > since && isAbout(state, subject),
    );
    asked.sort((a, b) => a.seq - b.seq);
    return { requests: asked.map(controlRequest), seq: newest };
  }

  /** The same, but waits up to `wait_ms` for the first one. Throws OVERLOADED where too many wait. */
  async wait(
    subject: ControlSubject,
    { after, wait_ms, signal }: { after: number; wait_ms: number; signal: AbortSignal },
  ): Promise<ControlAnswer> {
    const found = this.pending(subject, after);
    if (found.requests.length > 0 || wait_ms === 0 || this.#closed.signal.aborted) return found;
    if (this.#waiting >= MAX_WAITING) throw new ProductError('OVERLOADED', { retryAfter: 5 });
    this.#waiting++;
    try {
      await this.#next(subject, AbortSignal.any([signal, this.#closed.signal]), {
        wait_ms,
        isThere: () => this.pending(subject, after).requests.length > 0,
      });
    } finally {
      this.#waiting--;
    }
    return this.pending(subject, after);
  }

  /** Calls back when something of the subject changed, until the returned function is called. */
  listen(subject: ControlSubject, listener: () => void): () => void {
    const key = keyOf(subject);
    const held = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, held.add(listener));
    return () => {
      held.delete(listener);
      if (held.size === 0 && this.#listeners.get(key) === held) this.#listeners.delete(key);
    };
  }

  /** To be called after each change of the records. */
  changed({ optimizations }: Touched): void {
    const keys = new Set<string>();
    for (const id of optimizations) {
      const state = this.#options.model.domain.optimizations.get(id);
      const subject = state && subjectOf(state);
      if (subject) keys.add(keyOf(subject));
    }
    for (const key of keys) for (const listener of this.#listeners.get(key) ?? []) listener();
  }

  /** Answers all that wait. */
  close(): void {
    this.#closed.abort();
    this.#listeners.clear();
  }

  #next(
    subject: ControlSubject,
    signal: AbortSignal,
    { wait_ms, isThere }: { wait_ms: number; isThere: () => boolean },
  ): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        stop();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, wait_ms);
      const stop = this.listen(subject, () => {
        if (isThere()) done();
      });
      if (signal.aborted) done();
      else signal.addEventListener('abort', done);
    });
  }
}

function keyOf(subject: ControlSubject): string {
  return 'job_id' in subject ? `job ${subject.job_id}` : `action ${subject.action}`;
}

/** Null for one that only a pipeline told of. */
function subjectOf({ proposed }: OptimizationState): ControlSubject | null {
  const { job_id, action } = proposed?.proposal ?? {};
  if (job_id !== undefined) return { job_id };
  return action === undefined ? null : { action };
}

function isAbout(state: OptimizationState, subject: ControlSubject): boolean {
  const of = subjectOf(state);
  return of !== null && keyOf(of) === keyOf(subject);
}

function isAsked(state: OptimizationState, now: number): boolean {
  return stateOf(state) === 'sent' && (state.decided?.answer_by ?? Infinity) > now;
}

/** No more than a pipeline needs: it may be read with the token that can only send. */
function controlRequest({ optimization_id, proposed, decided }: OptimizationState): ControlRequest {
  const of = proposed?.proposal;
  const answer_by = decided?.answer_by;
  return {
    optimization_id,
    job_id: of?.job_id ?? null,
    parameter: of?.parameter ?? null,
    value: of?.to ?? null,
    action: of?.action ?? null,
    params: of?.params ?? null,
    rollback: of?.rollback_of !== undefined,
    answer_by: answer_by === undefined ? null : timeText(answer_by),
  };
}
