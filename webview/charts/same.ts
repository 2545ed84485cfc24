/** A number that no axis rounds away, to hold two ways of saying a value against each other. */
const PROBE = 1234.567;

/** Whether two charts say the same, so that nothing needs to be drawn again. Functions are the same when they answer the same. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (isWording(a) && isWording(b)) return a(PROBE) === b(PROBE);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && sameArray(a, b);
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => key in right && same(left[key], right[key]))
  );
}

/** All functions of a chart take a number. */
function isWording(value: unknown): value is (value: number) => unknown {
  return typeof value === 'function';
}

/** From the end: what is new is there. */
function sameArray(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = a.length - 1; index >= 0; index--) if (!same(a[index], b[index])) return false;
  return true;
}
