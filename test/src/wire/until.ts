import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `check` gives something true, and gives it back; fails after `limitMs` with what it waited for. */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  limitMs = 5000,
): Promise<Exclude<NonNullable<T>, false>> {
  const end = performance.now() + limitMs;
  for (;;) {
    const value = await check();
    if (value) return value as Exclude<NonNullable<T>, false>;
    if (performance.now() > end) throw new Error(`Waited ${limitMs} ms in vain: ${what}`);
    await sleep(10);
  }
}
