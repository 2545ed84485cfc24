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
const MOST = { nodes: 400, edges: 200 } as const;

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
