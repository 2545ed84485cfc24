/** The timeline as a file. Fetched with the first file that is asked for. */
import { base64Of } from '../../base64.ts';
import { csvOf } from '../../charts/csv.ts';
import type { ChartFormat } from '../../charts/format.ts';
import type { Table } from '../../charts/table.ts';
import { SvgContext } from '../../charts/svgContext.ts';
import type { Drawn, Paper } from '../../report/drawn.ts';
import { fileName } from '../../saveExport.ts';
import { type FileOf, paintPicture, type Picture, pictureSize } from './picture.ts';
import { lanesTable, phasesTable } from './tables.ts';
import { laneInk } from './ink.ts';

const SCALE = 2;

/** `name` is one that every file system takes; the base64 is of the file's bytes. */
export function timelineFile(
  format: ChartFormat,
  of: FileOf,
  now: number,
): { name: string; base64: string } {
  const day = new Date(now).toISOString().slice(0, 19).replaceAll(':', '-');
  const name = fileName(`${of.title} timeline ${day}`, format);
  return { name, base64: contentOf(format, of) };
}

/** For a report. */
export function timelineDrawn(name: string, of: FileOf, { prefix }: Paper): Drawn {
  return { name, svg: svg(of, prefix), table: tableOf(of) };
}

function tableOf(of: FileOf): Table {
  return 'scene' in of ? phasesTable(of.scene) : lanesTable(of.lanes, of.now);
}

function contentOf(format: ChartFormat, of: FileOf): string {
  switch (format) {
    case 'csv':
      // With the mark of UTF-8, without which spreadsheets take it for their own old encoding.
      return base64Of(`\uFEFF${csvOf(tableOf(of))}`);
    case 'svg':
      return base64Of(svg(of));
    case 'png':
      return png(of);
  }
}

function svg(of: FileOf, prefix = ''): string {
  const { width, height } = pictureSize(of);
  const context = new SvgContext(width, height, prefix);
  // A recorder's pattern is filled with as a canvas' own.
  const hatch = (color: string): CanvasPattern =>
    context.hatch(color, 0) as unknown as CanvasPattern;
  paintPicture(context as unknown as Picture, of, laneInk(of.element, hatch));
  return context.text(of.title);
}

function png(of: FileOf): string {
  const { width, height } = pictureSize(of);
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The browser gives no canvas to draw on.');
  context.scale(SCALE, SCALE);
  paintPicture(context, of, laneInk(of.element));
  const url = canvas.toDataURL('image/png');
  return url.slice(url.indexOf(',') + 1);
}
