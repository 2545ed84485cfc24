import type { Drawing } from './drawing.ts';
import type { Rect } from './placeIndex.ts';

/** What of a drawing is put on the page, and how. */
export interface Stage {
  part: Rect;
  nodes: readonly number[];
  edges: readonly number[];
  /** Nodes are painted: too small to be read, or too many for elements. */
  far: boolean;
  /** Edges are painted, with the nodes or because there are too many. */
  painted: boolean;
}

/** Below this scale a name has less than 7 pixels. */
const READ = 0.55;
const FEW = 150;
const MOST = { nodes: 320, edges: 150 } as const;

export function stageOf(drawing: Drawing, part: Rect, zoom: number): Stage {
  const nodes = drawing.index.within(part);
  const edges = drawing.edgeIndex.within(part);
  const far = nodes.length > MOST.nodes || (zoom < READ && nodes.length > FEW);
  return { part, nodes, edges, far, painted: far || edges.length > MOST.edges };
}

/** Those that are elements: what Tab leads to always is one, so that the focus is never lost. */
export function elementsOf(stage: Stage, reachable: number): number[] {
  const nodes = stage.far ? [] : stage.nodes;
  return [...new Set([...nodes, reachable])].sort((a, b) => a - b);
}

/** Elements that are made in one frame: hundreds take longer than a frame has. */
const MOST_NEW = 100;

/** Lets the elements of a drawing come in over some frames where they are many. */
export class Arrivals {
  #drawing: Drawing | undefined;
  #here: ReadonlySet<number> = new Set();
  /** Some are still to come: render again in the next frame. */
  more = false;

  /** Those of them that are drawn now: what was there stays. `first` is among them. */
  take(drawing: Drawing, items: readonly number[], first: number): number[] {
    const before = this.#drawing === drawing ? this.#here : new Set<number>();
    let room = MOST_NEW;
    const now = items.filter((item) => before.has(item) || item === first || room-- > 0);
    this.more = now.length < items.length;
    this.#drawing = drawing;
    this.#here = new Set(now);
    return now;
  }
}
