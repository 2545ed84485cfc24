/** Ids of what people make and do not name themselves, out of the name that is shown. */
const LONGEST = 64;

/** `Slow nightly runs!` -> `slow-nightly-runs`, and `-2`... where that is taken. */
export function keyFor(
  name: unknown,
  { usual, isTaken }: { usual: string; isTaken: (key: string) => boolean },
): string {
  const text = typeof name === 'string' ? name : '';
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LONGEST - 6);
  const key = plain === '' ? usual : plain;
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? key : `${key}-${number}`;
    if (!isTaken(candidate)) return candidate;
  }
}

/** The fields of an object; null for everything else. */
export function fieldsOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
