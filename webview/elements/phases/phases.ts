import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { count, statusWord } from '../../../service/protocol/describe.ts';
import type { PhaseRecord } from '../../../service/protocol/record.ts';
import { STATUSES } from '../../../service/protocol/states.ts';
import { valueOf } from '../../controls.ts';
import { setCss } from '../../cssDirective.ts';
import { icon } from '../../icons.ts';
import { scrollTo, windowOf } from '../../virtual.ts';
import { Watch } from '../../watch.ts';
import { choice } from '../shared/choice.ts';
import { fieldStyles } from '../shared/field.ts';
import { type Content, RegionElement } from '../shared/region.ts';
import { Sized } from '../shared/sized.ts';
import { statusIcon } from '../shared/status.ts';
import { messageOf } from '../../../service/protocol/errors.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import { type Around, type Column, COLUMNS, filterPhases, sortPhases } from './columns.ts';
import { cell, gap, hiddenNote, phaseName } from './cells.ts';
import { phaseDetail } from './detail.ts';
import { phasesStyles } from './phases.styles.ts';
import { WaitedCache } from './waited.ts';

const ROW = 28;
/** A longer table scrolls in itself; a shorter one stands in the page as it is. */
const LONG = 40;
/** Before a detail has been measured. */
const DETAIL = 160;

/** All phases as a table: sorted, filtered, each to be opened for its error, sub-phases, log and artifacts. */
@customElement('pipescope-phases')
export class PipescopePhases extends RegionElement {
  static override styles = [...RegionElement.styles, fieldStyles, phasesStyles];
  readonly region = 'Phases';
  @state() private scrolled = 0;
  @state() private opened: ReadonlySet<string> = new Set();
  readonly #waited = new WaitedCache();
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
    this.renderRoot.querySelector<HTMLElement>('input.field')?.focus();
  }

  protected override actions(): TemplateResult {
    const { view } = this.app.session;
    return html`<div class="fields">
      <input
        class="field"
        autocomplete="off"
        spellcheck="false"
        placeholder=${t('Filter phases (/)')}
        aria-label=${t('Filter phases')}
        .value=${view.filter}
        @input=${(event: Event) => this.app.session.set({ filter: valueOf(event) })}
        @keydown=${this.#clearOnEscape}
      />
      ${choice({
        label: t('Show phases with status'),
        value: view.status,
        options: [
          ['all', t('Every status')],
          ...STATUSES.map((status) => [status, statusWord(status)] as const),
        ],
        pick: (status) => this.app.session.set({ status }),
      })}
      <vscode-button
        appearance="icon"
        aria-label=${t('Save the phases as CSV table')}
        title=${t('Save the phases as CSV table')}
        @click=${this.#save}
        >${icon('export')}</vscode-button
      >
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
    if (all.length === 0) return html`<p class="empty">${t('This job has no phases so far.')}</p>`;
    const phases = this.#list();
    const extras = this.#extras(phases);
    const around = this.#waited.around(this.app);
    const window = windowOf(
      { count: phases.length, rowHeight: ROW, extras },
      this.scrolled,
      this.#size.height || 476,
    );
    return html`${this.#hiddenNote(phases)}
      <div class="scroll ${phases.length > LONG ? 'long' : ''}" @scroll=${this.#scroll}>
        <table aria-label=${t('Phases')} aria-rowcount=${phases.length + 1}>
          <colgroup>
            ${COLUMNS.map((column) => html`<col class="${column.id} p${column.priority}" />`)}
          </colgroup>
          <thead>
            <tr aria-rowindex="1">
              ${COLUMNS.map((column) => this.#heading(column))}
            </tr>
          </thead>
          <tbody class="rows" @keydown=${this.#keydown}>
            ${gap(window.before)}
            ${repeat(
              phases.slice(window.start, window.end),
              (phase) => phase.phase_id,
              (phase, index) => this.#row(phase, window.start + index, around),
            )}
            ${gap(window.after)}
          </tbody>
        </table>
      </div>
      <p class="caption" role="status">
        ${phases.length === all.length ? nothing : count(all.length, t('{1} of {0} phase matches.'), t('{1} of {0} phases match.'), numeral(phases.length))}
      </p> `;
  }

  /** What was selected elsewhere may not be listed: the filter is the person's, and only they lift it. */
  #hiddenNote(phases: readonly PhaseRecord[]): Content {
    const { phase } = this.app.session.view;
    const selected = this.app.store.detail?.phases.get(phase ?? '');
    if (selected === undefined || indexOf(phases, selected.phase_id) >= 0) return nothing;
    return hiddenNote(selected, () => void this.#showAll(selected.phase_id));
  }

  async #showAll(phaseId: string): Promise<void> {
    this.app.session.set({ filter: '', status: 'all' });
    await this.updateComplete;
    await this.#focusRow(indexOf(this.#list(), phaseId));
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
      <button class="plain" title=${column.hint()} @click=${toggle}>
        ${column.title()}${mine ? icon(sort.descending ? 'arrowDown' : 'arrowUp') : nothing}
      </button>
    </th>`;
  }

  #row(phase: PhaseRecord, index: number, around: Around): TemplateResult {
    const open = this.opened.has(phase.phase_id);
    const selected = this.app.session.view.phase === phase.phase_id;
    const [, second, ...rest] = COLUMNS;
    const status = second?.text(phase, around) ?? '';
    return html`<tr class=${selected ? 'selected' : ''} aria-rowindex=${index + 2}>
        <td>${phaseName(phase, { index, open, toggle: () => this.#toggle(phase.phase_id) })}</td>
        <td title=${status}>${statusIcon(phase.status)} ${status}</td>
        ${rest.map((column) => cell(column, phase, around))}
      </tr>
      ${
        open
          ? html`<tr class="detail" data-phase=${phase.phase_id}>
              <td colspan=${COLUMNS.length}>${phaseDetail(this.app, phase)}</td>
            </tr>`
          : nothing
      }`;
  }

  /** Sorting thousands by a growing time is done when a record changed, not with every tick. */
  #list(): readonly PhaseRecord[] {
    const { view } = this.app.session;
    const all = this.app.store.detail?.orderedPhases() ?? [];
    const key = [all, view.filter, view.status, view.sort];
    if (this.#listCache?.key.every((part, index) => part === key[index]) !== true) {
      const found = filterPhases(all, view.filter, view.status);
      this.#listCache = {
        key,
        phases: sortPhases(found, view.sort, this.#waited.around(this.app)),
      };
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
      this.#shownPhase = null;
      this.opened = new Set();
      this.#heights.clear();
      this.scrolled = 0;
    }
  }

  protected override updated(): void {
    this.#measure();
    const { phase } = this.app.session.view;
    if (phase === this.#shownPhase || this.waiting) return;
    if (phase === null || this.#reveal(phase)) this.#shownPhase = phase;
  }

  /** Opens a phase that was selected elsewhere, and scrolls the table (not the page) to it. False while it is not listed. */
  #reveal(phaseId: string): boolean {
    const phases = this.#list();
    const index = indexOf(phases, phaseId);
    const scroller = this.renderRoot.querySelector('.scroll');
    if (index < 0 || scroller === null) return false;
    const list = { count: phases.length, rowHeight: ROW, extras: this.#extras(phases) };
    scroller.scrollTop = scrollTo(list, index, scroller.scrollTop, scroller.clientHeight - 2 * ROW);
    this.opened = new Set([...this.opened, phaseId]);
    return true;
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

  /** Up and down go from row to row, also to those that are not drawn yet. */
  readonly #keydown = (event: KeyboardEvent): void => {
    const from = event.target instanceof HTMLElement ? event.target.dataset['row'] : undefined;
    if (from === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.#list().length - 1;
    const at = Number(from);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    void this.#focusRow(Math.max(0, Math.min(last, to)));
  };

  async #focusRow(index: number): Promise<void> {
    const scroller = this.renderRoot.querySelector('.scroll');
    const phases = this.#list();
    if (scroller === null) return;
    const list = { count: phases.length, rowHeight: ROW, extras: this.#extras(phases) };
    this.scrolled = scrollTo(list, index, scroller.scrollTop, scroller.clientHeight - 2 * ROW);
    scroller.scrollTop = this.scrolled;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus();
  }

  readonly #save = async (): Promise<void> => {
    try {
      const { phasesFile } = await import('./file.ts');
      const title = this.app.store.job?.name ?? '';
      const file = phasesFile(this.#list(), title, this.#waited.around(this.app));
      this.app.session.request({ type: 'host', action: 'save_file', ...file });
    } catch (error) {
      const message = t('The phases could not be saved: {0}', messageOf(error));
      this.app.store.say({ level: 'error', message });
    }
  };

  readonly #clearOnEscape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.app.session.set({ filter: '' });
  };
}

const indexOf = (phases: readonly PhaseRecord[], phaseId: string): number =>
  phases.findIndex((phase) => phase.phase_id === phaseId);
