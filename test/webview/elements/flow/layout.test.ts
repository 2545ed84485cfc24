import assert from 'node:assert/strict';
import {
  fit,
  isChain,
  layoutFlow,
  NODE_HEIGHT,
  pathOf,
  structureOf,
} from '../../../../webview/elements/flow/layout.ts';
import { dashboardFrame, RUNNING_JOB } from '../../../fixtures/frames.ts';

const phases = dashboardFrame(Date.now()).phases.filter(({ job_id }) => job_id === RUNNING_JOB);

describe('the graph of phases', () => {
  it('draws what others depend on before them, and no two on each other', () => {
    const { nodes, nodeWidth, edges } = layoutFlow(phases, 1400);
    for (const { from, to } of edges)
      assert.ok((nodes.get(from)?.x ?? 0) < (nodes.get(to)?.x ?? 0));
    const places = [...nodes.values()];
    for (const a of places)
      for (const b of places)
        assert.ok(
          a === b || Math.abs(a.x - b.x) >= nodeWidth || Math.abs(a.y - b.y) >= NODE_HEIGHT,
        );
    assert.equal(
      edges.length,
      phases.reduce((sum, one) => sum + one.depends_on.length, 0),
    );
  });

  it('turns downwards where it does not fit', () => {
    const flow = layoutFlow(phases, 320);
    assert.ok(flow.height > flow.width);
    assert.ok(flow.width * fit(flow, 320) <= 320);
  });

  it('is a chain in rows when no dependency is known', () => {
    const chain = phases.map(({ phase_id }) => ({ phase_id, depends_on: ['elsewhere'] }));
    assert.ok(isChain(chain));
    const { edges, width } = layoutFlow(chain, 700);
    assert.equal(edges.length, chain.length - 1);
    assert.ok(width <= 700);
  });

  it('survives phases that depend on each other in a circle, or on themselves', () => {
    const circle = [
      { phase_id: 'a', depends_on: ['b', 'a'] },
      { phase_id: 'b', depends_on: ['a', 'a'] },
    ];
    assert.equal(layoutFlow(circle, 800).nodes.size, 2);
  });

  it('keeps its layout while only states change', () => {
    const failed = phases.map((one) => ({ ...one, status: 'FAILED' }));
    assert.equal(structureOf(failed), structureOf(phases));
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
