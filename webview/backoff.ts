/** How long to wait before the n-th try (from 0) to connect again: 0.5 s doubling to 10 s, spread by up to a half. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(10_000, 500 * 2 ** Math.min(attempt, 16));
  return full * (0.5 + random() / 2);
}
