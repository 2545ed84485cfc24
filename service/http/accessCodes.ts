/**
 * Codes by which the dashboard's page gets its access token. The address that a browser is started with stands in the list
 * of processes, which every user of the machine can read; a code in it is dead after one use, and soon in any case.
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A browser that is not running yet takes its time. */
export const CODE_LIFE_MS = 60_000;
/** Codes that live at once: a new one takes the place of the oldest. */
const MOST_CODES = 16;

/** What was asked for with the code. */
export interface Grant {
  /** The user (uid) that has asked for it; undefined where the system does not say. */
  owner: number | undefined;
  /** The job to show. */
  jobId: string | null;
}

interface Entry extends Grant {
  digest: Buffer;
  until: number;
}

export class AccessCodes {
  readonly #elapsed: () => number;
  #entries: Entry[] = [];

  /** `elapsed`: milliseconds, monotonic. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** A new code of 256 bits: letters, digits, `-` and `_`. */
  make(grant: Grant): string {
    const code = randomBytes(32).toString('base64url');
    const entry = { ...grant, digest: digestOf(code), until: this.#elapsed() + CODE_LIFE_MS };
    this.#entries = [...this.#alive(), entry].slice(-MOST_CODES);
    return code;
  }

  /** True for a code that can still be used. */
  has(code: string): boolean {
    return this.#find(code) !== undefined;
  }

  /** Uses a code up. Undefined, and nothing is used up, where it is none or where another user has asked for it. */
  take(code: string, owner: number | undefined): Grant | undefined {
    const entry = this.#find(code);
    if (entry?.owner !== owner) return undefined;
    this.#entries = this.#entries.filter((one) => one !== entry);
    return entry;
  }

  #find(code: string): Entry | undefined {
    const digest = digestOf(code);
    // All are compared: time says nothing about which one was close.
    const matching = this.#alive().filter((entry) => timingSafeEqual(entry.digest, digest));
    return matching[0];
  }

  #alive(): Entry[] {
    const now = this.#elapsed();
    return this.#entries.filter(({ until }) => now < until);
  }
}

function digestOf(code: string): Buffer {
  return hash('sha256', code, 'buffer');
}
