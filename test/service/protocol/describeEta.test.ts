import assert from 'node:assert/strict';
import { jobDescription, phaseDescription, usually } from '../../../service/protocol/describe.ts';
import {
  expectedEnd,
  shortTimeLeft,
  timeLeftWords,
  timesUsualWords,
} from '../../../service/protocol/describeEta.ts';
import { START, at, job, phase } from '../../src/wire/records.ts';

const now = START + 62_000;
const running = {
  started_at: at(0),
  eta_at: at(62 + 180),
  eta_low_at: at(62 + 120),
  eta_high_at: at(62 + 300),
};

describe('words for what is expected', () => {
  it('say on a row how long it takes still, between what, and how many times the usual it is', () => {
    const one = phase({
      job_id: 'a',
      phase_id: 'P',
      progress: 0.62,
      expected_ms: 38_750,
      ...running,
    });
    assert.equal(
      phaseDescription(one, now),
      '62 % · 1m 02s · about 3 min left (2 to 5) · 1.6x usual',
    );
    assert.equal(
      jobDescription(job({ job_id: 'a', progress: 0.62, ...running }), now),
      'running 62 % · 1m 02s · about 3 min left (2 to 5)',
    );
  });

  it('are in seconds below a minute and a half, and in hours from two on', () => {
    const left = (seconds: number) =>
      shortTimeLeft(job({ job_id: 'a', started_at: at(0), eta_at: at(62 + seconds) }), now);
    assert.deepEqual(
      [5, 89, 91, 7100, 9000].map(left),
      ['5 s', '89 s', '2 min', '118 min', '2.5 h'].map((time) => `about ${time} left`),
    );
  });

  it('say nothing of what has ended, is beyond its expected end, or has none', () => {
    const none = [
      job({ job_id: 'a', ...running, status: 'COMPLETED', ended_at: at(50) }),
      job({ job_id: 'a', ...running, eta_at: at(10) }),
      job({ job_id: 'a' }),
      job({ job_id: 'a', ...running, eta_at: 'never' }),
    ];
    for (const one of none) assert.equal(timeLeftWords(one, now), '');
    assert.deepEqual([expectedEnd(none[0]!), expectedEnd(none[2]!)], ['', '']);
  });

  it('call nothing slow that is not noticeably so, nor what is not known', () => {
    const words = (expected_ms: number | null) =>
      timesUsualWords(job({ job_id: 'a', expected_ms }), now);
    assert.deepEqual([null, 0, 62_000, 55_000, 31_000].map(words), ['', '', '', '', '2x usual']);
    const ended = { status: 'COMPLETED', ended_at: at(9) } as const;
    assert.equal(timesUsualWords(job({ job_id: 'a', ...ended, times_usual: 3 }), now), '3x usual');
  });

  it('say in tooltips what is usual, with its range, and where the expected end comes from', () => {
    const one = { expected_ms: 12_100, expected_low_ms: 10_400, expected_high_ms: 14_000 };
    assert.equal(
      usually(job({ job_id: 'a', ...one })),
      '12.1 s (10.4 s to 14.0 s in 8 of 10 runs)',
    );
    assert.equal(usually(job({ job_id: 'a' })), undefined);
    const words = expectedEnd(job({ job_id: 'a', ...running, eta_basis: 'both' }));
    assert.match(words, /, between .* and .* · from runs before and its progress$/);
  });
});
