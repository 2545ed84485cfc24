import assert from 'node:assert/strict';
import { extentIn, TimeWindow, type Whole } from '../../../../webview/elements/timeline/window.ts';
import type { App } from '../../../../webview/app.ts';
import { TimeRange } from '../../../../webview/timeRange.ts';
import { emptyFrame, job } from '../../../fixtures/frames.ts';
import { startSession } from '../../../support/line.ts';

const T0 = Date.parse('2026-01-01T12:00:00.000Z');
const MINUTE = 60_000;

/** A run of ten minutes until now, with some room behind it. */
const RUN: Whole = {
  origin: T0 - 10 * MINUTE,
  whole: { from: 0, to: 10.6 * MINUTE },
  until: 10 * MINUTE,
};

function page() {
  const { line, session } = startSession();
  const started_at = new Date(RUN.origin).toISOString();
  line.events.frame(emptyFrame({ jobs: [job({ job_id: 'a', started_at, ended_at: null })] }));
  const clock = { at: T0, now: () => clock.at };
  const time = new TimeRange(session, clock);
  const window = new TimeWindow(
    () => ({ time }) as App,
    () => RUN,
  );
  return { time, window, clock, drawn: () => extentIn(time, RUN) };
}

describe('the time that the timeline draws', () => {
  it('is all of the run, with its room, while the page shows the run or more than it', () => {
    const { time, window, drawn } = page();
    assert.equal(drawn().shown, RUN.whole);
    time.set({ kind: 'last', ms: 60 * MINUTE });
    assert.equal(drawn().shown, RUN.whole);
    assert.equal(window.zoomed, false);
  });

  it('is the part of the run that a chart was zoomed into', () => {
    const { time, window, drawn } = page();
    time.zoomTo({ from: T0 - 6 * MINUTE, to: T0 - 4 * MINUTE });
    assert.deepEqual(drawn().shown, { from: 4 * MINUTE, to: 6 * MINUTE });
    assert.equal(window.zoomed, true);
    time.back();
    assert.equal(drawn().shown, RUN.whole);
  });

  it('is the last minutes of a run while the page shows those, and stands still with a pause', () => {
    const { time, clock, drawn } = page();
    time.set({ kind: 'last', ms: 5 * MINUTE });
    assert.deepEqual(drawn().shown, { from: 5 * MINUTE, to: 10 * MINUTE });
    time.pause();
    clock.at += MINUTE;
    assert.deepEqual(drawn().shown, { from: 5 * MINUTE, to: 10 * MINUTE });
  });

  it('is told to be outside where nothing of the run is shown', () => {
    const { time, window, drawn } = page();
    for (const [from, to] of [
      [-60, -30],
      [20, 30],
    ] as const) {
      time.set({ kind: 'between', from: T0 + from * MINUTE, to: T0 + to * MINUTE });
      assert.deepEqual([drawn().outside, drawn().shown], [true, RUN.whole]);
      window.zoomBy(2);
      assert.equal(time.moving.kind, 'between', 'there is nothing to zoom into');
      assert.deepEqual(time.moving, time.range);
      window.reset();
      assert.deepEqual([drawn().outside, time.range], [false, { kind: 'run' }]);
    }
  });

  it('zooms and moves the range of the page, at once for itself and later for the charts', () => {
    const { time, window, drawn } = page();
    window.zoomBy(2, 2 * MINUTE);
    const half = { from: 1 * MINUTE, to: 6.3 * MINUTE };
    assert.deepEqual(drawn().shown, half);
    assert.deepEqual(time.range, { kind: 'run' });
    window.rest();
    assert.deepEqual(time.range, {
      kind: 'between',
      from: RUN.origin + half.from,
      to: RUN.origin + half.to,
    });
    window.panBy(-1);
    assert.deepEqual(drawn().shown, { from: 0, to: 5.3 * MINUTE });
    window.zoomBy(1 / 4);
    window.rest();
    assert.deepEqual(time.range, { kind: 'run' }, 'all of it is the run again');
    window.back();
    assert.equal(time.range.kind, 'between');
  });

  it('takes a frame at once, within the run', () => {
    const { time, window } = page();
    window.zoomTo({ from: 9 * MINUTE, to: 30 * MINUTE });
    const { origin, whole } = RUN;
    assert.deepEqual(time.range, {
      ...{ kind: 'between', from: origin + 9 * MINUTE, to: origin + whole.to },
    });
    window.zoomTo({ from: -5, to: 30 * MINUTE });
    assert.deepEqual(time.range, { kind: 'run' });
  });

  it('does not zoom out of all of the run: the page may show more', () => {
    const { time, window } = page();
    time.set({ kind: 'last', ms: 60 * MINUTE });
    window.zoomBy(1 / 2);
    window.panBy(0.5);
    window.rest();
    assert.deepEqual(time.range, { kind: 'last', ms: 60 * MINUTE });
  });
});
