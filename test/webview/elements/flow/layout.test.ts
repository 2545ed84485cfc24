import assert from 'node:assert/strict';
import type { FlowPhase } from '../../../../webview/elements/flow/graph.ts';
import {
  fit,
  type Flow,
  isChain,
  layoutFlow,
  type Need,
  NODE_HEIGHT,
  pathOf,
} from '../../../../webview/elements/flow/layout.ts';
import { finished } from '../../../../webview/elements/flow/slices.ts';
import { dashboardFrame, RUNNING_JOB } from '../../../fixtures/frames.ts';

/** As if every letter were 7 pixels wide. */
const need: Need = ({ name }) => 7 * name.length + 42;
const phases = dashboardFrame(Date.now()).phases.filter(({ job_id }) => job_id === RUNNING_JOB);

function flowOf(of: readonly FlowPhase[], width: number): Flow {
  return finished(layoutFlow(of, width, need));
}

describe('the graph of phases', () => {
  it('draws what others depend on before them, and no two on each other', () => {
    const { nodes, edges } = flowOf(phases, 1400);
    for (const { from, to } of edges)
      assert.ok((nodes.get(from)?.x ?? 0) < (nodes.get(to)?.x ?? 0));
    const places = [...nodes.values()];
    for (const a of places)
      for (const b of places)
        assert.ok(
          a === b ||
            b.x - a.x >= a.width ||
            a.x - b.x >= b.width ||
            Math.abs(a.y - b.y) >= NODE_HEIGHT,
        );
    assert.equal(
      edges.length,
      phases.reduce((sum, one) => sum + one.depends_on.length, 0),
    );
  });

  it('turns downwards where it does not fit', () => {
    const flow = flowOf(phases, 320);
    assert.ok(flow.height > flow.width);
    assert.ok(flow.width * fit(flow, 320) <= 320);
  });

  it('gives a label the width it needs where there is room, and less where there is not', () => {
    const widths = (width: number): number[] =>
      [...flowOf(phases, width).nodes.values()].map((node) => node.width);
    const wanted = phases.map((phase) => Math.max(136, Math.min(220, need(phase))));
    assert.deepEqual(widths(1700), wanted);
    assert.ok(widths(910).every((width) => width === 136));
    const alone = [...flowOf(phases, 400).nodes.values()][0];
    assert.equal(alone?.width, wanted[0]);
  });

  it('is a chain in rows when no dependency is known', () => {
    const chain = phases.map(({ phase_id }) => ({
      phase_id,
      name: phase_id,
      depends_on: ['elsewhere'],
    }));
    assert.ok(isChain(chain));
    const { edges, width } = flowOf(chain, 700);
    assert.equal(edges.length, chain.length - 1);
    assert.ok(width <= 700);
  });

  it('survives phases that depend on each other in a circle, or on themselves', () => {
    const circle = [
      { phase_id: 'a', name: 'a', depends_on: ['b', 'a'] },
      { phase_id: 'b', name: 'b', depends_on: ['a', 'a'] },
    ];
    assert.equal(flowOf(circle, 800).nodes.size, 2);
  });

  it('draws a path through all points', () => {
    assert.equal(pathOf([]), '');
    assert.equal(
      pathOf([
        { x: 0, y: 0 },
        { x: 5, y: 5 },
      ]),
      'M0,0L5,5',
    );
    assert.equal(
      pathOf([
        { x: 0, y: 0 },
        { x: 5, y: 0 },
        { x: 9, y: 4 },
      ]),
      'M0,0Q5,0 9,4',
    );
  });
});
