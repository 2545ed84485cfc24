import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { WorkerRecord } from '../../../../service/protocol/domain.ts';
import type { JobRecord, PhaseRecord } from '../../../../service/protocol/record.ts';
import { type Gap, gapsOf } from '../../../../webview/elements/timeline/gaps.ts';
import { job, phase } from '../../../fixtures/frames.ts';

const iso = (second: number): string => new Date(second * 1000).toISOString();
const done = (id: string, from: number, to: number, depends_on: string[] = []): PhaseRecord =>
  phase({
    ...{ phase_id: id, status: 'COMPLETED', depends_on, worker_id: 'w' },
    ...{ started_at: iso(from), ended_at: iso(to) },
  });

function gaps(
  phases: PhaseRecord[],
  options: { status?: JobRecord['status']; to?: number; now?: number; offline?: boolean } = {},
): Gap[] {
  const { status = 'RUNNING', to = 100, now = to, offline = false } = options;
  return gapsOf({
    ...{ job: job({ job_id: 'j', status }), phases, run: { from: 0, to: to * 1000 } },
    byId: new Map(phases.map((one) => [one.phase_id, one])),
    now: now * 1000,
    worker: () => (offline ? ({ state: 'OFFLINE' } as WorkerRecord) : undefined),
  });
}
const told = (all: Gap[]): unknown[] =>
  all.map(({ from, to, reason }) => [from / 1000, to / 1000, reason]);

describe('the gaps of a run', () => {
  it('are where nothing ran: before the first phase, between, and after the last', () => {
    const phases = [done('A', 2, 10), done('B', 5, 30), done('C', 34, 90, ['B'])];
    assert.deepEqual(told(gaps(phases, { status: 'COMPLETED' })), [
      [0, 2, { kind: 'before_first', next: 'A' }],
      [30, 34, { kind: 'between', previous: 'B', next: 'C', ready: true }],
      [90, 100, { kind: 'after_last', previous: 'C' }],
    ]);
  });

  it('say what does not start, and what keeps it from starting', () => {
    const first = done('A', 0, 40);
    const waiting = phase({ phase_id: 'B', depends_on: ['A'] });
    assert.deepEqual(gaps([first, waiting])[0]?.reason, { kind: 'not_started', next: 'B' });
    const failed = { ...first, status: 'FAILED' } as const;
    assert.deepEqual(gaps([failed, waiting])[0]?.reason, { kind: 'blocked', next: 'B', by: 'A' });
    assert.deepEqual(gaps([first])[0]?.reason, { kind: 'idle' });
  });

  it('say that the worker is offline, or that nothing was heard any more', () => {
    const phases = [done('A', 0, 40)];
    assert.deepEqual(gaps(phases, { offline: true })[0]?.reason, { kind: 'offline', worker: 'w' });
    const silent = gaps(phases, { status: 'STALE', to: 40, now: 90 });
    assert.deepEqual(told(silent), [[40, 90, { kind: 'silent' }]]);
  });

  it('are none while something runs, nor between two events', () => {
    const running = phase({ phase_id: 'B', status: 'RUNNING', started_at: iso(10.04) });
    assert.deepEqual(gaps([done('A', 0, 10), running]), []);
  });

  it('never overlap a phase or each other, whatever the clocks say', () => {
    const times = fc.tuple(fc.integer({ min: -5, max: 40 }), fc.integer({ min: -5, max: 40 }));
    fc.assert(
      fc.property(fc.array(times, { maxLength: 12 }), (all) => {
        const phases = all.map(([from, to], n) => done(`P${n}`, from, to));
        const found = gaps(phases, { status: 'COMPLETED', to: 30 });
        let until = -Infinity;
        for (const { from, to } of found) {
          assert.ok(from >= until && to > from);
          until = to;
          for (const [start, end] of all)
            assert.ok(Math.max(start, end) * 1000 <= from || start * 1000 >= to);
        }
      }),
    );
  });
});
