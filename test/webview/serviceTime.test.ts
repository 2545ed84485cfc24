import assert from 'node:assert/strict';
import { ServiceTime } from '../../webview/serviceTime.ts';
import { TimeRange } from '../../webview/timeRange.ts';
import { emptyFrame, job } from '../fixtures/frames.ts';
import { startSession, WELCOME } from '../support/line.ts';

const HOUR = 3_600_000;

describe('the time of the service on the page', () => {
  it('is that of the service, whichever way the clock of the page is wrong', () => {
    for (const wrong of [-HOUR, HOUR, -2_000, 2_000]) {
      const page = { now: 1_000_000_000 + wrong };
      const time = new ServiceTime(() => page.now);
      time.heard(1_000_000_000);
      assert.equal(time.now(), 1_000_000_000);
      page.now += 500;
      assert.equal(time.now(), 1_000_000_500);
    }
  });

  it('is the time of the page where the two differ by no more than the way of a word', () => {
    const time = new ServiceTime(() => 10_000);
    time.heard(8_001);
    assert.equal(time.now(), 10_000);
  });

  it('is heard anew with every welcome, and kept where an older service says none', () => {
    const { line, store } = startSession();
    line.events.frame({ ...WELCOME, now: Date.now() - HOUR });
    const behind = (): number => Math.round((Date.now() - store.time.now()) / 1000);
    assert.equal(behind(), 3_600);
    line.events.frame(WELCOME);
    assert.equal(behind(), 3_600);
    line.events.frame({ ...WELCOME, now: Date.now() });
    assert.equal(behind(), 0);
  });

  it('says since when the line is down, and what the last minutes are', () => {
    const { line, session, store } = startSession();
    const now = Date.now() - HOUR;
    line.events.frame({ ...WELCOME, now });
    line.events.frame(emptyFrame({ jobs: [job({ job_id: 'a' })] }));
    line.events.host({ type: 'connection', state: 'connected', since: Date.now() });
    line.events.host({ type: 'connection', state: 'disconnected', since: Date.now() });
    assert.ok(Math.abs(store.connection.since - now) < 1_000);
    const time = new TimeRange(session, store.time);
    time.set({ kind: 'last', ms: HOUR });
    assert.ok(Math.abs(time.span().to - now) < 1_000);
  });
});
