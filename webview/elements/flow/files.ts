/** The graph as a file: a drawing, a picture, or a table. */
import { t } from '@vscode/l10n';
import { duration, memory, phaseLabel, statusWord } from '../../../service/protocol/describe.ts';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import type { Status } from '../../../service/protocol/states.ts';
import type { App } from '../../app.ts';
import { csvOf } from '../../charts/csv.ts';
import { fileName } from '../../charts/file.ts';
import type { ChartFormat } from '../../charts/format.ts';
import type { Column, Table } from '../../charts/table.ts';
import { number as say, phaseMs } from '../../format.ts';
import { regionTitle } from '../../regionNames.ts';
import type { Drawn } from '../../report/drawn.ts';
import type { View } from '../../view.ts';
import { type PictureOf, svgOf } from './picture.ts';

/** What browsers draw at most, with room to spare: pixels along a side, and all of them. */
const LONGEST = 8_192;
const MOST_PIXELS = 32_000_000;

export interface FileOf extends Omit<PictureOf, 'scene' | 'palette'> {
  phases: readonly PhaseRecord[];
  /** What is drawn; null where nothing is. */
  picture: Pick<PictureOf, 'scene' | 'palette'> | null;
}

/** Fails with an Error where there is nothing drawn, or the browser cannot draw the picture. */
export async function flowFile(
  format: ChartFormat,
  of: FileOf,
): Promise<{ name: string; base64: string }> {
  const name = fileName(`${of.title} graph`, of.now, format);
  if (format === 'csv') {
    // With the mark of UTF-8, without which spreadsheets take it for their own old encoding.
    const text = `\uFEFF${csvOf(tableOf(of.phases, of.now))}`;
    return { name, base64: await base64Of(new Blob([text])) };
  }
  if (of.picture === null) throw new Error(t('Show the graph first; the table is saved as CSV.'));
  const svg = new Blob([svgOf({ ...of, ...of.picture })], { type: 'image/svg+xml' });
  return { name, base64: await base64Of(format === 'svg' ? svg : await pngOf(svg)) };
}

/** For a report. */
export function flowDrawn(
  of: Pick<FileOf, 'phases' | 'usual' | 'now'> & { app: App; view: View },
  picture: Pick<PictureOf, 'scene' | 'palette'>,
): Drawn {
  const { phases, usual, now } = of;
  const { metric } = of.view.flow;
  const title = of.app.store.job?.name ?? '';
  const svg = svgOf({ ...picture, title, metric, usual, now });
  return { name: regionTitle('Pipeline flow'), svg, table: tableOf(phases, now) };
}

async function pngOf(svg: Blob): Promise<Blob> {
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const scale = Math.min(
      2,
      LONGEST / Math.max(width, height),
      Math.sqrt(MOST_PIXELS / (width * height)),
    );
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.floor(width * scale));
    canvas.height = Math.max(1, Math.floor(height * scale));
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (png === null) throw new Error(t('The graph is too large for a picture. Save it as SVG.'));
    return png;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      const { result } = reader;
      resolve(typeof result === 'string' ? result.slice(result.indexOf(',') + 1) : '');
    });
    reader.addEventListener('error', () => reject(reader.error ?? new Error('unread')));
    reader.readAsDataURL(blob);
  });
}

/** Every phase, folded or not. */
export function tableOf(phases: readonly PhaseRecord[], now: number): Table {
  const text = (label: string): Column => ({ label, unit: '', kind: 'text' });
  const number = (label: string, unit: string): Column => ({ label, unit, kind: 'number' });
  const status = text(t('Status'));
  return {
    columns: [
      ...[text(t('Phase')), text(t('Depends on')), status],
      ...[number(t('Time'), 'ms'), number(t('Memory'), 'MB'), number(t('Errors'), '')],
    ],
    count: phases.length,
    row: (index) => {
      const phase = phases[index] as PhaseRecord;
      const { status, depends_on, memory_mb, error_count } = phase;
      const time = phaseMs(phase, now);
      return [
        phaseLabel(phase),
        depends_on.join(' '),
        status,
        time,
        memory_mb?.max ?? null,
        error_count,
      ];
    },
    say: (cell, column) => {
      if (column === status) return statusWord(cell as Status);
      if (typeof cell === 'string') return cell;
      if (column.unit === 'ms') return duration(cell);
      return column.unit === 'MB' ? memory(cell) : say(cell);
    },
  };
}
