import { t } from '@vscode/l10n';
import type { PropertyValues, TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Drawn, Paper } from '../../report/drawn.ts';
import type { Window } from '../../virtual.ts';
import type { Content } from '../shared/region.ts';
import { barOf, type Bar, type Row } from './bars.ts';
import { openOf, placeOf, toggled } from './folds.ts';
import { rowLabel } from './label.ts';
import { plot, type Plot } from './plot.ts';
import { RowsView, type TimeFrame } from './rowsView.ts';
import { gapWords } from './runWords.ts';
import type { Scene } from './scene.ts';
import { rowFacts } from './words.ts';

/** Phases and sub-phases against time. Running bars grow with the clock of the page. */
@customElement('pipescope-timeline-phases')
export class PipescopeTimelinePhases extends RowsView {
  @property({ attribute: false }) scene!: Scene;
  protected readonly listName = (): string => t('Phases against time');
  readonly #labelActions = {
    select: (index: number) => this.select(index),
    toggle: (row: Row) => this.#toggle(row),
    hover: (index: number) => (this.hovered = index),
  };
  /** The job whose failed phase has been scrolled to. */
  #opened: string | undefined;

  protected get frame(): TimeFrame {
    const { extent, running, gaps, context } = this.scene;
    return { ...extent, gaps, now: running ? context.now - context.origin : null };
  }

  protected get count(): number {
    return this.scene.rows.length;
  }

  protected get listRole(): 'listbox' | 'tree' {
    return this.scene.folding === null ? 'listbox' : 'tree';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('scene')?.rows;
    const { rows } = this.scene;
    if (before !== undefined && before !== rows) this.active = placeOf(before[this.active], rows);
  }

  /** A job that is opened shows where it failed. */
  protected override updated(): void {
    super.updated();
    const job = this.app.store.detail?.jobId;
    if (job === this.#opened) return;
    this.#opened = job;
    const failed = this.scene.rows.findIndex(({ phase }) => phase.status === 'FAILED');
    this.active = Math.max(0, failed);
    this.scrollToActive();
  }

  /** After all were folded or unfolded. */
  reveal(): void {
    void this.updateComplete.then(() => this.scrollToActive());
  }

  async forReport(paper: Paper): Promise<Drawn> {
    const { timelineDrawn } = await import('./files.ts');
    const title = this.app.store.job?.name ?? '';
    return timelineDrawn(
      this.listName(),
      { scene: this.scene, title, element: paper.element },
      paper,
    );
  }

  protected label(index: number): TemplateResult {
    const { scene } = this;
    const row = scene.rows[index] as Row;
    return rowLabel(
      {
        ...{ row, index, active: index === this.active, folding: scene.folding !== null },
        selected: row.kind === 'phase' && this.app.session.view.phase === row.id,
        critical: this.#isCritical(row),
        facts: this.#words(row, barOf(row, scene.context)),
      },
      this.#labelActions,
    );
  }

  protected drawing({ start, end }: Window, view: Plot): Content {
    const { rows, context } = this.scene;
    const bars = rows.slice(start, end).map((row) => ({
      ...barOf(row, context),
      ...{ sub: row.kind === 'sub', critical: this.#isCritical(row) },
    }));
    return plot(view, bars);
  }

  protected facts(index: number, time: number | null): string[] {
    const row = this.scene.rows[index];
    if (row === undefined) return [];
    const lines = this.#words(row, barOf(row, this.scene.context));
    const at = time === null ? null : time + this.scene.context.origin;
    const gap =
      at === null ? undefined : this.scene.gaps.find(({ from, to }) => at >= from && at < to);
    return gap === undefined ? lines : [...lines, gapWords(gap)];
  }

  protected override get followsPointer(): boolean {
    return this.scene.gaps.length > 0;
  }

  protected select(index: number): void {
    const row = this.scene.rows[index];
    if (row === undefined) return;
    this.active = index;
    this.app.session.set({ phase: row.phase.phase_id });
  }

  /** The arrows of a tree fold; those of a list, and with Shift, move the time. */
  protected sideways(direction: 1 | -1, shift: boolean): void {
    if (this.scene.folding !== null && !shift) this.#fold(direction > 0);
    else this.window.panBy(direction * 0.1);
  }

  #isCritical(row: Row): boolean {
    return row.kind === 'phase' && this.scene.path?.ids.has(row.id) === true;
  }

  #words(row: Row, bar: Bar): string[] {
    return rowFacts(row, bar, { origin: this.scene.context.origin, path: this.scene.path });
  }

  #toggle({ phase }: Row): void {
    this.app.session.set({ subPhases: toggled(this.app.session.view.subPhases, phase.phase_id) });
  }

  /** To the right a phase opens, to the left it closes, and a sub-phase leads to its phase. */
  #fold(open: boolean): void {
    const { rows } = this.scene;
    const row = rows[this.active];
    if (row === undefined) return;
    if (openOf(row) === !open) this.#toggle(row);
    else if (row.kind === 'sub' && !open)
      this.move(rows.findIndex(({ id }) => id === row.phase.phase_id));
  }
}
