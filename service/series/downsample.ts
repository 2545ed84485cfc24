/** A line with fewer points that looks the same. */

export type Sample = [time: number, value: number];

/** First, lowest, highest and last. */
const PER_COLUMN = 4;

/**
 * At most `most` of the samples, which are in the order of time: of each of `most` / 4 equal stretches of time the
 * first, the lowest, the highest and the last. So every peak stays, and a chart with a pixel a stretch is drawn the
 * same as with all samples (Jugel, Jerzak, Hackenbroich, Markl: "M4: A Visualization-Oriented Time Series Data
 * Aggregation", PVLDB 7(10), 2014).
 */
export function downsample(samples: readonly Sample[], most: number): Sample[] {
  const begin = samples[0]?.[0] ?? 0;
  const end = samples.at(-1)?.[0] ?? 0;
  if (samples.length <= most) return [...samples];
  const columns = Math.floor(most / PER_COLUMN);
  const width = (end - begin) / columns;
  const kept: Sample[] = [];
  let from = 0;
  for (let column = 0; column < columns; column++) {
    const edge = column === columns - 1 ? Infinity : begin + (column + 1) * width;
    let to = from;
    while (to < samples.length && (samples[to]?.[0] ?? Infinity) < edge) to++;
    kept.push(...extremes(samples, from, to));
    from = to;
  }
  return kept;
}

/** First, lowest, highest and last of a stretch, each once, in the order of time. */
function extremes(samples: readonly Sample[], from: number, to: number): Sample[] {
  if (from >= to) return [];
  let low = from;
  let high = from;
  for (let i = from + 1; i < to; i++) {
    const value = samples[i]?.[1] ?? 0;
    if (value < (samples[low]?.[1] ?? 0)) low = i;
    if (value > (samples[high]?.[1] ?? 0)) high = i;
  }
  const places = [...new Set([from, low, high, to - 1])].sort((a, b) => a - b);
  return places.flatMap((place) => {
    const sample = samples[place];
    return sample === undefined ? [] : [sample];
  });
}
