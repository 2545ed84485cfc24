import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { exactTime } from '../../../service/protocol/describe.ts';
import type { WorkerRecord } from '../../../service/protocol/domain.ts';
import type { App } from '../../app.ts';
import { setCss } from '../../cssDirective.ts';
import { icon } from '../../icons.ts';
import { windowOf } from '../../virtual.ts';
import type { Content } from '../shared/region.ts';
import { Sized } from '../shared/sized.ts';
import { shared } from '../shared/styles.ts';
import { tableStyles } from '../shared/tableStyles.ts';
import {
  type Column,
  columnOf,
  COLUMNS,
  listWorkers,
  type Order,
  STATE_ICONS,
  type State,
  stateOf,
  USUAL,
  workerFacts,
} from './list.ts';
import { workerTableStyles } from './table.styles.ts';

const ROW = 28;
/** Below this many pixels a row has two lines, and the columns are said in the second. */
const NARROW = 560;
const NARROW_ROW = 48;
/** Of the table before it was measured; as high as it can be. */
const HEIGHT = 364;
/** Columns that show how much of the whole is used. */
const LOADS: readonly Column[] = ['cpu', 'memory', 'gpu'];
const TONES: Partial<Record<Column, string>> = { failed: 'warn', failures: 'bad' };

/** Any number of workers, of which only those on the screen are drawn. */
@customElement('pipescope-worker-table')
export class PipescopeWorkerTable extends LitElement {
  static override styles = [shared, tableStyles, workerTableStyles];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) workers: ReadonlyMap<string, WorkerRecord> = new Map();
  @property({ attribute: false }) filter = '';
  @property({ attribute: false }) wanted: State | 'all' = 'all';
  @property({ attribute: false }) chosen: string | null = null;
  @state() private order: Order = USUAL;
  @state() private scrolled = 0;
  readonly #size = new Sized(this, '.scroll');
  /** Megabytes of the worker that uses most. */
  #mostMemory = 0;

  protected override willUpdate(): void {
    this.#mostMemory = [...this.workers.values()].reduce(
      (most, { memory_mb: used }) => Math.max(most, used ?? 0),
      0,
    );
  }

  /** The workers as they are filtered and sorted. */
  listed(): WorkerRecord[] {
    const { filter: text, wanted: state } = this;
    return listWorkers(this.workers.values(), { text, state }, this.order);
  }

  protected override render(): TemplateResult {
    const workers = this.listed();
    const narrow = this.#size.width > 0 && this.#size.width < NARROW;
    const rowHeight = narrow ? NARROW_ROW : ROW;
    const list = { count: workers.length, rowHeight };
    const window = windowOf(list, this.scrolled, this.#size.height || HEIGHT);
    return html`<div
      class="scroll"
      tabindex="0"
      role="group"
      aria-label=${t('Workers')}
      @scroll=${(event: Event) => (this.scrolled = (event.currentTarget as Element).scrollTop)}
    >
      <table
        class=${narrow ? 'narrow' : ''}
        aria-label=${t('Workers')}
        aria-rowcount=${workers.length + 1}
      >
        <colgroup>
          ${COLUMNS.map((column) => html`<col class=${column} />`)}
        </colgroup>
        <thead class="sticky">
          <tr aria-rowindex="1">
            ${COLUMNS.map((column) => this.#heading(column))}
          </tr>
        </thead>
        <tbody>
          ${gap(window.before)}
          ${repeat(
            workers.slice(window.start, window.end),
            (worker) => worker.worker_id,
            (worker, i) => this.#row(worker, window.start + i, narrow),
          )}
          ${gap(window.after)}
        </tbody>
      </table>
      ${workers.length === 0 ? html`<p class="empty">${t('No worker matches the filter.')}</p>` : nothing}
    </div>`;
  }

  #heading(column: Column): TemplateResult {
    const { title, hint, numeric = false } = columnOf(column);
    const mine = this.order.column === column;
    const sorted = mine ? (this.order.descending ? 'descending' : 'ascending') : 'none';
    const toggle = (): void => {
      this.order = { column, descending: mine ? !this.order.descending : numeric };
    };
    return html`<th scope="col" class="${column} ${numeric ? 'numeric' : ''}" aria-sort=${sorted}>
      <button class="plain" title=${hint} @click=${toggle}>
        ${title}${mine ? icon(this.order.descending ? 'arrowDown' : 'arrowUp') : nothing}
      </button>
    </th>`;
  }

  #row(worker: WorkerRecord, index: number, narrow: boolean): TemplateResult {
    const selected = this.chosen === worker.worker_id;
    return html`<tr
      class="${selected ? 'selected' : ''} ${stateOf(worker)}"
      aria-rowindex=${index + 2}
    >
      ${COLUMNS.map((column) => this.#cell(column, worker, narrow))}
    </tr>`;
  }

  #cell(column: Column, worker: WorkerRecord, narrow: boolean): TemplateResult {
    const now = this.app.clock.now();
    const { text, value, numeric = false } = columnOf(column);
    const said = text(worker, now);
    if (column === 'worker') return html`<td class="worker">${this.#name(worker, narrow)}</td>`;
    if (column === 'state')
      return html`<td class="state" title=${worker.health_reason ?? said}>
        ${icon(STATE_ICONS[stateOf(worker)], stateOf(worker))} ${said}
      </td>`;
    const bad = Number(value(worker) ?? 0) > 0 ? (TONES[column] ?? '') : '';
    const seen = column === 'seen' && worker.last_heartbeat !== null;
    return html`<td
      class="${column} ${numeric ? 'numeric' : ''} ${value(worker) === null ? 'none' : bad}"
      title=${seen ? exactTime(worker.last_heartbeat ?? '') : said}
    >
      ${this.#load(column, worker)}<bdi>${said}</bdi>
    </td>`;
  }

  #name(worker: WorkerRecord, narrow: boolean): TemplateResult {
    const { worker_id: id } = worker;
    const choose = (): void =>
      void this.dispatchEvent(new CustomEvent('pipescope-choose', { detail: id }));
    return html`<button
        class="plain link cut"
        aria-pressed=${this.chosen === id ? 'true' : 'false'}
        title=${t('Show the tasks of {0}', id)}
        @click=${choose}
      >
        <bdi>${id}</bdi></button
      >${narrow ? html`<div class="caption cut">${workerFacts(worker, this.app.clock.now())}</div>` : nothing}`;
  }

  #load(column: Column, worker: WorkerRecord): Content {
    if (!LOADS.includes(column)) return nothing;
    const value = columnOf(column).value(worker);
    if (typeof value !== 'number') return nothing;
    const most = column === 'memory' ? this.#mostMemory : 100;
    const share = most > 0 ? Math.min(1, Math.max(0, value / most)) : 0;
    return html`<span class="load" aria-hidden="true"
      ><span
        class=${share >= 0.9 && column !== 'memory' ? 'full' : ''}
        ${setCss({ width: `${share * 100}%` })}
      ></span
    ></span>`;
  }
}

function gap(height: number): Content {
  if (height === 0) return nothing;
  return html`<tr class="gap" aria-hidden="true">
    <td colspan=${COLUMNS.length} ${setCss({ height: `${height}px` })}></td>
  </tr>`;
}
