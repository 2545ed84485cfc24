/** These fields of a record. */
export function fieldsOf<T extends object, K extends keyof T>(of: T, keys: readonly K[]) {
  return Object.fromEntries(keys.map((key) => [key, of[key]]));
}
