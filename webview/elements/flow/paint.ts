/** Draws a part of the graph on a canvas, where it is too far away, or too full, for elements. */
import type { Status } from '../../../service/protocol/states.ts';
import type { FlowMetric } from '../../view.ts';
import type { DrawnEdge } from './drawing.ts';
import type { Point } from './routed.ts';
import type { Palette } from './palette.ts';
import type { Rect } from './placeIndex.ts';
import { kindOf, type Scene } from './scene.ts';

export interface Picture {
  scene: Scene;
  palette: Palette;
  metric: FlowMetric;
  /** The part of the graph that the canvas covers, and its pixels for one of the graph. */
  part: Rect;
  scale: number;
  edges: readonly number[];
  /** Empty where nodes are elements. */
  nodes: readonly number[];
}

type Context = CanvasRenderingContext2D;

export function paint(canvas: HTMLCanvasElement, picture: Picture): void {
  const { part, scale } = picture;
  const [width, height] = [Math.ceil(part.width * scale), Math.ceil(part.height * scale)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(scale, 0, 0, scale, -part.x * scale, -part.y * scale);
  paintEdges(context, picture);
  paintNodes(context, picture);
}

function paintEdges(context: Context, { scene, palette, edges, scale }: Picture): void {
  const paths = {
    open: new Path2D(),
    done: new Path2D(),
    critical: new Path2D(),
    path: new Path2D(),
  };
  const heads = {
    open: new Path2D(),
    done: new Path2D(),
    critical: new Path2D(),
    path: new Path2D(),
  };
  const faint = { open: new Path2D(), done: new Path2D() };
  for (const index of edges) {
    const edge = scene.drawing.edges[index] as DrawnEdge;
    const kind = kindOf(edge, scene);
    const quiet = edge.faint && (kind === 'open' || kind === 'done');
    curve(quiet ? faint[kind] : paths[kind], edge.points);
    if (!quiet && scale > HEADS_FROM) head(heads[kind], edge.points);
  }
  // From afar a line of one pixel of the graph is not seen.
  const width = Math.max(1.25, 0.7 / scale);
  const { line, text, focus, state } = palette;
  context.globalAlpha = 0.3;
  stroke(context, faint.open, { color: line, width });
  stroke(context, faint.done, { color: state.COMPLETED, width });
  context.globalAlpha = 1;
  const colors = { open: line, done: state.COMPLETED, critical: text, path: focus };
  for (const kind of ['open', 'done', 'critical', 'path'] as const) {
    const wide = kind === 'critical' || kind === 'path' ? 2 * width : width;
    stroke(context, paths[kind], { color: colors[kind], width: wide });
    context.fillStyle = colors[kind];
    context.fill(heads[kind]);
  }
}

/** Arrows are seen from this scale on. */
const HEADS_FROM = 0.4;

/** A triangle at the end of an edge. */
function head(path: Path2D, points: readonly Point[]): void {
  const [before, end] = [points.at(-2), points.at(-1)];
  if (before === undefined || end === undefined) return;
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1;
  const [x, y] = [(end.x - before.x) / length, (end.y - before.y) / length];
  path.moveTo(end.x, end.y);
  path.lineTo(end.x - 6 * x - 3 * y, end.y - 6 * y + 3 * x);
  path.lineTo(end.x - 6 * x + 3 * y, end.y - 6 * y - 3 * x);
  path.closePath();
}

function stroke(
  context: Context,
  path: Path2D,
  { color, width }: { color: string; width: number },
): void {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke(path);
}

function curve(path: Path2D, points: readonly Point[]): void {
  const [first, ...rest] = points;
  if (first === undefined) return;
  path.moveTo(first.x, first.y);
  rest.forEach((point, index) => {
    const next = rest[index + 1];
    if (next === undefined) {
      if (rest.length === 1) path.lineTo(point.x, point.y);
    } else if (index === rest.length - 2) path.quadraticCurveTo(point.x, point.y, next.x, next.y);
    else path.quadraticCurveTo(point.x, point.y, (point.x + next.x) / 2, (point.y + next.y) / 2);
  });
}

/** Marks are drawn where a node has at least so many pixels. */
const MARKED = 7;

function paintNodes(context: Context, picture: Picture): void {
  const { scene, palette, nodes, metric } = picture;
  for (const [status, items] of byState(scene, nodes)) {
    context.fillStyle = palette.state[status];
    context.strokeStyle = palette.state[status];
    for (const item of items) {
      const rect = scene.drawing.rects[item] as Rect;
      if (metric === 'none') paintState(context, rect, { status, palette });
      else
        paintHeat(context, rect, {
          heat: scene.heat?.[item] ?? 0,
          color: palette.heat[metric],
          status,
          palette,
        });
    }
    marks(context, items, { status, picture });
  }
  context.strokeStyle = palette.focus;
  context.lineWidth = Math.max(2, 1.5 / picture.scale);
  for (const item of nodes)
    if (isOnPath(scene, item)) {
      const { x, y, width, height } = scene.drawing.rects[item] as Rect;
      context.strokeRect(x, y, width, height);
    }
}

function isOnPath({ path }: Scene, item: number): boolean {
  return path !== null && (path.selected === item || path.up.has(item) || path.down.has(item));
}

export function byState(scene: Scene, items: readonly number[]): Map<Status, number[]> {
  const found = new Map<Status, number[]>();
  for (const item of items) {
    const status = scene.states[item] ?? 'PENDING';
    const known = found.get(status);
    if (known) known.push(item);
    else found.set(status, [item]);
  }
  return found;
}

/** What waits, or never ran, is hollow. */
const HOLLOW: ReadonlySet<Status> = new Set<Status>(['PENDING', 'SKIPPED', 'CANCELLED']);

function paintState(
  context: Context,
  { x, y, width, height }: Rect,
  { status, palette }: { status: Status; palette: Palette },
): void {
  if (!HOLLOW.has(status)) {
    context.fillRect(x, y, width, height);
    return;
  }
  const fill = context.fillStyle;
  context.fillStyle = palette.node;
  context.fillRect(x, y, width, height);
  context.lineWidth = 3;
  context.strokeRect(x + 1.5, y + 1.5, width - 3, height - 3);
  context.fillStyle = fill;
}

interface Heat {
  heat: number;
  color: string;
  status: Status;
  palette: Palette;
}

/** The shade, its length at the bottom, and the state as a strip at the left. */
function paintHeat(
  context: Context,
  { x, y, width, height }: Rect,
  { heat, color, status, palette }: Heat,
): void {
  context.fillStyle = palette.node;
  context.fillRect(x, y, width, height);
  context.fillStyle = color;
  context.globalAlpha = 0.6 * heat;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 1;
  context.fillRect(x, y + height - 8, width * heat, 8);
  context.fillStyle = palette.state[status];
  context.fillRect(x, y, 14, height);
}

/** Lines through a node say its state where colours do not: a cross failed, stripes run, one line never ran. */
function marks(
  context: Context,
  items: readonly number[],
  { status, picture }: { status: Status; picture: Picture },
): void {
  const { scene, palette, scale } = picture;
  const lines = new Path2D();
  for (const item of items) {
    const { x, y, width, height } = scene.drawing.rects[item] as Rect;
    if (height * scale < MARKED) continue;
    const middle = x + width / 2;
    const slash = (at: number): void => {
      lines.moveTo(at - height / 3, y + height * 0.83);
      lines.lineTo(at + height / 3, y + height * 0.17);
    };
    if (status === 'FAILED') {
      slash(middle);
      lines.moveTo(middle - height / 3, y + height * 0.17);
      lines.lineTo(middle + height / 3, y + height * 0.83);
    } else if (status === 'RUNNING')
      for (const share of [0.2, 0.4, 0.6, 0.8]) slash(x + width * share);
    else if (status === 'SKIPPED' || status === 'CANCELLED' || status === 'STALE') slash(middle);
  }
  const color =
    picture.metric === 'none' && !HOLLOW.has(status) ? palette.background : palette.text;
  stroke(context, lines, { color, width: 5 });
}
