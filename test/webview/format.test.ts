import assert from 'node:assert/strict';
import { fileName } from '../../webview/saveExport.ts';
import { backoffMs } from '../../webview/backoff.ts';
import {
  clockTime,
  freeValue,
  items,
  jobMs,
  memoryRange,
  offset,
  percentRange,
  phaseMs,
  timeLeft,
} from '../../webview/format.ts';
import { exactTime } from '../../service/protocol/describe.ts';
import { accessIn } from '../../webview/token.ts';
import { job, phase } from '../fixtures/frames.ts';

describe('words and numbers of the dashboard', () => {
  it('says how much time is left, roughly', () => {
    const eta = (ms: number): string => timeLeft(new Date(1_000_000 + ms).toISOString(), 1_000_000);
    assert.deepEqual(
      [eta(12_000), eta(130_000), eta(8_100_000)],
      ['~15 s left', '~2 min left', '~2h 15m left'],
    );
    assert.deepEqual([eta(-1), timeLeft(null, 0)], ['', '']);
  });

  it('says of a time as much of the date as is needed', () => {
    const now = new Date(2026, 10, 22, 12).getTime();
    const said = (...at: [number, number, number]): string =>
      clockTime(new Date(...at, 9, 5).getTime(), now, 'en-GB');
    assert.deepEqual(
      [said(2026, 10, 22), said(2026, 10, 21), said(2025, 11, 31)],
      ['09:05', '21 Nov, 09:05', '31 Dec 2025, 09:05'],
    );
    assert.deepEqual([clockTime('', now), exactTime('')], ['-', '-']);
  });

  it('shows what is not known as a dash, never as 0', () => {
    assert.deepEqual([percentRange(null), memoryRange(null), items(null, null)], ['-', '-', '-']);
    assert.deepEqual(
      [items(null, 200), items(50, 200), items(50, 50)],
      ['- of 200', '50 of 200', '50'],
    );
  });

  it('names the start of an axis 0 s', () => {
    assert.deepEqual([offset(0), offset(500), offset(90_000)], ['0 s', '500 ms', '1m 30s']);
  });

  it('counts on while a phase runs, and trusts the service when it ended', () => {
    const started_at = new Date(1000).toISOString();
    assert.equal(phaseMs(phase({ phase_id: 'a', status: 'RUNNING', started_at }), 4000), 3000);
    assert.equal(
      phaseMs(phase({ phase_id: 'a', status: 'FAILED', started_at, execution_time_ms: 7 }), 4000),
      7,
    );
    assert.equal(phaseMs(phase({ phase_id: 'a', status: 'CANCELLED', started_at }), 4000), null);
  });

  it('counts a silent job only until it was last heard of', () => {
    const silent = job({
      job_id: 'a',
      status: 'STALE',
      last_seen_at: new Date(5000).toISOString(),
    });
    assert.equal(jobMs(silent, 60_000), 5000);
  });

  it('keeps a foreign value to one line', () => {
    assert.equal(freeValue({ a: 1 }), '{"a":1}');
    assert.equal(freeValue('x'.repeat(500)).length, 120);
  });

  it('makes a file name of any job id', () => {
    assert.equal(fileName('../a b/<c>', 'csv'), '.._a_b_c_.csv');
  });

  it('reads a token or a code out of the fragment only', () => {
    const none = { token: null, code: null };
    assert.deepEqual(accessIn('#token=abc'), { token: 'abc', code: null });
    assert.deepEqual(accessIn('#code=a-b_c'), { token: null, code: 'a-b_c' });
    for (const fragment of ['', '#', '#token=', '#code=', '#job=x'])
      assert.deepEqual(accessIn(fragment), none, fragment);
  });

  it('waits longer with every try, up to 10 s, never in step with others', () => {
    assert.deepEqual(
      [0, 1, 2, 9].map((n) => backoffMs(n, () => 1)),
      [500, 1000, 2000, 10_000],
    );
    assert.equal(
      backoffMs(0, () => 0),
      250,
    );
  });
});
