/**
 * What the judge adds to the ingest: 1,000 rules over 10,000 subjects, fold and series with and without it, in one
 * process and without disk or network, which makes its share look larger than it is.
 *   node --expose-gc --import tsx bench/judge.ts
 */
import { Judge } from '../service/alerts/judge.ts';
import { RuleBook, parseRule } from '../service/alerts/ruleBook.ts';
import { loadConfig } from '../service/config.ts';
import { Model } from '../service/core/fold.ts';
import { newTouched } from '../service/core/touched.ts';
import { Measures } from '../service/measures.ts';
import type { Entry, Event } from '../service/protocol/event.ts';
import { SeriesStore } from '../service/series/store.ts';

const RULES = 1000;
const METRICS = 100;
const LABELS = 100;
const EVENTS = 40_000;
/** Events that come between two looks of the judge, at 30,000 a second. */
const BATCH = 1500;
const ROUNDS = 2;

function rules() {
  return Array.from({ length: RULES }, (_, i) =>
    parseRule({
      ...{ rule_id: `r${i}`, kind: 'threshold', name: `r${i}` },
      params: {
        ...{ metric: `m${i % METRICS}`, group_by: ['host'], aggregation: 'avg', range_ms: 300_000 },
        ...{ direction: 'above', value: 1000 + i },
      },
    }),
  );
}

interface Result {
  us_per_event: number;
  heap_mb: number;
}

function run(judged: boolean): Result {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const model = new Model();
  let now = Date.now();
  const limits = { max_series: 20_000, max_per_metric: 1000, system_hours: 24, series_days: 30 };
  const series = new SeriesStore({ ...limits, clock: () => now });
  const measures = new Measures(model, series, 0);
  const config = loadConfig({ flags: { data_dir: '.' }, env: {} });
  const book = new RuleBook({ definitions: model.domain.definitions, config: () => config });
  const own = { rules: rules(), version: 1, definition: book.definition.bind(book) };
  const passed = (from: number, to: number) => to - from;
  const judge = judged
    ? new Judge({
        ...{ model, series, rules: own, passed, ran: passed },
        ...{ now: () => now, reopen_ms: () => 0, listeningSince: () => 0 },
      })
    : null;
  judge?.judge(newTouched(), now);
  const began = performance.now();
  let touched = newTouched();
  for (let i = 0; i < EVENTS; i++) {
    const name = `m${i % METRICS}`;
    const labels = { host: `h${Math.floor(i / METRICS) % LABELS}` };
    const event = { type: 'metric.recorded', id: `e${i}`, time: now, name, value: i % 100, labels };
    const entry: Entry = { seq: i + 1, received_at: now, event: event as Event };
    model.apply(entry, touched);
    measures.take(entry);
    if (i % BATCH !== 0) continue;
    now += 50;
    judge?.judge(touched, now);
    touched = newTouched();
  }
  const us_per_event = ((performance.now() - began) * 1000) / EVENTS;
  globalThis.gc?.();
  return { us_per_event, heap_mb: (process.memoryUsage().heapUsed - before) / 2 ** 20 };
}

const all = Array.from({ length: ROUNDS }, () => ({ without: run(false), with: run(true) }));
const best = (side: 'with' | 'without', of: keyof Result) =>
  Math.min(...all.map((round) => round[side][of]));
const added = best('with', 'us_per_event') - best('without', 'us_per_event');
process.stdout.write(
  `${JSON.stringify({
    ...{ rules: RULES, subjects: METRICS * LABELS },
    us_per_event_without: Number(best('without', 'us_per_event').toFixed(2)),
    us_per_event_added: Number(added.toFixed(2)),
    heap_mb_added: Number((best('with', 'heap_mb') - best('without', 'heap_mb')).toFixed(1)),
  })}\n`,
);
