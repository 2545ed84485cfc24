/** Puts a record in the place of an older one of the same id; false when the one there is newer. */
export function newer<R extends { seq: number }>(
  records: Map<string, R>,
  id: string,
  record: R,
): boolean {
  const known = records.get(id);
  if (known && known.seq > record.seq) return false;
  records.set(id, record);
  return true;
}
