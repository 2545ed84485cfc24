/** Tables of a report. Pure. */
import { t } from '@vscode/l10n';
import { count } from '../../service/protocol/describe.ts';
import type { Table } from '../charts/table.ts';
import { escaped, isolated } from '../../service/protocol/htmlText.ts';

/** Rows of one table; the rest is counted. */
export const MOST_ROWS = 500;

/** A table that is opened by whoever wants its values. */
export function tableHtml(name: string, table: Table): string {
  const { columns } = table;
  const kind = (index: number): string =>
    columns[index]?.kind === 'number' ? ' class="numeric"' : '';
  const heads = columns.map(
    ({ label }, at) => `<th scope="col"${kind(at)}>${isolated(label)}</th>`,
  );
  const rows = Array.from({ length: Math.min(MOST_ROWS, table.count) }, (_, index) => {
    const cells = table.row(index);
    const said = columns.map((column, at) => table.say(cells[at] ?? null, column));
    return `<tr>${said.map((text, at) => `<td${kind(at)}>${isolated(text)}</td>`).join('')}</tr>`;
  });
  const body = `<thead><tr>${heads.join('')}</tr></thead><tbody>${rows.join('\n')}</tbody>`;
  const summary = count(
    table.count,
    t('{1} as a table: {0} row'),
    t('{1} as a table: {0} rows'),
    name,
  );
  return `<details><summary>${escaped(summary)}</summary><div class="ps-wide"><table>${body}</table></div>${restHtml(table.count - rows.length)}</details>`;
}

/** How much is left out; nothing where nothing is. */
export function restHtml(rows: number): string {
  if (rows <= 0) return '';
  return `<p class="caption">${escaped(count(rows, t('And {0} more row, on the page only.'), t('And {0} more rows, on the page only.')))}</p>`;
}
