/** What a drawing shows right now: the states, numbers and paths on it, by the index of its items. */
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import type { Status } from '../../../service/protocol/states.ts';
import type { PathView } from '../../pathView.ts';
import type { FlowMetric } from '../../view.ts';
import type { DrawnEdge, Drawing } from './drawing.ts';
import { groupValue, heatOf, valueOf, worst } from './figures.ts';
import { reach } from './graph.ts';

export interface Scene {
  drawing: Drawing;
  /** Records of the phases of each item. */
  records: readonly (readonly PhaseRecord[])[];
  states: readonly Status[];
  /** Items on the critical path, and the edges along it. */
  critical: ReadonlySet<number>;
  criticalEdges: ReadonlySet<string>;
  /** What the selected item needs and what needs it; null without a selection. */
  path: Path | null;
  /** 0 to 1 for each item, and null where there is nothing to shade. */
  heat: readonly (number | null)[] | null;
}

export interface Path {
  selected: number;
  up: ReadonlySet<number>;
  down: ReadonlySet<number>;
}

export interface Look {
  /** In the order of the job: another array whenever a record changed. */
  phases: readonly PhaseRecord[];
  records: ReadonlyMap<string, PhaseRecord>;
  /** The critical path, as far as it is known. */
  critical: PathView | null;
  metric: FlowMetric;
  now: number;
  /** The phase that is selected. */
  phase: string | null;
}

type Critical = Pick<Scene, 'critical' | 'criticalEdges'>;

/** Makes scenes; what did not change since the last one is taken from it. */
export class Scenes {
  #states:
    { drawing: Drawing; of: unknown; records: Scene['records']; states: Status[] } | undefined;
  #path: { drawing: Drawing; selected: number; path: Path } | undefined;
  #critical: { drawing: Drawing; of: unknown; found: Critical } | undefined;

  of(drawing: Drawing, look: Look): Scene {
    const { records, states } = this.#known(drawing, look);
    return {
      ...{ drawing, records, states },
      ...this.#criticalOf(drawing, look),
      path: this.#pathOf(drawing, look.phase),
      heat: heats(drawing, records, look),
    };
  }

  #criticalOf(drawing: Drawing, { critical }: Look): Critical {
    const ids = critical?.ids;
    if (this.#critical?.drawing !== drawing || this.#critical.of !== ids) {
      this.#critical = { drawing, of: ids, found: criticalOf(drawing, ids) };
    }
    return this.#critical.found;
  }

  #known(drawing: Drawing, { phases, records: known }: Look) {
    if (this.#states?.drawing !== drawing || this.#states.of !== phases) {
      const { graph, visible } = drawing;
      const records = visible.items.map(({ members }) =>
        members.flatMap((index) => known.get(graph.ids[index] ?? '') ?? []),
      );
      this.#states = { drawing, of: phases, records, states: records.map(worst) };
    }
    return this.#states;
  }

  #pathOf(drawing: Drawing, phase: string | null): Path | null {
    const selected = phase === null ? undefined : itemOf(drawing, phase);
    if (selected === undefined) return null;
    if (this.#path?.drawing !== drawing || this.#path.selected !== selected) {
      const { before, after } = drawing.visible;
      const path = { selected, up: reach(selected, before), down: reach(selected, after) };
      this.#path = { drawing, selected, path };
    }
    return this.#path.path;
  }
}

const places = new WeakMap<Drawing, ReadonlyMap<string, number>>();

/** The item that shows a phase. */
export function itemOf(drawing: Drawing, phaseId: string): number | undefined {
  let known = places.get(drawing);
  if (known === undefined) {
    known = new Map(drawing.graph.ids.map((id, index) => [id, drawing.visible.itemOf[index] ?? 0]));
    places.set(drawing, known);
  }
  return known.get(phaseId);
}

function edgeKey({ from, to }: { from: number; to: number }): string {
  return `${from}>${to}`;
}

/** True where the edge lies on a way through the selected item. */
function onPath({ from, to }: DrawnEdge, path: Path | null): boolean {
  if (path === null) return false;
  const { selected, up, down } = path;
  if (up.has(from) && (to === selected || up.has(to))) return true;
  return down.has(to) && (from === selected || down.has(from));
}

function criticalOf(drawing: Drawing, path: ReadonlySet<string> = new Set()): Critical {
  const critical = new Set<number>();
  const criticalEdges = new Set<string>();
  let before: number | undefined;
  for (const phaseId of path) {
    const item = itemOf(drawing, phaseId);
    if (item === undefined) continue;
    critical.add(item);
    if (before !== undefined) criticalEdges.add(edgeKey({ from: before, to: item }));
    before = item;
  }
  return { critical, criticalEdges };
}

function heats(drawing: Drawing, records: Scene['records'], { metric, now }: Look): Scene['heat'] {
  if (metric === 'none') return null;
  const values = records.map((phases, item) => {
    const kind = drawing.visible.items[item]?.folded?.kind;
    const [only] = phases;
    if (kind !== undefined) return groupValue(phases, { metric, kind }, now);
    return only === undefined ? null : valueOf(only, metric, now);
  });
  const most = values.reduce<number>((a, b) => Math.max(a, b ?? 0), 0);
  return values.map((value) => (value === null ? null : heatOf(value, most)));
}

/** What an edge shows, the most important first. */
export function kindOf(edge: DrawnEdge, scene: Scene): 'path' | 'critical' | 'done' | 'open' {
  if (onPath(edge, scene.path)) return 'path';
  if (scene.criticalEdges.has(edgeKey(edge))) return 'critical';
  return scene.states[edge.from] === 'COMPLETED' ? 'done' : 'open';
}
