/** One query that is asked again and again: its whole range, or what can have changed since it was asked last. Pure. */
import type { SeriesUpdate } from '../protocol/frame.ts';
import type { SeriesLine } from '../protocol/series.ts';
import { parseSeriesText } from '../series/query.ts';
import type { SeriesQuery, SeriesReader } from '../series/types.ts';

/** Steps before the current one that are asked again, one at least: senders collect points for some seconds. */
const OVERLAP_MS = 10_000;

export class LiveQuery {
  readonly text: string;
  /** Of the last answer that was told; null before. */
  #step: number | null = null;
  /** Begin of the first step that is asked again. */
  #tail = 0;
  /** Points the metric had when it was asked last, and begin of the step that was the current one when it got its last. */
  #points = -1;
  #movedAt = 0;
  /** What was told of the last steps: line -> begin of the step -> value. */
  #told = new Map<string, ReadonlyMap<number, number>>();

  constructor(text: string) {
    this.text = text;
  }

  /** False when the answer is the one that was told: no point came since the steps of the last one were over. */
  canHaveChanged(reader: SeriesReader, now: number): boolean {
    if (this.#step === null) return true;
    const { metric } = parseSeriesText(this.text, now);
    if (reader.changes(metric) !== this.#points) return true;
    return this.#tail <= this.#movedAt;
  }

  /** Throws what the store throws, such as METRIC_UNKNOWN. */
  async ask(reader: SeriesReader, range: 'whole' | 'tail', now: number): Promise<SeriesUpdate> {
    const query = parseSeriesText(this.text, now);
    this.#heard(reader.changes(query.metric), query);
    const asked = range === 'tail' && this.#step !== null ? this.#tailOf(query, this.#step) : query;
    const answer = await reader.query(asked);
    return { ...answer, from: new Date(query.from).toISOString(), query: this.text };
  }

  /** True when its steps are those of what was told. */
  fits({ step_ms }: SeriesUpdate): boolean {
    return this.#step === null || this.#step === step_ms;
  }

  /** Only the steps that are new or have another value than was told; null when there is none. */
  changes(answer: SeriesUpdate): SeriesUpdate | null {
    const series = answer.series.flatMap((line) => {
      const told = this.#told.get(keyOf(line));
      const points = line.points.filter(
        ([time, value]) => time >= this.#tail && told?.get(time) !== value,
      );
      return points.length === 0 ? [] : [{ ...line, points }];
    });
    return series.length === 0 ? null : { ...answer, series };
  }

  /** What has been told now. */
  remember({ series, step_ms, to }: SeriesUpdate): void {
    this.#step = step_ms;
    this.#tail = beginOf(Date.parse(to) - Math.max(step_ms, OVERLAP_MS), step_ms);
    this.#told = new Map(
      series.map((line) => [
        keyOf(line),
        new Map(line.points.filter(([time]) => time >= this.#tail)),
      ]),
    );
  }

  #heard(points: number, { to, step_ms }: SeriesQuery): void {
    if (points === this.#points) return;
    this.#points = points;
    this.#movedAt = beginOf(to, this.#step ?? step_ms);
  }

  #tailOf(query: SeriesQuery, step_ms: number): SeriesQuery {
    const from = Math.min(query.to, Math.max(query.from, this.#tail));
    return { ...query, from, step_ms };
  }
}

function beginOf(time: number, step_ms: number): number {
  return Math.floor(time / step_ms) * step_ms;
}

function keyOf({ labels }: SeriesLine): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
