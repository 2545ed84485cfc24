/** The row that a key moves to in a list of `total`; undefined for any other key. `page` is how many are on the screen. */
export function rowAfter(
  key: string,
  { active, total, page }: { active: number; total: number; page: number },
): number | undefined {
  const to: Record<string, number> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: total - 1,
  };
  const next = to[key];
  return next === undefined || total === 0 ? undefined : Math.max(0, Math.min(total - 1, next));
}
