import { SeriesFiles, type SeriesFilesOptions } from '../../../service/storage/seriesFiles.ts';
import type { SeriesStore } from '../../../service/series/store.ts';
import { DAY, HOUR, LIMITS, MINUTE, TestClock, ask } from '../series/support.ts';

export class Opened {
  readonly warnings: string[] = [];
  files!: SeriesFiles;

  constructor(
    readonly dataDir: string,
    readonly clock = new TestClock(),
    readonly options: Partial<SeriesFilesOptions> = {},
  ) {}

  async open(): Promise<this> {
    this.files = await SeriesFiles.open(this.dataDir, {
      ...LIMITS,
      clock: this.clock.read,
      warn: (sentence) => this.warnings.push(sentence),
      ...this.options,
    });
    return this;
  }

  get store(): SeriesStore {
    return this.files.store;
  }

  save(seq: number): Promise<void> {
    return this.files.write(this.files.collect(), seq);
  }
}

/** All that a store says of all its series in every tier, to compare two stores. */
export async function contentOf(store: SeriesStore, now: number): Promise<Record<string, unknown>> {
  const content: Record<string, unknown> = {};
  for (const { metric } of store.metrics()) {
    for (const [back, step] of [
      [HOUR, 10_000],
      [20 * HOUR, MINUTE],
      [80 * DAY, HOUR],
      [700 * DAY, DAY],
    ] as const) {
      // In pieces, since an answer has at most 2,000 points.
      for (let to = now; to > now - back; to -= 1500 * step) {
        const from = Math.max(now - back, to - 1500 * step + 1);
        for (const aggregation of ['count', 'sum', 'max', 'last', 'p50', 'p95'] as const) {
          const answer = await ask(store, { metric, from, to, step, aggregation });
          for (const { labels, points } of answer.series) {
            if (points.length === 0) continue;
            content[`${metric} ${JSON.stringify(labels)} ${step} ${to} ${aggregation}`] =
              points.map(([time, value]) => [time, Number(value.toPrecision(9))]);
          }
        }
      }
    }
  }
  return content;
}
