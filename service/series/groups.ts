/** Series by their labels: those that match, and those that become one. */
import type { LabelSet, Series } from './series.ts';

export function matches(series: Series, labels: LabelSet): boolean {
  return Object.entries(labels).every(([name, value]) => series.labels[name] === value);
}

interface Group {
  labels: LabelSet;
  series: Series[];
}

/** Series that agree in the labels, in the order of their labels. */
export function groupBy(series: readonly Series[], names: readonly string[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const one of series) {
    const labels = names.length === 0 ? one.labels : picked(one.labels, names);
    const key = JSON.stringify(labels);
    const group = groups.get(key);
    if (group) group.series.push(one);
    else groups.set(key, { labels, series: [one] });
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function picked(labels: LabelSet, names: readonly string[]): LabelSet {
  return Object.fromEntries(
    // Of its own only: a label may be named as what every object has.
    names.flatMap((name) => (Object.hasOwn(labels, name) ? [[name, labels[name] ?? '']] : [])),
  );
}
