/** One query that is asked again and again: its whole range, or what can have changed since it was asked last. Pure. */
import type { SeriesUpdate } from '../protocol/frame.ts';
import type { SeriesLine } from '../protocol/series.ts';
import type { SeriesQuery, SeriesReader } from '../series/types.ts';
import { parseSeriesTopic } from './seriesTopic.ts';

export class LiveQuery {
  readonly text: string;
  /** Begin of the step that was the current one when it was asked last. */
  #current = -Infinity;
  /** What was told of the last steps: line -> begin of the step -> value. */
  #told = new Map<string, ReadonlyMap<number, number>>();

  constructor(text: string) {
    this.text = text;
  }

  /** Throws what the store throws, such as METRIC_UNKNOWN. */
  async ask(reader: SeriesReader, range: 'whole' | 'tail', now: number): Promise<SeriesUpdate> {
    const query = parseSeriesTopic(this.text, now);
    const from = range === 'whole' ? query.from : Math.max(query.from, this.#tailFrom(query));
    const answer = await reader.query({ ...query, from: Math.min(from, query.to) });
    return { ...answer, from: new Date(query.from).toISOString(), query: this.text };
  }

  /** Only the steps that are new or have another value than was told; null when there is none. */
  changes(answer: SeriesUpdate): SeriesUpdate | null {
    const first = this.#current - answer.step_ms;
    const series = answer.series.flatMap((line) => {
      const told = this.#told.get(keyOf(line));
      const points = line.points.filter(
        ([time, value]) => time >= first && told?.get(time) !== value,
      );
      return points.length === 0 ? [] : [{ ...line, points }];
    });
    return series.length === 0 ? null : { ...answer, series };
  }

  /** What has been told now. */
  remember({ series, step_ms, to }: SeriesUpdate): void {
    this.#current = Math.floor(Date.parse(to) / step_ms) * step_ms;
    const first = this.#current - step_ms;
    this.#told = new Map(
      series.map((line) => [keyOf(line), new Map(line.points.filter(([time]) => time >= first))]),
    );
  }

  /** One step more than is told: what a step of a counter is worth follows from the one before. */
  #tailFrom({ step_ms }: SeriesQuery): number {
    return this.#current - 2 * step_ms;
  }
}

function keyOf({ labels }: SeriesLine): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
