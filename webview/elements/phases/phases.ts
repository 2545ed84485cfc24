import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { count, errorLine, statusWord } from '../../../service/protocol/describe.ts';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import { STATUSES, type Status } from '../../../service/protocol/states.ts';
import { valueOf } from '../../controls.ts';
import { setCss } from '../../cssDirective.ts';
import { icon } from '../../icons.ts';
import { scrollTo, windowOf } from '../../virtual.ts';
import { Watch } from '../../watch.ts';
import { RegionElement, type Content } from '../shared/region.ts';
import { Sized } from '../shared/sized.ts';
import { statusIcon } from '../shared/status.ts';
import { type Column, COLUMNS, filterPhases, isUnknown, sortPhases } from './columns.ts';
import { phaseDetail } from './detail.ts';
import { phasesStyles } from './phases.styles.ts';

const ROW = 28;
/** A longer table scrolls in itself; a shorter one stands in the page as it is. */
const LONG = 40;
/** Before a detail has been measured. */
const DETAIL = 160;

/** All phases as a table: sorted, filtered, each to be opened for its error, sub-phases, log and artifacts. */
@customElement('pipescope-phases')
export class PipescopePhases extends RegionElement {
  static override styles = [...RegionElement.styles, phasesStyles];
  readonly region = 'Phases';
  @state() private scrolled = 0;
  @state() private opened: ReadonlySet<string> = new Set();
  readonly #heights = new Map<string, number>();
  readonly #size = new Sized(this, '.scroll');
  #listCache: { key: unknown[]; phases: readonly PhaseRecord[] } | undefined;
  #shownPhase: string | null = null;
  #shownJob: string | undefined;

  constructor() {
    super();
    new Watch(this, ['phases', 'sub_phases', 'logs', 'artifacts', 'selection', 'view', 'jobs'], {
      clock: true,
    });
  }

  /** For `/`, from anywhere on the page. */
  focusFilter(): void {
    this.renderRoot.querySelector<HTMLElement>('vscode-text-field')?.focus();
  }

  protected override actions(): TemplateResult {
    const { view } = this.app.session;
    return html`<div class="fields">
      <vscode-text-field
        placeholder="Filter phases (/)"
        aria-label="Filter phases"
        .value=${view.filter}
        @input=${(event: Event) => this.app.session.set({ filter: valueOf(event) })}
        @keydown=${this.#clearOnEscape}
      ></vscode-text-field>
      <vscode-dropdown
        aria-label="Show phases with status"
        .value=${view.status}
        @change=${(event: Event) => this.app.session.set({ status: valueOf(event) as Status | 'all' })}
      >
        <vscode-option value="all" ?selected=${view.status === 'all'}>Every status</vscode-option>
        ${STATUSES.map((status) => html`<vscode-option value=${status} ?selected=${view.status === status}>${statusWord(status)}</vscode-option>`)}
      </vscode-dropdown>
    </div>`;
  }

  protected override skeleton(): TemplateResult {
    const phases = this.app.store.job?.phases_total ?? 10;
    const height = phases > LONG ? 476 : (phases + 1) * ROW;
    return html`<div class="skeleton" ${setCss({ height: `${height}px` })}></div>
      <p class="caption">&nbsp;</p>`;
  }

  protected content(): TemplateResult {
    const all = this.app.store.detail?.orderedPhases() ?? [];
    if (all.length === 0) return html`<p class="empty">This job has no phases so far.</p>`;
    const phases = this.#list();
    const extras = this.#extras(phases);
    const window = windowOf(
      { count: phases.length, rowHeight: ROW, extras },
      this.scrolled,
      this.#size.height || 476,
    );
    return html`
      <div class="scroll ${phases.length > LONG ? 'long' : ''}" @scroll=${this.#scroll}>
        <table aria-label="Phases" aria-rowcount=${phases.length + 1}>
          <colgroup>
            ${COLUMNS.map((column) => html`<col class="${column.id} p${column.priority}" />`)}
          </colgroup>
          <thead>
            <tr aria-rowindex="1">
              ${COLUMNS.map((column) => this.#heading(column))}
            </tr>
          </thead>
          <tbody class="rows">
            ${gap(window.before)}
            ${repeat(
              phases.slice(window.start, window.end),
              (phase) => phase.phase_id,
              (phase, index) => this.#row(phase, window.start + index),
            )}
            ${gap(window.after)}
          </tbody>
        </table>
      </div>
      <p class="caption" role="status">
        ${phases.length === all.length ? nothing : count(all.length, t('{1} of {0} phase matches.'), t('{1} of {0} phases match.'), phases.length.toLocaleString())}
      </p>
    `;
  }

  #heading(column: Column): TemplateResult {
    const { sort } = this.app.session.view;
    const mine = sort.column === column.id;
    const order = mine ? (sort.descending ? 'descending' : 'ascending') : 'none';
    const toggle = (): void =>
      this.app.session.set({
        sort: { column: column.id, descending: mine ? !sort.descending : column.numeric },
      });
    return html`<th
      scope="col"
      class="p${column.priority} ${column.numeric ? 'numeric' : ''}"
      aria-sort=${order}
    >
      <button class="plain" title=${column.hint} @click=${toggle}>
        ${column.title}${mine ? icon(sort.descending ? 'arrowDown' : 'arrowUp') : nothing}
      </button>
    </th>`;
  }

  #row(phase: PhaseRecord, index: number): TemplateResult {
    const now = this.app.clock.now();
    const open = this.opened.has(phase.phase_id);
    const selected = this.app.session.view.phase === phase.phase_id;
    const [, second, ...rest] = COLUMNS;
    const status = second?.text(phase, now) ?? '';
    return html`<tr class=${selected ? 'selected' : ''} aria-rowindex=${index + 2}>
        <td>${this.#name(phase, open)}</td>
        <td title=${status}>${statusIcon(phase.status)} ${status}</td>
        ${rest.map((column) => cell(column, phase, now))}
      </tr>
      ${
        open
          ? html`<tr class="detail" data-phase=${phase.phase_id}>
              <td colspan=${COLUMNS.length}>${phaseDetail(this.app, phase)}</td>
            </tr>`
          : nothing
      }`;
  }

  #name(phase: PhaseRecord, open: boolean): TemplateResult {
    const name = phase.name === phase.phase_id ? '' : ` ${phase.name}`;
    const error = phase.error
      ? html` <span class="errortext">${errorLine(phase.error)}</span>`
      : nothing;
    return html`<button
      class="plain open"
      aria-expanded=${open ? 'true' : 'false'}
      @click=${() => this.#toggle(phase.phase_id)}
    >
      ${icon(open ? 'chevronDown' : 'chevronRight')}<span class="cut"
        >${phase.phase_id}${name}${error}</span
      >
    </button>`;
  }

  /** Sorting thousands by a growing time is done when a record changed, not with every tick. */
  #list(): readonly PhaseRecord[] {
    const { view } = this.app.session;
    const all = this.app.store.detail?.orderedPhases() ?? [];
    const key = [all, view.filter, view.status, view.sort];
    if (this.#listCache?.key.every((part, index) => part === key[index]) !== true) {
      const found = filterPhases(all, view.filter, view.status);
      this.#listCache = { key, phases: sortPhases(found, view.sort, this.app.clock.now()) };
    }
    return this.#listCache.phases;
  }

  #extras(phases: readonly PhaseRecord[]): { index: number; height: number }[] {
    if (this.opened.size === 0) return [];
    return phases.flatMap(({ phase_id: id }, index) =>
      this.opened.has(id) ? [{ index, height: this.#heights.get(id) ?? DETAIL }] : [],
    );
  }

  #toggle(phaseId: string): void {
    const opened = new Set(this.opened);
    if (!opened.delete(phaseId)) opened.add(phaseId);
    this.opened = opened;
  }

  protected override willUpdate(): void {
    const jobId = this.app.store.detail?.jobId;
    if (jobId !== this.#shownJob) {
      this.#shownJob = jobId;
      this.opened = new Set();
      this.#heights.clear();
      this.scrolled = 0;
    }
  }

  protected override updated(): void {
    this.#measure();
    const { phase } = this.app.session.view;
    if (phase === this.#shownPhase || this.waiting) return;
    this.#shownPhase = phase;
    if (phase !== null) this.#reveal(phase);
  }

  /** Opens a phase that was selected elsewhere, and scrolls the table (not the page) to it. */
  #reveal(phaseId: string): void {
    const phases = this.#list();
    const index = phases.findIndex((phase) => phase.phase_id === phaseId);
    const scroller = this.renderRoot.querySelector('.scroll');
    if (index < 0 || scroller === null) return;
    const list = { count: phases.length, rowHeight: ROW, extras: this.#extras(phases) };
    scroller.scrollTop = scrollTo(list, index, scroller.scrollTop, scroller.clientHeight - 2 * ROW);
    this.opened = new Set([...this.opened, phaseId]);
  }

  /** Opened details are as high as their content: the rows below are placed by what was measured. */
  #measure(): void {
    for (const row of this.renderRoot.querySelectorAll<HTMLElement>('tr.detail')) {
      const id = row.dataset['phase'] ?? '';
      if (this.#heights.get(id) === row.offsetHeight) continue;
      this.#heights.set(id, row.offsetHeight);
      void this.updateComplete.then(() => this.requestUpdate());
    }
  }

  readonly #scroll = (event: Event): void => {
    this.scrolled = (event.currentTarget as Element).scrollTop;
  };

  readonly #clearOnEscape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.app.session.set({ filter: '' });
  };
}

function cell(column: Column, phase: PhaseRecord, now: number): TemplateResult {
  const text = column.text(phase, now);
  const tone = isUnknown(text) ? 'unknown' : toneOf(column, phase);
  return html`<td
    class="p${column.priority} ${column.numeric ? 'numeric' : ''} ${tone}"
    title=${text}
  >
    ${text}
  </td>`;
}

function toneOf(column: Column, phase: PhaseRecord): string {
  if (column.id === 'errors') return phase.error_count > 0 ? 'bad' : 'none';
  if (column.id === 'warnings') return phase.warning_count > 0 ? 'warn' : 'none';
  if (column.id === 'artifacts') return phase.artifact_count > 0 ? '' : 'none';
  return '';
}

function gap(height: number): Content {
  if (height === 0) return nothing;
  return html`<tr class="gap" aria-hidden="true">
    <td colspan=${COLUMNS.length} ${setCss({ height: `${height}px` })}></td>
  </tr>`;
}
