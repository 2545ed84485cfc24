/** The events in bodies of these sizes, in their order. */
export function cutInto<T>(events: readonly T[], sizes: Iterable<number>): T[][] {
  const bodies: T[][] = [];
  let at = 0;
  for (const size of sizes) {
    if (at >= events.length) break;
    bodies.push(events.slice(at, at + size));
    at += size;
  }
  return bodies;
}
