/** When a notification that failed is tried again. Pure. */

export interface Failure {
  /** A sentence for people, with nothing secret in it. */
  message: string;
  /** True where another try would end the same way. */
  permanent: boolean;
  /** The other side asked to be left alone for so long. */
  retryAfterMs?: number;
}

export type Attempt = { ok: true } | { ok: false; error: string; next_at?: number };

export interface Failed {
  /** Epoch milliseconds. */
  now: number;
  triedSince: number;
  /** The try that failed: 1, 2... */
  attempt: number;
  retryMs: number;
  failure: Failure;
  /** 0 to 1. */
  random: () => number;
}

const FIRST_MS = 2000;
/** Even a channel that fails for hours is tried so often: it is told soon after it works again. */
const LONGEST_MS = 15 * 60_000;
const LEAST_MS = 1000;

/**
 * Exponential backoff with full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/): any time
 * from 1 s to 2 s, 4 s, 8 s... 15 min. Given up, without `next_at`, when the time for tries is over.
 */
export function afterFailure(failed: Failed): { error: string; next_at?: number } {
  const { now, triedSince, attempt, retryMs, failure, random } = failed;
  if (failure.permanent) return { error: failure.message };
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 20));
  const wait = Math.max(LEAST_MS, random() * longest, failure.retryAfterMs ?? 0);
  const next_at = Math.floor(now + wait);
  if (next_at <= triedSince + retryMs) return { error: failure.message, next_at };
  const tries = attempt === 1 ? '1 try' : `${attempt} tries`;
  return { error: `${failure.message} It was given up after ${tries}.` };
}
