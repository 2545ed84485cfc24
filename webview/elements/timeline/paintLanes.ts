/** Tasks on a canvas (or on what records one): tens of thousands are no elements any more. */
import type { TaskStatus } from '../../../service/protocol/states.ts';
import type { Span } from '../../timeScale.ts';
import { type Bins, endOf, type Lane, type PlacedTask } from './lanes.ts';
import { ROW } from './plot.ts';

/** What a drawing needs of a canvas. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  'fillStyle' | 'strokeStyle' | 'lineWidth' | 'globalAlpha' | 'fillRect' | 'beginPath' | 'moveTo'
> &
  Pick<CanvasRenderingContext2D, 'lineTo' | 'stroke' | 'closePath' | 'fill'>;

export interface Ink {
  status: Record<TaskStatus, string>;
  /** Outlines, so that neighbours are told apart. */
  edge: string;
  muted: string;
  /** What waits. */
  hatch: string | CanvasPattern;
}

export interface LaneView {
  /** Epoch milliseconds. */
  shown: Span;
  /** Pixels. */
  width: number;
  now: number;
  ink: Ink;
}

const TOP = 2;
/** Tracks, and below them the line of what waits. */
const TRACKS = 16;
const WAIT_TOP = 19;
const WAIT = 4;
const MARK = 2.5;
/** Marks closer together would be a smear. */
const MARKS_APART = 7;

/** One lane at a height. Draws what is in sight, and nothing twice at the same pixel. */
export function paintLane(pen: Pen, lane: Lane, top: number, view: LaneView): void {
  if (lane.bins !== null) paintBins(pen, { bins: lane.bins, top }, view);
  else {
    paintTasks(pen, lane, top, view);
    pen.fillStyle = view.ink.hatch;
    for (const { from, to } of lane.waits) {
      const [x, right] = pixels(from, to, view);
      if (right > 0 && x < view.width)
        pen.fillRect(x, top + WAIT_TOP, Math.max(1, right - x), WAIT);
    }
  }
}

/** The track of a lane at a height within its row; null beside all of them. */
export function trackAt(lane: Lane, y: number): number | null {
  const track = Math.floor((y - TOP) / (TRACKS / lane.depth));
  return track >= 0 && track < lane.depth ? track : null;
}

function pixels(from: number, to: number, { shown, width }: LaneView): [number, number] {
  const scale = width / (shown.to - shown.from);
  const cut = (time: number): number =>
    Math.max(-2, Math.min(width + 2, (time - shown.from) * scale));
  return [cut(from), cut(to)];
}

function paintTasks(pen: Pen, lane: Lane, top: number, view: LaneView): void {
  const height = TRACKS / lane.depth;
  const thick = Math.max(1, height - (height > 3 ? 1 : 0));
  const failed: { x: number; y: number }[] = [];
  const drawn: number[] = [];
  for (const task of lane.placed) {
    if (task.start > view.shown.to) break; // They are in the order of their start.
    const [x, right] = pixels(task.start, endOf(task, view.now), view);
    if (right < 0) continue;
    const y = top + TOP + task.track * height;
    // The next one begins where this pixel ends.
    const bad = task.status === 'FAILED';
    if (right <= (drawn[task.track] ?? -Infinity) && !bad) continue;
    drawn[task.track] = Math.max(right, Math.floor(x) + 1);
    paintTask(pen, task, { x, y, width: right - x, height: thick }, view.ink);
    if (bad) failed.push({ x: right, y: y + thick / 2 });
  }
  paintMarks(pen, failed, view.ink);
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function paintTask(pen: Pen, task: PlacedTask, box: Box, ink: Ink): void {
  pen.fillStyle = ink.status[task.status];
  pen.fillRect(box.x, box.y, Math.max(1, box.width), box.height);
  if (box.width < 3) return;
  pen.fillStyle = ink.edge;
  pen.fillRect(box.x + box.width - 1, box.y, 1, box.height);
}

/** A cross beside what failed, for those who do not see its colour. */
function paintMarks(pen: Pen, marks: readonly { x: number; y: number }[], ink: Ink): void {
  let last = -Infinity;
  pen.strokeStyle = ink.status.FAILED;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (const { x, y } of marks) {
    if (Math.abs(x - last) < MARKS_APART) continue;
    last = x;
    pen.moveTo(x + 1, y - MARK);
    pen.lineTo(x + 1 + 2 * MARK, y + MARK);
    pen.moveTo(x + 1 + 2 * MARK, y - MARK);
    pen.lineTo(x + 1, y + MARK);
  }
  pen.stroke();
}

/**
 * How many ran at once as heights of one curve, what waited as the line below, and crosses where some failed. Each is one
 * path: thousands of rectangles take the browser longer to hand over than to draw.
 */
function paintBins(pen: Pen, { bins, top }: { bins: Bins; top: number }, view: LaneView): void {
  const most = bins.busy.reduce((a, b) => Math.max(a, b), 1);
  const base = top + TOP + TRACKS;
  const failed: { x: number; y: number }[] = [];
  const busy: Step[] = [];
  const waiting: Step[] = [];
  for (const [index, value] of bins.busy.entries()) {
    const from = bins.from + index * bins.width;
    const [x, right] = pixels(from, from + bins.width, view);
    if (right < 0 || x > view.width) continue;
    if (value > 0) addStep(busy, { x, right, height: (value / most) * TRACKS });
    if ((bins.waiting[index] ?? 0) > 0.01) addStep(waiting, { x, right, height: WAIT });
    if ((bins.failures[index] ?? 0) > 0)
      failed.push({ x: (x + right) / 2 - MARK - 1, y: top + TOP + MARK });
  }
  pen.fillStyle = view.ink.status.COMPLETED;
  fillSteps(pen, busy, base);
  pen.fillStyle = view.ink.hatch;
  fillSteps(pen, waiting, top + WAIT_TOP + WAIT);
  paintMarks(pen, failed, view.ink);
}

interface Step {
  x: number;
  right: number;
  height: number;
}

/** Those beside each other of one height are one. */
function addStep(steps: Step[], step: Step): void {
  const last = steps.at(-1);
  if (last?.height === step.height && last.right >= step.x) last.right = step.right;
  else steps.push(step);
}

/** One outline for all that touch: from the base up, along the heights, and down again. */
function fillSteps(pen: Pen, steps: readonly Step[], base: number): void {
  if (steps.length === 0) return;
  pen.beginPath();
  let end = -Infinity;
  for (const { x, right, height } of steps) {
    if (x > end) {
      if (end > -Infinity) pen.lineTo(end, base);
      pen.moveTo(x, base);
    }
    end = Math.max(right, x + 1);
    pen.lineTo(x, base - height);
    pen.lineTo(end, base - height);
  }
  pen.lineTo(end, base);
  pen.closePath();
  pen.fill();
}

/** Lines between the rows. */
export function paintRows(pen: Pen, count: number, view: LaneView): void {
  pen.fillStyle = view.ink.muted;
  pen.globalAlpha = 0.15;
  for (let row = 1; row <= count; row++) pen.fillRect(0, row * ROW - 1, view.width, 1);
  pen.globalAlpha = 1;
}
