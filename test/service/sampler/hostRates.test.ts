import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CpuTicks } from '../../../service/sampler/hostProc.ts';
import { CpuWindow, Rate } from '../../../service/sampler/hostRates.ts';

const MODES = ['user', 'system', 'iowait', 'steal', 'idle'] as const;

function ticks(values: Partial<Record<(typeof MODES)[number], number>>): CpuTicks {
  const all = { user: 0, system: 0, iowait: 0, steal: 0, idle: 0, ...values };
  return { ...all, total: MODES.reduce((sum, mode) => sum + all[mode], 0) };
}

describe('CPU shares', () => {
  it('are of the time between two looks that are far enough apart', () => {
    const window = new CpuWindow();
    assert.equal(window.add(ticks({ idle: 1000 })), null);
    const shares = window.add(ticks({ idle: 1100, user: 50, system: 20, iowait: 20, steal: 10 }));
    assert.deepEqual(shares, { busy: 40, user: 25, system: 10, iowait: 10, steal: 5 });
  });

  it('reach back over looks of few ticks until there are a hundred, and no further', () => {
    const window = new CpuWindow();
    // 2 cores at 100 ms: 20 ticks a look. Idle first, then one core busy.
    for (let look = 0; look < 20; look++) window.add(ticks({ idle: look * 20 }));
    const busy = Array.from({ length: 6 }, (_, n) => {
      const at = n + 1;
      return window.add(ticks({ idle: 380 + at * 10, user: at * 10 }))?.busy;
    });
    assert.deepEqual(busy, [10, 20, 30, 40, 50, 50]);
  });

  it('are null while the counters stand still', () => {
    const window = new CpuWindow();
    window.add(ticks({ idle: 5 }));
    assert.equal(window.add(ticks({ idle: 5 })), null);
  });

  it('stay within 0 and 100, and busy is user, system and steal', () => {
    const step = fc.record(
      Object.fromEntries(MODES.map((mode) => [mode, fc.nat({ max: 200 })])) as Record<
        (typeof MODES)[number],
        fc.Arbitrary<number>
      >,
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 60 }), (steps) => {
        const window = new CpuWindow();
        const sum = ticks({});
        for (const one of steps) {
          for (const mode of MODES) sum[mode] += one[mode];
          const shares = window.add(ticks({ ...sum }));
          if (shares === null) continue;
          for (const share of Object.values(shares)) assert.ok(share >= 0 && share <= 100);
          const parts = shares.user + shares.system + shares.steal;
          assert.ok(Math.abs(shares.busy - parts) < 1e-6, `${shares.busy} is not ${parts}`);
        }
      }),
    );
  });

  it('never fall below nothing when a counter goes backwards, as iowait may', () => {
    const window = new CpuWindow();
    window.add(ticks({ idle: 1000, iowait: 50 }));
    const shares = window.add(ticks({ idle: 1200, iowait: 40 }));
    assert.deepEqual([shares?.iowait, shares?.busy], [0, 0]);
  });
});

describe('rates', () => {
  it('are growth a second; unknown at first and after a counter began anew', () => {
    const rate = new Rate();
    assert.equal(rate.add(100, 0), null);
    assert.equal(rate.add(150, 500), 100);
    assert.equal(rate.add(150, 1500), 0);
    assert.equal(rate.add(20, 2500), null);
    assert.equal(rate.add(30, 2500), null);
    assert.equal(rate.add(40, 3500), 10);
  });
});
