import assert from 'node:assert/strict';
import { hasCycle, pipelineGraph } from '../../../service/analysis/graph.ts';
import { Model } from '../../../service/core/fold.ts';
import { historyRows, recordTouched } from '../../../service/core/history.ts';
import { phaseRecords } from '../../../service/core/queries.ts';
import { newTouched } from '../../../service/core/touched.ts';
import { parseEvents } from '../../../service/protocol/parse.ts';

const T0 = Date.UTC(2026, 0, 5, 10);

/** The graph of job `j`; `time` is seconds. */
function graphOf(...events: ({ type: string } & Record<string, unknown>)[]) {
  const model = new Model();
  const touched = newTouched();
  const raw = events.map((event, i) => ({
    ...{ id: `e${i}`, job_id: 'j', ...event },
    time: T0 + (typeof event['time'] === 'number' ? event['time'] : i) * 1000,
  }));
  const parsed = parseEvents(raw, { now: T0, newId: () => 'never' });
  assert.deepEqual(parsed.rejected, []);
  parsed.events.forEach((event, i) => model.apply({ seq: i + 1, received_at: T0, event }, touched));
  recordTouched(model, touched, 100);
  const phases = phaseRecords(model.jobs.get('j') ?? assert.fail());
  return pipelineGraph({ pipeline: 'p', phases, rows: historyRows(model.domain) });
}

const declared = (...phases: { phase_id: string; depends_on?: string[] }[]) => ({
  ...{ type: 'job.started', pipeline: 'p', phases },
});

describe('graph of a pipeline', () => {
  it('keeps declared cycles, and says that there are some', () => {
    const graph = graphOf(
      declared(
        { phase_id: 'a', depends_on: ['c'] },
        { phase_id: 'b', depends_on: ['a'] },
        { phase_id: 'c', depends_on: ['b'] },
        { phase_id: 'd', depends_on: ['d'] },
      ),
    );
    assert.deepEqual(
      graph.edges.map((edge) => `${edge.from}>${edge.to}`),
      ['c>a', 'a>b', 'b>c', 'd>d'],
    );
    assert.ok(hasCycle(graph.edges));
    assert.ok(hasCycle(graph.edges.slice(3)));
    assert.ok(!hasCycle(graph.edges.slice(0, 2)));
    assert.ok(!hasCycle([]));
  });

  it('does not take phases of the same id in two pipelines for one', () => {
    const edge = { kind: 'declared' as const, runs: null };
    assert.ok(
      !hasCycle([
        { ...edge, pipeline: 'p', from: 'a', to: 'b' },
        { ...edge, pipeline: 'q', from: 'b', to: 'a' },
      ]),
    );
  });

  it('observes nothing where one dependency is declared', () => {
    const graph = graphOf(
      declared({ phase_id: 'a' }, { phase_id: 'b', depends_on: ['a'] }, { phase_id: 'c' }),
      { type: 'phase.started', phase_id: 'a' },
      { type: 'phase.completed', phase_id: 'a' },
      { type: 'phase.started', phase_id: 'c' },
    );
    assert.deepEqual(
      graph.edges.map((edge) => [edge.from, edge.to, edge.kind]),
      [['a', 'b', 'declared']],
    );
  });

  it('takes what its events say over what the job declared', () => {
    const graph = graphOf(declared({ phase_id: 'a' }, { phase_id: 'b', depends_on: ['x'] }), {
      ...{ type: 'phase.started', phase_id: 'b', depends_on: ['a'] },
    });
    assert.deepEqual(
      graph.edges.map((edge) => [edge.from, edge.to]),
      [['a', 'b']],
    );
  });

  it('observes a job that still runs, and phases that no run has ended', () => {
    const graph = graphOf(
      { type: 'job.started', pipeline: 'p' },
      { type: 'phase.started', phase_id: 'a' },
      { type: 'phase.completed', phase_id: 'a' },
      { type: 'phase.started', phase_id: 'b' },
    );
    assert.deepEqual(graph.edges, [
      { pipeline: 'p', from: 'a', to: 'b', kind: 'observed', runs: 1 },
    ]);
    assert.deepEqual(
      graph.nodes.map((node) => [node.phase_id, node.status, node.executions_total]),
      [
        ['a', 'COMPLETED', 1],
        ['b', 'RUNNING', 0],
      ],
    );
  });
});
