import assert from 'node:assert/strict';
import type { PhaseRecord } from '../../../../service/protocol/record.ts';
import { draw, type Drawing } from '../../../../webview/elements/flow/drawing.ts';
import {
  groupFacts,
  heatOf,
  phaseFacts,
  slowness,
  waitOf,
  worst,
} from '../../../../webview/elements/flow/figures.ts';
import { graphOf } from '../../../../webview/elements/flow/graph.ts';
import { groupsOf, visibleOf } from '../../../../webview/elements/flow/groups.ts';
import { svgOf } from '../../../../webview/elements/flow/picture.ts';
import { PlaceIndex } from '../../../../webview/elements/flow/placeIndex.ts';
import { kindOf, Scenes } from '../../../../webview/elements/flow/scene.ts';
import { Arrivals, elementsOf, stageOf } from '../../../../webview/elements/flow/stage.ts';
import { neighbour } from '../../../../webview/elements/flow/walk.ts';
import type { PathView } from '../../../../webview/pathView.ts';
import { linesOf, phaseLines } from '../../../../webview/elements/flow/words.ts';
import { phase } from '../../../fixtures/frames.ts';

const NOW = 1_000_000;
const iso = (ms: number): string => new Date(ms).toISOString();
function done(id: string, depends_on: string[], part: Partial<PhaseRecord> = {}): PhaseRecord {
  return phase({
    ...{ phase_id: id, depends_on, status: 'COMPLETED', execution_time_ms: 5_000 },
    ...{ started_at: iso(NOW - 9_000), ended_at: iso(NOW - 4_000) },
    ...part,
  });
}

const phases = [
  done('a', []),
  done('b', ['a'], { started_at: iso(NOW - 3_000), ended_at: iso(NOW - 1_000), error_count: 2 }),
  done('c', ['a'], { started_at: iso(NOW - 3_500), ended_at: iso(NOW - 3_000) }),
  phase({ phase_id: 'd', depends_on: ['b', 'c'], status: 'RUNNING', started_at: iso(NOW - 500) }),
  phase({ phase_id: 'e', depends_on: ['d'] }),
];

function drawn(all: readonly PhaseRecord[], folded = false): Drawing {
  const graph = graphOf(all);
  const groups = groupsOf(graph);
  const visible = visibleOf(graph, groups, { folded, except: [] });
  const work = draw({ graph, groups, visible, width: 1400, need: () => 136 });
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** As the service answers it. */
const CRITICAL: PathView = {
  steps: ['a', 'b', 'd'].map((phaseId) => ({ phaseId, ms: 1000, share: 0.3 })),
  ...{ ids: new Set(['a', 'b', 'd']), ms: 3000, total: 9000, method: 'declared' },
};

function sceneOf(all: readonly PhaseRecord[], drawing: Drawing, selected: string | null = null) {
  const records = new Map(all.map((one) => [one.phase_id, one]));
  const critical = CRITICAL;
  const look = { phases: all, records, critical, metric: 'time' as const, now: NOW };
  return new Scenes().of(drawing, { ...look, phase: selected });
}

describe('what stands on the graph', () => {
  it('highlights all that a selected phase needs and all that needs it', () => {
    const drawing = drawn(phases);
    const scene = sceneOf(phases, drawing, 'b');
    assert.deepEqual([...(scene.path?.up ?? [])], [0]);
    assert.deepEqual([...(scene.path?.down ?? [])].sort(), [3, 4]);
    const kinds = new Map(
      drawing.edges.map((edge) => [`${edge.from}${edge.to}`, kindOf(edge, scene)]),
    );
    assert.deepEqual(Object.fromEntries(kinds), {
      ...{ '01': 'path', '02': 'done', '13': 'path', '23': 'done', '34': 'path' },
    });
  });

  it('marks the critical path and the edges along it', () => {
    const drawing = drawn(phases);
    const scene = sceneOf(phases, drawing);
    assert.deepEqual([...scene.critical], [0, 1, 3]);
    const critical = drawing.edges.filter((edge) => kindOf(edge, scene) === 'critical');
    assert.deepEqual(
      critical.map(({ from, to }) => [from, to]),
      [
        [0, 1],
        [1, 3],
      ],
    );
  });

  it('shades by the square root of the share of the largest', () => {
    const { heat } = sceneOf(phases, drawn(phases));
    assert.deepEqual(
      heat?.map((one) => (one === null ? null : Math.round(one * 100))),
      [100, 100, 100, 32, null],
    );
    assert.equal(heatOf(25, 100), 0.5);
    assert.equal(heatOf(null, 100), 0);
    assert.equal(heatOf(5, 0), 0);
  });

  it('says how much longer than usual a phase takes, once it does', () => {
    const slow = done('a', [], { expected_ms: 2_500 });
    assert.equal(slowness(slow, NOW, new Map()), 2);
    const shown = { metric: 'time', usual: new Map([['a', 3_125]]) } as const;
    assert.deepEqual(phaseFacts(done('a', []), shown, NOW), ['5.0 s', '1.6x usual']);
    const running = phase({ phase_id: 'a', status: 'RUNNING', started_at: iso(NOW - 1_000) });
    assert.equal(slowness(running, NOW, new Map([['a', 2_000]])), null);
    assert.equal(slowness(running, NOW + 3_000, new Map([['a', 2_000]])), 2);
    assert.equal(slowness(phase({ phase_id: 'a' }), NOW, new Map([['a', 1]])), null);
  });

  it('waits from the end of the last dependency, and not where one is not known', () => {
    assert.equal(waitOf(phases[1]!, [phases[0]], NOW), 1_000);
    assert.equal(waitOf(phases[1]!, [phases[0], undefined], NOW), null);
    assert.equal(waitOf(phases[0]!, [], NOW), null);
    assert.equal(waitOf(phase({ phase_id: 'x' }), [phases[0]], NOW), 4_000);
    assert.equal(waitOf(phase({ phase_id: 'x' }), [phases[0]], null), null);
  });

  it('shows the worst state of a folded group, how many are in it, and what they add up to', () => {
    const many = ['COMPLETED', 'FAILED', 'RUNNING', 'FAILED'] as const;
    const members = many.map((status, n) => done(`m${n}`, [], { status, error_count: n }));
    assert.equal(worst(members), 'FAILED');
    const facts = (metric: 'none' | 'time' | 'errors' | 'memory'): string[] =>
      groupFacts(members, { metric, kind: 'beside' }, NOW);
    assert.deepEqual(facts('none'), ['4 phases', '2 failed', '1 running']);
    assert.deepEqual(facts('time'), ['4 phases', 'longest 5.0 s']);
    assert.deepEqual(facts('errors'), ['4 phases', '6 errors']);
    assert.deepEqual(facts('memory'), ['4 phases', 'highest -']);
    assert.deepEqual(groupFacts(members, { metric: 'time', kind: 'row' }, NOW)[1], '20.0 s in all');
  });

  it('tells of a phase its state, wait, memory, errors and what it depends on, known or not', () => {
    const odd = done('b', ['a', 'b', 'gone'], {
      memory_mb: { avg: 90, max: 120 },
      warning_count: 1,
    });
    const told = {
      ...{
        phases: new Map([
          ['a', phases[0]!],
          ['b', odd],
        ]),
        usual: new Map<string, number>(),
      },
      ...{ now: NOW, running: true, critical: true },
    };
    assert.deepEqual(
      phaseLines({ ...odd, started_at: iso(NOW - 3_000), ended_at: iso(NOW) }, told),
      [
        'b',
        'completed · 5.0 s',
        'memory 90 MB, highest 120 MB',
        'no errors · 1 warning',
        'on the critical path',
        'depends on a',
        'depends on gone, which this run does not have',
        'names itself as a dependency',
      ],
    );
  });
});

describe('the graph on the screen', () => {
  const fan = [
    done('split', []),
    ...Array.from({ length: 1_000 }, (_, n) => done(`r${n}`, ['split'], { name: `Read ${n}` })),
    done(
      'merge',
      Array.from({ length: 1_000 }, (_, n) => `r${n}`),
    ),
  ];

  it('walks along edges by the arrow keys, across to what lies there, and to both ends', () => {
    const drawing = drawn(phases);
    assert.equal(neighbour(drawing, 0, 'Home'), 0);
    assert.equal(neighbour(drawing, 0, 'End'), 4);
    const right = neighbour(drawing, 0, 'ArrowRight');
    assert.ok(right === 1 || right === 2);
    assert.equal(neighbour(drawing, 3, 'ArrowRight'), 4);
    assert.equal(neighbour(drawing, 4, 'ArrowLeft'), 3);
    assert.equal(neighbour(drawing, 4, 'ArrowRight'), undefined);
    const [upper, lower] = drawing.rects[1]!.y < drawing.rects[2]!.y ? [1, 2] : [2, 1];
    assert.equal(neighbour(drawing, upper, 'ArrowDown'), lower);
    assert.equal(neighbour(drawing, lower, 'ArrowUp'), upper);
  });

  it('has elements only for what is in view, and always for the one that Tab leads to', () => {
    const drawing = drawn(fan);
    const part = { x: 0, y: 0, width: 1_400, height: 600 };
    const near = stageOf(drawing, part, 1);
    assert.ok(!near.far && near.nodes.length < 150);
    assert.ok(elementsOf(near, 1_001).includes(1_001));
    const whole = { x: 0, y: 0, width: drawing.width, height: drawing.height };
    const far = stageOf(drawing, whole, 0.1);
    assert.ok(far.far && far.painted && far.nodes.length === 1_002);
    assert.deepEqual(elementsOf(far, 7), [7]);
  });

  it('lets hundreds of elements come in over some frames, and keeps those that are there', () => {
    const [drawing, other] = [drawn(phases), drawn(phases)];
    const items = Array.from({ length: 250 }, (_, item) => item);
    const arrivals = new Arrivals();
    const counts = [1, 2, 3].map(() => arrivals.take(drawing, items, 249).length);
    assert.deepEqual(counts, [101, 201, 250]);
    assert.equal(arrivals.more, false);
    const few = items.slice(0, 30);
    assert.deepEqual(arrivals.take(drawing, few, 3), few);
    const fresh = arrivals.take(other, items, 249);
    assert.ok(fresh.length === 101 && fresh.includes(249) && arrivals.more);
  });

  it('finds what lies in a part as looking at everything does', () => {
    const { rects, index } = drawn(fan);
    const part = { x: 300, y: 100, width: 700, height: 900 };
    const slow = [...rects.keys()].filter((item) => {
      const { x, y, width, height } = rects[item]!;
      return x <= 1_000 && x + width >= 300 && y <= 1_000 && y + height >= 100;
    });
    assert.deepEqual(index.within(part), slow);
    assert.deepEqual(new PlaceIndex([]).within(part), []);
    const rect = rects[17]!;
    assert.equal(index.at(rect.x + 5, rect.y + 5), 17);
  });

  it('folds a thousand phases beside each other into one item, and tells of it', () => {
    const drawing = drawn(fan, true);
    assert.equal(drawing.visible.items.length, 3);
    const scene = sceneOf(fan, drawing);
    const records = new Map(fan.map((one) => [one.phase_id, one]));
    const told = { phases: records, usual: new Map<string, number>(), now: NOW, running: false };
    assert.deepEqual(linesOf(1, scene, told).slice(0, 3), [
      'Read',
      'completed',
      '1,000 phases beside each other',
    ]);
  });
});

describe('the graph as a drawing of its own', () => {
  it('is well-formed whatever phases are called, with all colours in it and nothing from elsewhere', () => {
    const hostile = '<script>alert("1")</script>&\u0000\u202e\ud800 "\'';
    const all = [
      done('a', [], { name: hostile }),
      done('b', ['a', 'a', 'b'], { name: '😀'.repeat(200) }),
    ];
    const palette = {
      ...{ background: '#fff', node: '#eee', border: '#ccc', text: '#000', muted: '#777' },
      ...{ line: '#888', focus: '#00f', bad: '#f00', font: '"Segoe UI", sans-serif' },
      state: {
        PENDING: '#1',
        RUNNING: '#2',
        COMPLETED: '#3',
        FAILED: '#4',
        SKIPPED: '#5',
        CANCELLED: '#6',
        STALE: '#7',
      },
      heat: { none: 'transparent', time: '#8', errors: '#9', memory: '#10' },
    };
    const scene = sceneOf(all, drawn(all));
    const svg = svgOf({
      scene,
      palette,
      metric: 'time',
      usual: new Map(),
      now: NOW,
      title: hostile,
    });
    assert.ok(!svg.includes('<script') && !/[\u0000-\u0008\u202e]/.test(svg));
    assert.ok(!/var\(|href|url\((?!#arrow-)/.test(svg));
    assert.equal(svg.match(/<g transform/g)?.length, 3);
    assert.equal((svg.match(/</g) ?? []).length, (svg.match(/>/g) ?? []).length);
    assert.equal(Buffer.from(svg).toString(), svg, 'no half of a pair is left');
  });
});
