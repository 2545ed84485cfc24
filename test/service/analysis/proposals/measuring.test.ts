import assert from 'node:assert/strict';
import { measured } from '../../../../service/analysis/proposals/measuring.ts';
import { RateMeter } from '../../../../service/analysis/proposals/throughput.ts';
import { stepOf } from '../../../../service/analysis/proposals/tuner.ts';
import type { TunerInput } from '../../../../service/analysis/proposals/tunerInput.ts';
import { OPTIMIZER_DEFAULTS } from '../../../../service/protocol/optimizer.ts';
import { IDLE } from './pipeline.ts';
import { T0, appliedAt, windowAt } from './support.ts';

/** So many seconds after the change, with `rate` a second since then. */
function after(
  seconds: number,
  rate: number,
  {
    state = appliedAt(T0),
    ...changes
  }: Partial<TunerInput> & { state?: ReturnType<typeof appliedAt> } = {},
) {
  const meter = new RateMeter();
  for (let second = 0; second <= seconds; second++) {
    const at = T0 + second * 1000;
    meter.add(at, at, second * rate * (1 + ((second % 5) - 2) / 500));
  }
  const input: TunerInput = {
    now: T0 + seconds * 1000,
    settings: OPTIMIZER_DEFAULTS,
    job: { job_id: 'run-1', ended: false, phases: ['P1'], phases_since: T0 - 600_000 },
    listening_since: T0 - 600_000,
    parameters: [],
    optimizations: [state],
    rates: { samples: (_, from) => meter.since(from), best: () => null },
    situation: IDLE,
    ...changes,
  };
  return { ...measured(input, state), input };
}

describe('the effect of a change that was applied', () => {
  it('is said as soon as a window is full, and not before', () => {
    const early = after(10, 150);
    assert.equal(early.measurement, null);
    assert.match(early.sentence, /^The effect is measured: \d+ of 8 samples\.$/);
    const { measurement } = after(20, 150);
    assert.equal(measurement?.verdict, 'kept');
    assert.match(
      measurement?.reason ?? '',
      /^It made the work faster: 100\/s before, 15\d\/s after/,
    );
    assert.ok(Math.abs((measurement?.gain ?? 0) - 0.5) < 0.05);
    assert.equal(after(20, 60).measurement?.verdict, 'worse');
  });

  it('leaves out what came before it was settled: 3 s after the answer', () => {
    const { measurement } = after(20, 150);
    assert.ok((measurement?.after?.from ?? 0) >= T0 + 3000);
  });

  it('counts by the service: a pipeline whose clock is an hour off is measured all the same', () => {
    for (const said of [T0 + 3_600_000, T0 - 3_600_000]) {
      const state = appliedAt(T0, { said });
      const found = after(20, 150, { state });
      assert.equal(found.measurement?.verdict, 'kept', String(said));
      const done = { type: 'optimization.measured', id: 'm', time: T0 + 20_000 } as const;
      const over = { ...done, optimization_id: 'o-1', verdict: 'kept', reason: '' } as const;
      const { status } = stepOf({ ...found.input, optimizations: [{ ...state, measured: over }] });
      assert.match(status.sentence, /next in 30 s/);
    }
  });

  it('is not known, and says why, where nobody can tell', () => {
    const job = { job_id: 'run-1', ended: false, phases: ['P2'], phases_since: T0 + 1000 };
    const other = appliedAt(T0 + 5000, { id: 'o-2', parameter: 'batch' });
    const lastly = appliedAt(T0);
    const unknown = appliedAt(T0);
    delete unknown.proposed?.proposal.before;
    for (const [found, why] of [
      [after(20, 150, { job }), /Other phases run now/],
      [after(20, 150, { job: { ...job, ended: true } }), /The job ended/],
      [after(20, 150, { state: unknown }), /could not be measured before/],
      [after(20, 150, { state: lastly, optimizations: [lastly, other] }), /Another change/],
      [after(64, 0, { rates: { samples: () => [], best: () => null } }), /0 of 8 samples/],
    ] as const) {
      assert.equal(found.measurement?.verdict, 'unmeasured');
      assert.match(found.measurement?.reason ?? '', why);
    }
  });

  it('waits four windows for samples that do not come, no longer', () => {
    const rates = { samples: () => [], best: () => null };
    assert.equal(after(60, 0, { rates }).measurement, null);
    assert.equal(after(64, 0, { rates }).measurement?.verdict, 'unmeasured');
  });

  it('takes no comfort from work that had stood still before', () => {
    const state = appliedAt(T0, { before: windowAt(T0 - 15_000, 0) });
    assert.equal(after(20, 150, { state }).measurement?.gain, 1);
    assert.equal(after(20, 0, { state }).measurement?.gain, 0);
  });
});
