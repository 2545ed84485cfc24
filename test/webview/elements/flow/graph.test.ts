import assert from 'node:assert/strict';
import {
  type FlowPhase,
  graphOf,
  reach,
  sameStructure,
} from '../../../../webview/elements/flow/graph.ts';
import { dashboardFrame, RUNNING_JOB } from '../../../fixtures/frames.ts';

const of = (id: string, ...depends_on: string[]): FlowPhase => ({
  phase_id: id,
  name: id,
  depends_on,
});

describe('what a graph of phases is made of', () => {
  it('is what the records declare, without unknown phases, doubles and loops of one', () => {
    const graph = graphOf([
      of('a', 'a', 'gone'),
      of('b', 'a', 'a', 'b'),
      of('c', 'b', '__proto__'),
    ]);
    assert.equal(graph.knowledge, 'declared');
    assert.deepEqual(graph.before, [[], [0], [1]]);
    assert.deepEqual(graph.after, [[1], [2], []]);
  });

  it('is what was observed where nothing is declared, and else the order of the job', () => {
    const phases = [of('a', 'gone'), of('b'), of('c')];
    const observed = [
      { from: 'a', to: 'c' },
      { from: 'a', to: 'elsewhere' },
    ];
    assert.deepEqual(graphOf(phases, observed).before, [[], [], [0]]);
    assert.equal(graphOf(phases, observed).knowledge, 'observed');
    assert.deepEqual(graphOf(phases).before, [[], [0], [1]]);
    assert.equal(graphOf(phases).knowledge, 'order');
    assert.equal(graphOf([of('a'), of('b', 'a')], [{ from: 'b', to: 'a' }]).knowledge, 'declared');
  });

  it('stays the same while only states change', () => {
    const phases = dashboardFrame(Date.now()).phases.filter((one) => one.job_id === RUNNING_JOB);
    const failed = phases.map((one) => ({
      ...one,
      status: 'FAILED',
      depends_on: [...one.depends_on],
    }));
    assert.ok(sameStructure(phases, failed));
    assert.ok(!sameStructure(phases, phases.slice(1)));
    assert.ok(!sameStructure(phases, [{ ...phases[0]!, name: 'other' }, ...phases.slice(1)]));
    assert.ok(!sameStructure([of('a', 'b')], [of('a', 'c')]));
  });

  it('reaches all that lies behind, through circles too', () => {
    const { before, after } = graphOf([of('a', 'c'), of('b', 'a'), of('c', 'b'), of('d', 'c')]);
    assert.deepEqual([...reach(0, after)].sort(), [1, 2, 3]);
    assert.deepEqual([...reach(3, before)].sort(), [0, 1, 2]);
  });
});
