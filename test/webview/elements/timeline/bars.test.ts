import assert from 'node:assert/strict';
import {
  barOf,
  type Context,
  extentOf,
  rowsOf,
} from '../../../../webview/elements/timeline/bars.ts';
import { DEFAULT_VIEW } from '../../../../webview/view.ts';
import { job, phase } from '../../../fixtures/frames.ts';

const iso = (second: number): string => new Date(second * 1000).toISOString();
const done = (
  id: string,
  from: number,
  to: number,
  depends_on: string[] = [],
): ReturnType<typeof phase> =>
  phase({
    phase_id: id,
    status: 'COMPLETED',
    started_at: iso(from),
    ended_at: iso(to),
    depends_on,
  });

function contextOf(phases: ReturnType<typeof phase>[], now: number): Context {
  const map = new Map(phases.map((one) => [one.phase_id, one]));
  const times = { origin: 10_000, begin: 10_000, firstEnd: 10_000, now: now * 1000 };
  return { ...times, running: true, declares: true, phases: map };
}
const row = (one: ReturnType<typeof phase>): Parameters<typeof barOf>[0] => ({
  kind: 'phase',
  id: one.phase_id,
  phase: one,
  open: null,
});

describe('the bars of the timeline', () => {
  it('reach from start to end, after the wait for what they depend on', () => {
    const phases = [done('P0', 10, 20), done('P1', 23, 30, ['P0'])];
    assert.deepEqual(barOf(row(phases[1]!), contextOf(phases, 99)), {
      status: 'COMPLETED',
      span: { from: 13_000, to: 20_000 },
      waits: { blocked: null, ready: { span: { from: 10_000, to: 13_000 }, after: 'P0' } },
    });
  });

  it('grow to now while a phase runs', () => {
    const one = phase({ phase_id: 'P0', status: 'RUNNING', started_at: iso(12) });
    assert.deepEqual(barOf(row(one), contextOf([one], 15)).span, { from: 2000, to: 5000 });
  });

  it('say what a phase that has not begun waits for', () => {
    const first = phase({ phase_id: 'P0', status: 'RUNNING', started_at: iso(12) });
    const second = phase({ phase_id: 'P1', depends_on: ['P0'] });
    assert.deepEqual(barOf(row(second), contextOf([first, second], 15)), {
      status: 'PENDING',
      span: null,
      waits: { blocked: { span: { from: 0, to: 5000 }, by: ['P0'] }, ready: null },
    });
  });

  it('never run backwards when a clock jumped', () => {
    const one = done('P0', 30, 20);
    assert.deepEqual(barOf(row(one), contextOf([one], 99)).span, { from: 20_000, to: 20_000 });
  });

  it('hold sub-phases below their phase, placed by their end where only their time is known', () => {
    const one = done('P0', 10, 20);
    const sub = {
      job_id: 'a',
      phase_id: 'P0',
      name: 'pages',
      status: 'COMPLETED',
      started_at: null,
      duration_ms: 2000,
      metrics: {},
      recorded_at: iso(15),
      seq: 1,
    } as const;
    const rows = rowsOf([one], () => [sub], DEFAULT_VIEW.subPhases);
    assert.deepEqual(
      rows.map(({ id }) => id),
      ['P0', 'P0\npages'],
    );
    assert.deepEqual(barOf(rows[1]!, contextOf([one], 99)).span, { from: 3000, to: 5000 });
  });

  it('span the whole run, with room behind the last one', () => {
    const phases = [done('P0', 10, 20)];
    const run = job({ job_id: 'a', status: 'COMPLETED', started_at: iso(10), ended_at: iso(20) });
    assert.deepEqual(extentOf(run, phases, 10_000, 99_000), {
      span: { from: 0, to: 10_600 },
      until: 20_000,
    });
  });
});
