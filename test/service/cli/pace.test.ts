import assert from 'node:assert/strict';
import { LONGEST_PAUSE_MS, Pace } from '../../../service/cli/pace.ts';

const T0 = Date.UTC(2026, 0, 5);

function paced(times: (number | null)[], speed = 1) {
  const pace = new Pace(speed);
  return times.map((time) => pace.due(time === null ? null : T0 + time));
}

const at = (times: (number | null)[], speed?: number) => paced(times, speed).map((due) => due.at);

describe('The pace of a replay', () => {
  it('is that of the recording, or so many times as fast', () => {
    assert.deepEqual(at([0, 1000, null, 3000]), [0, 1000, 1000, 3000]);
    assert.deepEqual(at([0, 1000, null, 3000], 4), [0, 250, 250, 750]);
  });

  it('waits for no event that comes out of order, and not twice for those after it', () => {
    assert.deepEqual(at([0, 10_000, 100, 10_100]), [0, 10_000, 10_000, 10_100]);
  });

  it('cuts long pauses, and says how long they were', () => {
    const [, cut, next] = paced([0, 3_600_000, 3_601_000], 2);
    assert.deepEqual(cut, { at: LONGEST_PAUSE_MS, cut_ms: 1_800_000 });
    assert.deepEqual(next, { at: LONGEST_PAUSE_MS + 500, cut_ms: null });
  });

  it('goes on in its time after an event of years ahead', () => {
    const ahead = Date.UTC(2030, 0, 1) - T0;
    const cut = LONGEST_PAUSE_MS;
    assert.deepEqual(at([0, 1000, ahead, 2000, 5000]), [
      0,
      1000,
      1000 + cut,
      1000 + cut,
      4000 + cut,
    ]);
  });
});
