/**
 * Keeps the newest record of each id. An older one (by `seq`) never replaces a newer one, so frames may repeat and
 * overlap. Above `limit` the ids known longest are forgotten. Returns whether anything changed.
 */
export function upsert<T extends { seq: number }>(
  map: Map<string, T>,
  records: readonly T[],
  idOf: (record: T) => string,
  limit = Infinity,
): boolean {
  let changed = false;
  for (const record of records) {
    const id = idOf(record);
    const known = map.get(id);
    if (known !== undefined && known.seq > record.seq) continue;
    map.set(id, record);
    changed = true;
  }
  for (const id of map.keys()) {
    if (map.size <= limit) break;
    map.delete(id);
  }
  return changed;
}
