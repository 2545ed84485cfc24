import assert from 'node:assert/strict';
import type { CriticalPathRecord } from '../../../../service/protocol/criticalPath.ts';
import { gainsOf, noGain } from '../../../../webview/elements/bottlenecks/speedUp.ts';

function record(gains: readonly (number | null)[], state: CriticalPathRecord['state'] = 'known') {
  return {
    ...{ job_id: 'j', state, length_ms: 60_000, method: 'declared' as const },
    ...{ path: [], path_ms: 0 },
    phases: gains.map((gain, i) => ({
      ...{ phase_id: `P${i}`, name: `P${i}`, took_ms: 10_000, on_path: true, slack_ms: 0 },
      ...{ gain_ms_if_halved: gain, gain_ms_if_free: gain },
    })),
  };
}

describe('what to speed up', () => {
  it('lists five phases at most that would shorten the run, the greatest gain first', () => {
    const found = gainsOf(record([100, 0, null, 700, 300, 200, 500, 400]));
    assert.deepEqual(
      found.map(({ phase_id }) => phase_id),
      ['P3', 'P6', 'P7', 'P4', 'P5'],
    );
  });

  it('is silent with the reason where nothing is to gain', () => {
    assert.match(noGain(record([], 'not_enough_data')), /has begun/);
    assert.match(noGain(record([0])), /No phase alone/);
  });
});
