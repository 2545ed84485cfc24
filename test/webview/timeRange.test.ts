import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobRecord } from '../../service/protocol/record.ts';
import { parseSeriesText } from '../../service/series/query.ts';
import { Crosshair, LAST, TimeRange } from '../../webview/timeRange.ts';
import { emptyFrame, job, phase } from '../fixtures/frames.ts';
import { startSession } from '../support/line.ts';

const T0 = Date.parse('2026-01-01T12:00:00.000Z');
const iso = (ms: number): string => new Date(ms).toISOString();
const MINUTE = 60_000;

/** A page at `clock.at`, with a run that began a while before. */
function page(run: Partial<JobRecord> | null = {}, began: number = T0 - 2 * MINUTE) {
  const { line, session, store } = startSession();
  if (run !== null) {
    const one = job({ job_id: 'a', started_at: iso(began), ended_at: null, ...run });
    line.events.frame(emptyFrame({ jobs: [one] }));
  }
  const clock = { at: T0, now: () => clock.at };
  return { clock, line, session, store, time: new TimeRange(session, clock) };
}

describe('the range of time that the page shows', () => {
  it('is the shown run at first, and grows with it', () => {
    const { time, clock } = page();
    assert.deepEqual(time.span(), { from: T0 - 2 * MINUTE, to: T0 });
    assert.equal(time.live, true);
    clock.at += 5_000;
    assert.equal(time.span().to, T0 + 5_000);
  });

  it('stands still at the end of a run that ended', () => {
    const { time, clock } = page({ status: 'COMPLETED', ended_at: iso(T0 - MINUTE) });
    assert.equal(time.live, false);
    clock.at += MINUTE;
    assert.deepEqual(time.span(), { from: T0 - 2 * MINUTE, to: T0 - MINUTE });
    assert.equal(time.query(), `from=${T0 - 2 * MINUTE}&to=${T0 - MINUTE}`);
  });

  it('is the last quarter of an hour while there is no run, or it has not begun', () => {
    for (const { time, clock } of [page(null), page({ status: 'PENDING', started_at: null })]) {
      assert.deepEqual(time.span(), { from: T0 - 15 * MINUTE, to: T0 });
      const query = time.query();
      clock.at += 7_000;
      assert.equal(time.query(), query, 'another question with each rendering');
      assert.equal(query, `range=${15 * MINUTE}`);
    }
  });

  it('asks the same question while a run goes on, one that the service takes from its first moment', () => {
    for (const began of [T0, T0 - 1, T0 - 999, T0 - 12_345, T0 - 90 * MINUTE]) {
      const { time, clock } = page({}, began);
      const query = time.query();
      const { from } = parseSeriesText(`metric=m&${query}`, T0);
      assert.ok(from <= began && from > began - 30_000, `${began - from} ms before the run`);
      clock.at += 3_000;
      assert.equal(time.query(), query);
    }
  });

  it('offers lengths that the service answers', () => {
    const { time } = page();
    for (const ms of LAST) {
      time.set({ kind: 'last', ms });
      assert.deepEqual(time.span(), { from: T0 - ms, to: T0 });
      parseSeriesText(`metric=m&${time.query()}`, T0);
    }
    assert.deepEqual([LAST[0], LAST.at(-1)], [5 * MINUTE, 30 * 24 * 60 * MINUTE]);
  });

  it('stops with a pause, and goes on with the clock after it', () => {
    const { time, clock } = page();
    time.set({ kind: 'last', ms: 5 * MINUTE });
    time.pause();
    clock.at += MINUTE;
    assert.deepEqual([time.live, time.paused, time.span().to], [false, true, T0]);
    assert.equal(time.query(), `from=${T0 - 5 * MINUTE}&to=${T0}`);
    time.resume();
    assert.deepEqual([time.live, time.span().to], [true, T0 + MINUTE]);
  });

  it('zooms into a part and goes back, step by step', () => {
    const { time } = page();
    time.zoomTo({ from: T0 - MINUTE, to: T0 - 30_000 });
    time.zoomTo({ from: T0 - 50_000, to: T0 - 40_000 });
    assert.deepEqual(time.span(), { from: T0 - 50_000, to: T0 - 40_000 });
    assert.equal(time.live, false);
    time.back();
    assert.deepEqual(time.span(), { from: T0 - MINUTE, to: T0 - 30_000 });
    time.back();
    assert.deepEqual([time.range, time.canGoBack], [{ kind: 'run' }, false]);
    time.back();
    assert.deepEqual(time.range, { kind: 'run' });
  });

  it('takes a click for no part', () => {
    const { time } = page();
    time.zoomTo({ from: T0, to: T0 + 9 });
    assert.deepEqual([time.range, time.canGoBack], [{ kind: 'run' }, false]);
  });

  it('asks for the second around a part that is too short to be asked for', () => {
    const { time } = page();
    time.zoomTo({ from: T0 - 5_010, to: T0 - 5_000 });
    assert.deepEqual(time.span(), { from: T0 - 5_010, to: T0 - 5_000 });
    assert.equal(time.query(), `from=${T0 - 5_505}&to=${T0 - 4_505}`);
    parseSeriesText(`metric=m&${time.query()}`, T0);
  });

  it('goes back from a part to the run where it remembers no step, as after a reload', () => {
    const { time, line } = page();
    time.zoomTo({ from: T0 - MINUTE, to: T0 - 30_000 });
    const again = new TimeRange(startSession(line.saved).session, { now: () => T0 });
    assert.equal(again.canGoBack, true);
    again.back();
    assert.deepEqual([again.range, again.canGoBack], [{ kind: 'run' }, false]);
  });

  it('moves for those who draw each step, and for all when it has stood still for a quarter of a second', async () => {
    const { time, session } = page();
    let steps = 0;
    let told = 0;
    session.store.subscribe(['view'], () => told++);
    const stop = time.follow(() => steps++);
    for (const to of [40_000, 30_000, 20_000]) {
      time.move({ kind: 'between', from: T0 - MINUTE, to: T0 - to });
      await sleep(100);
    }
    assert.deepEqual([steps, told, time.range], [3, 0, { kind: 'run' }]);
    assert.equal(time.span(time.moving).to, T0 - 20_000);
    await sleep(300);
    assert.deepEqual([steps, told, time.span().to], [3, 1, T0 - 20_000]);
    time.back();
    assert.deepEqual(time.range, { kind: 'run' }, 'all steps are one');
    stop();
    time.move({ kind: 'last', ms: MINUTE });
    time.rest();
    assert.deepEqual([steps, time.range], [3, { kind: 'last', ms: MINUTE }]);
  });

  it('leaves what is still moved with a step back, and with another choice', async () => {
    const { time } = page();
    time.set({ kind: 'last', ms: 5 * MINUTE });
    time.move({ kind: 'last', ms: MINUTE });
    time.back();
    assert.deepEqual([time.range, time.moving], Array(2).fill({ kind: 'last', ms: 5 * MINUTE }));
    time.move({ kind: 'last', ms: MINUTE });
    time.showRun();
    await sleep(300);
    assert.deepEqual([time.range, time.moving], [{ kind: 'run' }, { kind: 'run' }]);
  });

  it('goes on with the whole run after a pause', () => {
    const { time, clock } = page();
    time.pause();
    clock.at += MINUTE;
    time.showRun();
    assert.deepEqual([time.paused, time.live, time.span().to], [false, true, T0 + MINUTE]);
  });

  it('remembers fifty steps and no more', () => {
    const { time } = page();
    for (let n = 1; n <= 80; n++) time.set({ kind: 'last', ms: n * MINUTE });
    let steps = 0;
    for (; time.canGoBack; steps++) time.back();
    assert.deepEqual([steps, time.range], [50, { kind: 'last', ms: 30 * MINUTE }]);
  });

  it('outlives a reload', () => {
    const { time, line } = page();
    time.set({ kind: 'last', ms: 5 * MINUTE });
    time.pause();
    const again = startSession(line.saved);
    const restored = new TimeRange(again.session, { now: () => T0 + MINUTE });
    assert.deepEqual(restored.span(), { from: T0 - 5 * MINUTE, to: T0 });
  });

  it('counts phases that began before their job says it did', () => {
    const { time, line, store } = page();
    assert.equal(store.detail?.jobId, 'a');
    const early = phase({ job_id: 'a', phase_id: 'P', started_at: iso(T0 - 3 * MINUTE) });
    line.events.frame(emptyFrame({ phases: [early] }));
    assert.equal(time.span().from, T0 - 3 * MINUTE);
  });
});

describe('the moment that all charts mark', () => {
  it('is told when it changes, to those who listen', () => {
    const crosshair = new Crosshair();
    const heard: (number | null)[] = [];
    const stop = crosshair.subscribe((time) => heard.push(time));
    crosshair.set(1);
    crosshair.set(1);
    crosshair.set(null);
    stop();
    crosshair.set(2);
    assert.deepEqual([heard, crosshair.time], [[1, null], 2]);
  });
});
