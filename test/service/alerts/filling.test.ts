import assert from 'node:assert/strict';
import { parseRule } from '../../../service/alerts/ruleBook.ts';
import { WindowSubject } from '../../../service/alerts/window.ts';
import { Windows } from '../../../service/alerts/windows.ts';
import type { SeriesStore } from '../../../service/series/store.ts';
import { eventually } from '../../support/service.ts';
import { useTempDir } from '../../support/tempDir.ts';
import { HOUR, MINUTE, SECOND, TestClock, makeStore } from '../series/support.ts';
import { Opened } from '../storage/seriesSupport.ts';

const METRICS = [
  { metric: 'level', kind: 'gauge' },
  { metric: 'bytes', kind: 'counter' },
  { metric: 'wait', kind: 'histogram' },
] as const;

const RULES = METRICS.map(({ metric }) =>
  parseRule({
    ...{ rule_id: metric, name: metric, kind: 'threshold' },
    params: {
      ...{ metric, labels: {}, group_by: ['site'], aggregation: 'p95' },
      ...{ range_ms: 3 * HOUR, direction: 'above', value: 5 },
    },
  }),
);

function feed(stores: readonly SeriesStore[], from: number, to: number): void {
  for (const store of stores)
    for (const { metric, kind } of METRICS)
      for (const place of ['a', 'b'])
        for (let time = from; time < to; time += 7 * SECOND) {
          const value = kind === 'counter' ? time / SECOND : (time / SECOND) % 101;
          store.append({
            metric,
            kind,
            labels: { site: 's', place },
            time,
            value,
          });
        }
}

describe('windows of long ranges after a restart', () => {
  const dataDir = useTempDir('filling');

  it('know from disk what a service that never stopped knows, and count nothing twice', async () => {
    const clock = new TestClock();
    let opened = await new Opened(dataDir(), clock).open();
    const whole = makeStore(clock);
    for (let seq = 1; seq <= 12; seq++) {
      const from = clock.now;
      clock.now += 30 * MINUTE;
      feed([whole, opened.store], from, clock.now);
      await opened.save(seq);
    }
    await opened.files.close();
    const listeningSince = (clock.now += 2 * MINUTE);
    opened = await new Opened(dataDir(), clock).open();
    const now = () => clock.now;
    const both = [whole, opened.store].map((store) => {
      const windows = new Windows({ store, now, warn: (sentence) => assert.fail(sentence) });
      store.follow((series, time, value) => windows.onPoint(series, time, value));
      windows.configure(RULES);
      return windows;
    });
    const told = (windows: Windows) =>
      [...windows.all()].map((window) => {
        const subject = new WindowSubject(window, {
          ...{ now: clock.now, listeningSince, baseline: () => null },
        });
        const [metric = ''] = window.watched.spec.metrics;
        const stretch = subject.now(metric);
        const { count } = stretch;
        // How much a level grew says nothing, and depends on who adds it up.
        const increase = metric === 'bytes' ? stretch.increase : null;
        const values = (['avg', 'max', 'p95'] as const).map((one) => stretch.value(one));
        return { covered: subject.covered, known: { metric, count, increase, values } };
      });
    const [never, again] = both;
    assert.ok(never && again);
    assert.ok(told(again).every(({ covered }) => !covered));
    // While it reads, points go on coming, and are written to disk.
    const begin = clock.now;
    clock.now += MINUTE;
    feed([whole, opened.store], begin, clock.now);
    await opened.save(13);
    const isRead = () => told(again).every(({ covered }) => covered);
    await eventually(isRead, 'the reading');
    const expected = told(never).map(({ known }) => known);
    assert.ok(expected.every(({ count }) => count > 2000));
    assert.deepEqual(
      told(again).map(({ known }) => known),
      expected,
    );
    await Promise.all(both.map((windows) => windows.close()));
    await opened.files.close();
  });
});
