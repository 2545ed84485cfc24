/** The latest `limit` items by time and id: which stay does not depend on the order in which they arrive. */

export interface Timed {
  time: number;
  id: string;
}

/** Inserts in order of time. `repeated`: it is there already; `dropped`: the list is full of newer ones, or an older one had to go. */
export function insertLatest<T extends Timed>(
  list: T[],
  item: T,
  limit: number,
): 'kept' | 'repeated' | 'dropped' {
  let at = list.length;
  while (at > 0) {
    const before = list[at - 1];
    if (before === undefined || before.time < item.time) break;
    if (before.time === item.time) {
      if (before.id === item.id) return 'repeated';
      if (before.id < item.id) break;
    }
    at--;
  }
  if (at === 0 && list.length >= limit) return 'dropped';
  list.splice(at, 0, item);
  if (list.length <= limit) return 'kept';
  list.shift();
  return 'dropped';
}
