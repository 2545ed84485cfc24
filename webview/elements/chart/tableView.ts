import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { count } from '../../../service/protocol/describe.ts';
import type { Table } from '../../charts/table.ts';
import { setCss } from '../../cssDirective.ts';
import { windowOf } from '../../virtual.ts';

export const ROW_HEIGHT = 24;

export interface TableView {
  name: string;
  table: Table;
  /** Pixels. */
  height: number;
  scrollTop: number;
  scrolled: (top: number) => void;
}

/** The table of a chart: only the rows on the screen are drawn, however many there are. */
export function tableView({ name, table, height, scrollTop, scrolled }: TableView): TemplateResult {
  const { columns, count: rows } = table;
  const { start, end, before, after } = windowOf(
    { count: rows, rowHeight: ROW_HEIGHT },
    scrollTop,
    height,
  );
  const indexes = Array.from({ length: end - start }, (_, index) => start + index);
  const words = (kind: string): string => (kind === 'number' ? '' : 'words');
  return html`<div
      class="scroll"
      tabindex="0"
      role="group"
      aria-label=${t('Values of {0}', name)}
      ${setCss({ height: `${height}px` })}
      @scroll=${(event: Event) => scrolled((event.currentTarget as Element).scrollTop)}
    >
      <table aria-label=${name} aria-rowcount=${rows + 1}>
        <thead>
          <tr aria-rowindex="1">
            ${columns.map(({ label, kind }) => html`<th scope="col" class=${words(kind)} title=${label}>${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${gap(before, columns.length)}
          ${indexes.map((index) => {
            const cells = table.row(index);
            return html`<tr class="number" aria-rowindex=${index + 2}>
              ${columns.map((column, at) => {
                const said = table.say(cells[at] ?? null, column);
                return html`<td class=${words(column.kind)} title=${said}>${said}</td>`;
              })}
            </tr>`;
          })}
          ${gap(after, columns.length)}
        </tbody>
      </table>
    </div>
    <p class="caption">${count(rows, t('{0} row'), t('{0} rows'))}</p>`;
}

/** Rows that are not drawn keep their height. */
function gap(height: number, columns: number): TemplateResult | typeof nothing {
  if (height === 0) return nothing;
  return html`<tr class="gap" aria-hidden="true" ${setCss({ height: `${height}px` })}>
    <td colspan=${columns}></td>
  </tr>`;
}
