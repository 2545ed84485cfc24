import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Findings } from '../../../service/analysis/findings.ts';
import { Judge } from '../../../service/alerts/judge.ts';
import { Lane } from '../../../service/alerts/lanes.ts';
import { parseRule } from '../../../service/alerts/ruleBook.ts';
import { boundOf, sideOf } from '../../../service/alerts/rules/bound.ts';
import { Model } from '../../../service/core/fold.ts';
import { newTouched } from '../../../service/core/touched.ts';
import type { Event } from '../../../service/protocol/event.ts';
import type { Rule } from '../../../service/protocol/rule.ts';
import { SeriesStore } from '../../../service/series/store.ts';

const T0 = Date.parse('2026-03-01T10:00:00Z');
const ROOMS = ['a', 'b'];

/** Points, alerts and time before a judge. One that is `thorough` judges every rule at every look. */
class Court {
  readonly said: Event[] = [];
  readonly #model = new Model();
  readonly #stored: Event[] = [];
  readonly #series: SeriesStore;
  readonly #judge: Judge;
  readonly #thorough: boolean;
  #now = T0;
  #seq = 0;

  constructor(rules: readonly Rule[], thorough: boolean) {
    this.#thorough = thorough;
    this.#series = new SeriesStore({
      ...{ max_series: 100, max_per_metric: 100, system_hours: 24, series_days: 30 },
      clock: () => this.#now,
    });
    const passed = (from: number, to: number) => Math.max(0, to - from);
    this.#judge = new Judge({
      findings: new Findings(),
      ...{ model: this.#model, series: this.#series, passed, ran: passed },
      rules: { rules, version: 1, definition: () => undefined },
      now: () => this.#now,
      reopen_ms: () => 20_000,
      warn: (sentence) => assert.fail(sentence),
      listeningSince: () => T0,
    });
  }

  point(metric: string, room: string, value: number): void {
    const point = { metric, kind: 'gauge', unit: 'percent', time: this.#now, value } as const;
    this.#series.append({ ...point, labels: { room } });
    this.#look();
  }

  wait(ms: number): void {
    this.hear();
    for (let waited = 0; waited < ms; waited += 1000) {
      this.#now += 1000;
      this.#look((judge) => judge.tick(this.#now));
    }
  }

  /** A person ends what is active. */
  resolve(): void {
    for (const { alert_id, resolved } of [...this.#model.alerts.values()])
      if (!resolved)
        this.#fold({
          ...{ type: 'alert.resolved', id: `by-hand-${this.#seq}`, time: this.#now },
          ...{ alert_id, by: 'Ada' },
        });
  }

  #look(how = (judge: Judge) => judge.judge(newTouched(), this.#now)): void {
    if (this.#thorough) this.#judge.forget(['nothing']);
    for (const event of how(this.#judge)) {
      this.said.push(event);
      this.#stored.push(event);
    }
  }

  /** What was said comes back through the journal, which takes its time. */
  hear(): void {
    for (const event of this.#stored.splice(0)) this.#fold(event);
    this.#look();
  }

  #fold(event: Event): void {
    const touched = newTouched();
    this.#model.apply({ seq: ++this.#seq, received_at: this.#now, event }, touched);
    this.#judge.note(touched.alerts);
  }
}

const bound = fc.integer({ min: -3, max: 3 }).map((n) => n * 10);
const common = fc.record({
  for_ms: fc.constantFrom(0, 0, 3000),
  recovery: fc.constant(null),
});
const direction = fc.constantFrom('above', 'below');
const threshold = fc
  .record({
    metric: fc.constantFrom('m', 'n'),
    group_by: fc.constantFrom<string[]>([], ['room']),
    aggregation: fc.constantFrom('avg', 'max', 'last', 'count', 'sum', 'rate', 'p95'),
    range_ms: fc.constantFrom(10_000, 30_000),
    direction,
    value: bound,
  })
  .map((params) => ({ kind: 'threshold', params }));
const change = fc
  .record({
    metric: fc.constant('m'),
    group_by: fc.constant(['room']),
    aggregation: fc.constantFrom('avg', 'sum'),
    range_ms: fc.constant(10_000),
    direction: fc.constantFrom('up', 'down', 'any'),
    change: fc.constantFrom(10, 50),
    unit: fc.constantFrom('percent', 'value'),
  })
  .map((params) => ({ kind: 'rate_of_change', params }));
const rules = fc
  .array(fc.tuple(fc.oneof(threshold, threshold, change), common), { minLength: 1, maxLength: 8 })
  .map((all) =>
    all.map(([kind, more], i) => parseRule({ rule_id: `r${i}`, name: `r${i}`, ...kind, ...more })),
  );
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom('m', 'n'), fc.constantFrom(...ROOMS), fc.integer({ min: -4, max: 4 }))
      .map(
        ([metric, room, value]) =>
          (court: Court) =>
            court.point(metric, room, value * 10),
      ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(1000, 4000, 25_000).map((ms) => (court: Court) => court.wait(ms)),
  },
  { weight: 3, arbitrary: fc.constant((court: Court) => court.hear()) },
  { weight: 1, arbitrary: fc.constant((court: Court) => court.resolve()) },
);

describe('rules that look at the same number', () => {
  it('say what they would say if each of them were judged at every look', () => {
    let said = 0;
    fc.assert(
      fc.property(rules, fc.array(step, { minLength: 10, maxLength: 60 }), (all, steps) => {
        const [quick, thorough] = [new Court(all, false), new Court(all, true)];
        for (const one of steps) {
          one(quick);
          one(thorough);
          assert.deepEqual(quick.said, thorough.said);
        }
        said += quick.said.length;
      }),
      { numRuns: 200 },
    );
    assert.ok(said > 200, `Only ${said} events were said.`);
  });

  it('are judged where a bound lies in between, and only there', () => {
    const number = fc.integer({ min: -40, max: 40 });
    const at = fc.record({ direction, value: number });
    fc.assert(
      fc.property(fc.array(at, { minLength: 1, maxLength: 10 }), number, number, (all, a, b) => {
        const lane = new Lane(
          all.map((params, i) =>
            parseRule({
              ...{ rule_id: `r${i}`, name: 'r', kind: 'threshold' },
              params: {
                ...{ metric: 'm', group_by: [], aggregation: 'avg', range_ms: 60_000 },
                ...params,
              },
            }),
          ),
        );
        const found = new Set(lane.between(a, b).map(({ rule_id }) => rule_id));
        const { low, high } = lane.calmAround(a);
        for (const [i, { direction: way, value }] of all.entries()) {
          const own = boundOf({ direction: way, threshold: value }, null);
          const changes = sideOf(a, own) !== sideOf(b, own);
          assert.ok(!changes || found.has(`r${i}`), 'a rule was left out');
          assert.ok(!changes || !(b > low && b < high), 'it was no calm');
        }
      }),
    );
  });
});
