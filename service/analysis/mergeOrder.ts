/** Two lists of names in one order that keeps to both as far as they agree. The same whichever comes first. */
export function mergeOrder(a: readonly string[], b: readonly string[]): string[] {
  const places = { a: placesOf(a), b: placesOf(b) };
  const merged = new Set<string>();
  let [i, j] = [0, 0];
  for (;;) {
    i = firstLeft(a, i, merged);
    j = firstLeft(b, j, merged);
    const [mine, theirs] = [a[i], b[j]];
    const next = mine === undefined ? theirs : nextOf(mine, theirs ?? mine, places);
    if (next === undefined) return [...merged];
    merged.add(next);
  }
}

type Places = ReadonlyMap<string, number>;

function placesOf(names: readonly string[]): Places {
  return new Map(names.map((name, index) => [name, index]));
}

function firstLeft(names: readonly string[], from: number, merged: ReadonlySet<string>): number {
  let at = from;
  while (at < names.length && merged.has(names[at] ?? '')) at++;
  return at;
}

/** What is in one list only comes first, by name; of two that the lists have the other way round, the one further ahead. */
function nextOf(mine: string, theirs: string, { a, b }: { a: Places; b: Places }): string {
  const mineOnly = !b.has(mine);
  const theirsOnly = !a.has(theirs);
  if (mineOnly !== theirsOnly) return mineOnly ? mine : theirs;
  const place = (name: string) => (mineOnly ? 0 : (a.get(name) ?? 0) + (b.get(name) ?? 0));
  const ahead = place(mine) - place(theirs);
  return ahead < 0 || (ahead === 0 && mine <= theirs) ? mine : theirs;
}
