/** The timeline as one picture with its heading: what is shown of the time, and as many rows as a picture holds. */
import { t } from '@vscode/l10n';
import { count, duration, phaseLabel } from '../../../service/protocol/describe.ts';
import type { Status } from '../../../service/protocol/states.ts';
import { cut } from '../../charts/pictures/cut.ts';
import { offset } from '../../format.ts';
import { type Span, ticks, toPixels } from '../../timeScale.ts';
import { barOf, type Row } from './bars.ts';
import { laneName } from './laneWords.ts';
import type { Lane } from './lanes.ts';
import { type Ink, paintLane, type Pen } from './paintLanes.ts';
import { ROW } from './plot.ts';
import type { TimeFrame } from './rowsView.ts';
import { pathLine } from './runWords.ts';
import type { Scene } from './scene.ts';

export type Drawn = { scene: Scene } | { lanes: readonly Lane[]; frame: TimeFrame; now: number };

export type FileOf = Drawn & {
  title: string;
  /** Where the theme's colours are read. */
  element: Element;
};

export type Picture = Pen &
  Pick<
    CanvasRenderingContext2D,
    'font' | 'textAlign' | 'fillText' | 'save' | 'restore' | 'translate' | 'rect' | 'clip'
  >;

const WIDTH = 1200;
const NAMES = 230;
const PLOT = WIDTH - NAMES - 16;
const HEAD = 84;
const FOOT = 28;
/** A picture of more is higher than browsers draw. */
const MOST_ROWS = 500;

export function pictureSize(of: FileOf): { width: number; height: number } {
  return { width: WIDTH, height: HEAD + Math.min(MOST_ROWS, countOf(of)) * ROW + FOOT };
}

function countOf(of: FileOf): number {
  return 'scene' in of ? of.scene.rows.length : of.lanes.length;
}

export function paintPicture(pen: Picture, of: FileOf, ink: Ink): void {
  const { width, height } = pictureSize(of);
  const text = getComputedStyle(of.element).color;
  const font = getComputedStyle(of.element).fontFamily;
  const { shown } = 'scene' in of ? of.scene.extent : of.frame;
  pen.fillStyle = ink.edge;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = text;
  pen.font = `600 14px ${font}`;
  pen.fillText(cut(of.title, 120), 12, 24);
  pen.font = `12px ${font}`;
  pen.fillStyle = ink.muted;
  pen.fillText(cut(headline(of), 170), 12, 44);
  paintAxis(pen, { shown, height }, ink);
  const rows = Math.min(MOST_ROWS, countOf(of));
  for (let index = 0; index < rows; index++) {
    pen.fillStyle = text;
    pen.fillText(cut(nameOf(of, index), 34), 12, HEAD + index * ROW + 16);
  }
  paintRest(pen, countOf(of) - rows, height);
  pen.save();
  pen.translate(NAMES, HEAD);
  pen.beginPath();
  pen.rect(0, 0, PLOT, rows * ROW);
  pen.clip();
  if ('scene' in of) paintPhases(pen, { scene: of.scene, rows, text }, ink);
  else paintLanes(pen, of, ink);
  pen.restore();
}

function headline(of: FileOf): string {
  if (!('scene' in of)) return t('Tasks by worker');
  return of.scene.path === null ? t('Phases') : pathLine(of.scene.path);
}

function nameOf(of: FileOf, index: number): string {
  if (!('scene' in of)) {
    const lane = of.lanes[index];
    return lane === undefined ? '' : laneName(lane);
  }
  const row = of.scene.rows[index];
  if (row === undefined) return '';
  const path = row.kind === 'phase' && of.scene.path?.ids.has(row.id) === true;
  const name = row.kind === 'phase' ? phaseLabel(row.phase) : `    ${row.sub.name}`;
  return path ? `${cut(name, 22)} (${t('critical')})` : name;
}

function paintAxis(
  pen: Picture,
  { shown, height }: { shown: Span; height: number },
  ink: Ink,
): void {
  pen.textAlign = 'center';
  for (const time of ticks(shown, PLOT)) {
    const x = NAMES + toPixels(time, shown, PLOT);
    pen.fillStyle = ink.muted;
    pen.fillText(offset(time), x, HEAD - 10);
    pen.globalAlpha = 0.25;
    pen.fillRect(x, HEAD, 1, height - HEAD - FOOT);
    pen.globalAlpha = 1;
  }
  pen.textAlign = 'left';
}

function paintRest(pen: Picture, rest: number, height: number): void {
  if (rest <= 0) return;
  const words = count(
    rest,
    t('{0} more row is not in this picture; the CSV has it.'),
    t('{0} more rows are not in this picture; the CSV has them.'),
  );
  pen.fillText(words, 12, height - 10);
}

interface Phases {
  scene: Scene;
  rows: number;
  text: string;
}

function paintPhases(pen: Picture, { scene, rows, text }: Phases, ink: Ink): void {
  const place = ({ from, to }: Span): [number, number] => {
    const x = toPixels(from, scene.extent.shown, PLOT);
    return [x, Math.max(1, toPixels(to, scene.extent.shown, PLOT) - x)];
  };
  for (const [index, row] of scene.rows.slice(0, rows).entries()) {
    const top = index * ROW;
    const bar = barOf(row, scene.context);
    if (bar.waits.ready !== null) {
      const [x, width] = place(bar.waits.ready.span);
      pen.fillStyle = ink.hatch;
      pen.fillRect(x, top + 9, width, 6);
    }
    if (bar.span === null) continue;
    const [x, width] = place(bar.span);
    pen.fillStyle = fillOf(bar.status, ink);
    pen.fillRect(x, top + (row.kind === 'sub' ? 8 : 5), width, row.kind === 'sub' ? 8 : 14);
    pen.fillStyle = text;
    if (isCritical(row, scene)) pen.fillRect(x, top + 20, width, 2);
    const words = duration(bar.span.to - bar.span.from);
    if (row.kind === 'phase') pen.fillText(words, x + width + 5, top + 16);
  }
}

function isCritical(row: Row, { path }: Scene): boolean {
  return row.kind === 'phase' && path?.ids.has(row.id) === true;
}

function fillOf(status: Status, ink: Ink): Ink['hatch'] {
  if (status === 'RUNNING') return ink.status.PROCESSING;
  if (status === 'COMPLETED' || status === 'FAILED') return ink.status[status];
  return ink.hatch;
}

function paintLanes(pen: Picture, of: Exclude<FileOf, { scene: Scene }>, ink: Ink): void {
  const { origin, shown } = of.frame;
  const span = { from: shown.from + origin, to: shown.to + origin };
  const view = { shown: span, width: PLOT, now: of.now, ink };
  for (const [index, lane] of of.lanes.slice(0, MOST_ROWS).entries())
    paintLane(pen, lane, index * ROW, view);
}
