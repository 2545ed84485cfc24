import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { JobRecord } from '../../../service/protocol/record.ts';
import type { JobOrder } from '../../../service/protocol/states.ts';
import { setCss } from '../../cssDirective.ts';
import { icon } from '../../icons.ts';
import { type Window, windowOf } from '../../virtual.ts';
import type { Content } from '../shared/region.ts';
import { statusIcon } from '../shared/status.ts';
import { type Column, COLUMNS, nextOrder } from './columns.ts';

export const ROW = 28;
/** Pixels of the table on the screen. */
export const VIEWPORT = 340;

/** Of what the table is made. */
export interface RunsTable {
  /** Undefined while it is being fetched. Asked for the rows on the screen only. */
  job: (index: number) => JobRecord | undefined;
  total: number;
  order: JobOrder;
  now: number;
  scrollTop: number;
  /** The row that Tab reaches; arrows move it. */
  active: number;
  picked: ReadonlySet<string>;
  shown: string | undefined;
  sort: (order: JobOrder) => void;
  open: (job: JobRecord) => void;
  pick: (job: JobRecord, on: boolean) => void;
  scroll: (event: Event) => void;
  keydown: (event: KeyboardEvent) => void;
}

/** Those on the screen, and some around. */
export function drawnRows(total: number, scrollTop: number): Window {
  return windowOf({ count: total, rowHeight: ROW }, scrollTop, VIEWPORT);
}

export function runsTable(of: RunsTable): TemplateResult {
  const window = drawnRows(of.total, of.scrollTop);
  const rows = Array.from({ length: window.end - window.start }, (_, i) => {
    const index = window.start + i;
    return { index, job: of.job(index) };
  });
  return html`<div class="scroll" @scroll=${of.scroll} @keydown=${of.keydown}>
    <table aria-label=${t('Runs')} aria-rowcount=${of.total + 1}>
      <colgroup>
        <col class="pick" />
        ${COLUMNS.map(({ id, priority }) => html`<col class="${id} p${priority}" />`)}
      </colgroup>
      <thead>
        <tr aria-rowindex="1">
          <th scope="col"><span class="spoken">${t('Compare')}</span></th>
          ${COLUMNS.map((column) => heading(column, of))}
        </tr>
      </thead>
      <tbody>
        ${gap(window.before)}
        ${repeat(
          rows,
          ({ index, job }) => job?.job_id ?? index,
          ({ index, job }) => row(index, job, of),
        )}
        ${gap(window.after)}
      </tbody>
    </table>
  </div>`;
}

function heading(column: Column, { order, sort }: RunsTable): TemplateResult {
  const classes = `${column.id} p${column.priority} ${column.numeric ? 'numeric' : ''}`;
  const next = nextOrder(column, order);
  if (next === undefined) return html`<th scope="col" class=${classes}>${column.title()}</th>`;
  const mine = column.orders.includes(order);
  const isDown = order === 'newest' || order === 'longest' || order === 'errors';
  const direction = mine ? (isDown ? 'descending' : 'ascending') : 'none';
  return html`<th scope="col" class=${classes} aria-sort=${direction}>
    <button class="plain" @click=${() => sort(next)}>
      ${column.title()}${mine ? icon(isDown ? 'arrowDown' : 'arrowUp') : nothing}
    </button>
  </th>`;
}

function row(index: number, job: JobRecord | undefined, of: RunsTable): TemplateResult {
  if (job === undefined)
    return html`<tr class="awaited" aria-rowindex=${index + 2}>
      <td></td>
      <td><span class="skeleton"></span></td>
    </tr>`;
  const tab = index === of.active ? '0' : '-1';
  const [, ...rest] = COLUMNS;
  const label = t('Compare {0}', job.name);
  return html`<tr
    class=${job.job_id === of.shown ? 'selected' : ''}
    aria-rowindex=${index + 2}
    data-row=${index}
  >
    <td class="pick">
      <input
        type="checkbox"
        tabindex=${tab}
        aria-label=${label}
        title=${label}
        .checked=${of.picked.has(job.job_id)}
        @change=${(event: Event) => of.pick(job, (event.currentTarget as HTMLInputElement).checked)}
      />
    </td>
    <td>
      <button
        class="plain link open cut"
        tabindex=${tab}
        title=${cutText(`${job.name}\n${job.job_id}`)}
        @click=${() => of.open(job)}
      >
        <bdi>${cutText(job.name)}</bdi>
      </button>
    </td>
    ${rest.map((column) => cell(column, job, of.now))}
  </tr>`;
}

function cell(column: Column, job: JobRecord, now: number): TemplateResult {
  const text = cutText(column.text(job, now));
  const tone = column.id === 'errors' && job.error_count > 0 ? 'bad' : '';
  return html`<td
    class="${column.id} p${column.priority} ${column.numeric ? 'numeric' : ''} ${tone}"
    title=${column.hint?.(job) ?? text}
  >
    ${column.id === 'status' ? statusIcon(job.status) : nothing} <bdi>${text}</bdi>
  </td>`;
}

/** Longer names than a line can hold only cost time. */
function cutText(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
}

/** One cell: a wider one would make columns that are hidden where it is narrow. */
function gap(height: number): Content {
  if (height === 0) return nothing;
  return html`<tr class="gap" aria-hidden="true">
    <td ${setCss({ height: `${height}px` })}></td>
  </tr>`;
}
