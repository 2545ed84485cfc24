import assert from 'node:assert/strict';
import type { PhaseRecord } from '../../service/protocol/record.ts';
import { type WaitContext, waitsOf } from '../../webview/phaseWaits.ts';
import { phase } from '../fixtures/frames.ts';

const iso = (second: number): string => new Date(second * 1000).toISOString();
const done = (id: string, from: number, to: number, depends_on: string[] = []): PhaseRecord =>
  phase({
    ...{ phase_id: id, status: 'COMPLETED', depends_on },
    ...{ started_at: iso(from), ended_at: iso(to) },
  });
const pending = (id: string, depends_on: string[] = []): PhaseRecord =>
  phase({ phase_id: id, status: 'PENDING', depends_on });

function waits(phases: PhaseRecord[], id: string, part: Partial<WaitContext> = {}) {
  const map = new Map(phases.map((one) => [one.phase_id, one]));
  const { blocked, ready } = waitsOf(map.get(id)!, {
    ...{ phases: map, begin: 0, firstEnd: 10_000, now: 100_000, running: true, declares: true },
    ...part,
  });
  const span = (one: { span: { from: number; to: number } } | null): unknown =>
    one && [one.span.from / 1000, one.span.to / 1000];
  return { blocked: span(blocked), by: blocked?.by, ready: span(ready), after: ready?.after };
}

describe('the wait of a phase', () => {
  const [a, b] = [done('A', 0, 10), done('B', 0, 22)];

  it('is for the last dependency alone, and then for its own start', () => {
    assert.deepEqual(waits([a, b, done('C', 26, 30, ['A', 'B'])], 'C'), {
      ...{ blocked: [10, 22], by: ['B'], ready: [22, 26], after: 'B' },
    });
  });

  it('goes on while a dependency has not ended', () => {
    const running = phase({ phase_id: 'B', status: 'RUNNING', started_at: iso(0) });
    const found = waits([a, running, pending('C', ['A', 'B'])], 'C');
    assert.deepEqual([found.blocked, found.by, found.ready], [[10, 100], ['B'], null]);
  });

  it('goes on while nobody starts it', () => {
    const found = waits([a, pending('C', ['A'])], 'C');
    assert.deepEqual([found.blocked, found.ready, found.after], [null, [10, 100], 'A']);
  });

  it('ends with a run that does not run any more', () => {
    const found = waits([a, pending('C', ['A'])], 'C', { running: false });
    assert.deepEqual([found.blocked, found.ready], [null, null]);
  });

  it('counts from the begin of the job for those that come first', () => {
    assert.deepEqual(waits([done('A', 4, 10)], 'A').ready, [0, 4]);
    assert.equal(waits([a, done('D', 40, 50)], 'D').ready, null);
    assert.equal(waits([done('A', 4, 10)], 'A', { declares: false }).ready, null);
  });

  it('is none where a dependency was skipped, is not known, or ended late by its clock', () => {
    const skipped = phase({ phase_id: 'S', status: 'SKIPPED' });
    const found = waits([a, skipped, done('C', 10, 30, ['A', 'S', 'X'])], 'C');
    assert.deepEqual([found.blocked, found.ready], [null, null]);
    assert.equal(waits([b, done('C', 5, 30, ['B'])], 'C').ready, null);
  });
});
