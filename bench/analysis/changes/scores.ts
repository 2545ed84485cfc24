/** The two scores of the Turing Change Point Dataset, by its definitions (van den Burg and Williams, 2020). */

/** Change points of each annotator, by name. */
export type Annotations = Readonly<Record<string, readonly number[]>>;

/** How far a found point may be from a true one. */
const MARGIN = 5;

/**
 * F1 with all annotators: precision against the points of any of them, recall as the mean over them, with the start of
 * the series a point of everybody, and no found point counted twice.
 */
export function f1(annotations: Annotations, found: readonly number[], margin = MARGIN): number {
  const each = Object.values(annotations).map((points) => unique([0, ...points]));
  const predicted = unique([0, ...found]);
  const precision = truePositives(unique(each.flat()), predicted, margin) / predicted.length;
  const recalls = each.map((points) => truePositives(points, predicted, margin) / points.length);
  const recall = mean(recalls);
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

function truePositives(truth: readonly number[], found: readonly number[], margin: number): number {
  const free = new Set(found);
  let count = 0;
  for (const point of truth) {
    const close = [...free].filter((one) => Math.abs(one - point) <= margin);
    close.sort((a, b) => Math.abs(a - point) - Math.abs(b - point) || a - b);
    if (close[0] === undefined) continue;
    free.delete(close[0]);
    count++;
  }
  return count;
}

/** How well the found segments cover those of the annotators (Arbelaez et al., 2010), the mean over the annotators. */
export function covering(
  annotations: Annotations,
  found: readonly number[],
  length: number,
): number {
  const ours = segments(found, length);
  return mean(
    Object.values(annotations).map((points) =>
      segments(points, length).reduce((sum, [from, to]) => {
        const best = Math.max(...ours.map((other) => overlap([from, to], other)));
        return sum + ((to - from) / length) * best;
      }, 0),
    ),
  );
}

type Segment = readonly [from: number, to: number];

function segments(points: readonly number[], length: number): Segment[] {
  const starts = unique([0, ...points.filter((point) => point > 0 && point < length)]);
  return starts.map((from, i) => [from, starts[i + 1] ?? length]);
}

/** Jaccard's index of two intervals. */
function overlap([a, b]: Segment, [c, d]: Segment): number {
  const common = Math.max(0, Math.min(b, d) - Math.max(a, c));
  return common / (b - a + (d - c) - common);
}

function unique(points: readonly number[]): number[] {
  return [...new Set(points)].sort((a, b) => a - b);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
