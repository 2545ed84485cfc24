import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AlertRecord } from '../../../service/protocol/record.ts';
import type { App } from '../../app.ts';
import { setCss } from '../../cssDirective.ts';
import { Load } from '../../load.ts';
import { scrollTo, windowOf } from '../../virtual.ts';
import { fieldStyles } from '../shared/field.ts';
import { KeepFocus } from '../shared/keepFocus.ts';
import type { Content } from '../shared/region.ts';
import { rowAfter } from '../shared/rowKeys.ts';
import { Sized } from '../shared/sized.ts';
import { statusStyles } from '../shared/status.ts';
import { shared } from '../shared/styles.ts';
import { alertRow } from './alertRow.ts';
import { noteForm } from './noteForm.ts';
import type { AlertNames } from './row.ts';
import { matchersOf } from './silences/matchers.ts';
import { listStyles } from './alertList.styles.ts';

const ROW = 68;
/** Before what is opened has been measured. */
const OPENED = 140;
const HEIGHT = 340;

/**
 * Alerts as a list that draws only what is on the screen. Tells `pipescope-picked` with the ids that are selected, and
 * `pipescope-wanted` with the row up to which it looks.
 */
@customElement('pipescope-alert-list')
export class PipescopeAlertList extends LitElement {
  static override styles = [shared, statusStyles, fieldStyles, listStyles];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) name = '';
  @property({ attribute: false }) alerts: readonly AlertRecord[] = [];
  /** Of more than are here yet. */
  @property({ attribute: false }) total = 0;
  /** Undefined where nothing can be selected. */
  @property({ attribute: false }) picked: ReadonlySet<string> | undefined;
  /** When it is drawn again for relative times alone. */
  @property({ attribute: false }) now = 0;
  @state() private scrolled = 0;
  @state() private active = 0;
  @state() private opened: ReadonlySet<string> = new Set();
  /** The alert that is acknowledged with a note. */
  @state() private noting: string | null = null;
  readonly #heights = new Map<string, number>();
  readonly #rules = new Load<{ rules: { rule_id: string; name: string }[] }>(this, {
    path: () => (this.seen ? '/api/v1/rules?limit=1000' : null),
    parts: ['definitions'],
  });
  readonly #channels = new Load<{ channels: { channel_id: string; name: string }[] }>(this, {
    path: () => (this.seen ? '/api/v1/channels?limit=1000' : null),
    parts: ['definitions'],
  });
  readonly #size = new Sized(this, '.scroll');

  constructor() {
    super();
    new KeepFocus(this, () => {
      const last = Math.min(this.active, this.alerts.length - 1);
      return this.renderRoot.querySelector<HTMLElement>(`[data-row="${last}"] .head`);
    });
  }

  /** Asked for when the first alert is opened. */
  get seen(): boolean {
    return this.opened.size > 0;
  }

  get #names(): AlertNames {
    const rules = this.#rules.value?.rules ?? [];
    const channels = this.#channels.value?.channels ?? [];
    return {
      rules: new Map(rules.map(({ rule_id, name }) => [rule_id, name])),
      channels: new Map(channels.map(({ channel_id, name }) => [channel_id, name])),
    };
  }

  protected override render(): TemplateResult {
    const window = windowOf(this.#list(), this.scrolled, this.#size.height || HEIGHT);
    return html`<div
      class="scroll"
      tabindex="-1"
      role="group"
      aria-label=${this.name}
      @scroll=${this.#scroll}
      @keydown=${this.#keydown}
    >
      <ul>
        ${gap(window.before)}
        ${repeat(
          this.alerts.slice(window.start, window.end),
          (alert) => alert.alert_id,
          (alert, index) => this.#row(alert, window.start + index),
        )}
        ${gap(window.after)}
      </ul>
    </div>`;
  }

  #list(): { count: number; rowHeight: number; extras: { index: number; height: number }[] } {
    const isTall = (id: string): boolean => this.opened.has(id) || this.noting === id;
    const extras =
      this.opened.size === 0 && this.noting === null
        ? []
        : this.alerts.flatMap(({ alert_id: id }, index) =>
            isTall(id) ? [{ index, height: this.#heights.get(id) ?? OPENED }] : [],
          );
    return { count: this.alerts.length, rowHeight: ROW, extras };
  }

  #row(alert: AlertRecord, index: number): TemplateResult {
    const { alert_id: id, job_id: jobId, phase_id: phaseId, rule } = alert;
    const { session, store } = this.app;
    const row = alertRow({
      ...{ alert, index, total: this.total, now: this.now },
      jobName: jobId === null ? '' : (store.jobs.get(jobId)?.name ?? jobId),
      opened: this.opened.has(id),
      names: this.#names,
      active: index === Math.min(this.active, this.alerts.length - 1),
      picked: this.picked?.has(id),
      toggle: () => this.#toggle(id, index),
      pick: (on) => this.#pick(id, on),
      acknowledge: () => void session.command({ command: 'alert.acknowledge', alert_id: id }),
      unacknowledge: () => void session.command({ command: 'alert.unacknowledge', alert_id: id }),
      note: () => this.#startNote(id),
      resolve: () => void session.command({ command: 'alert.resolve', alert_id: id }),
      show: () => session.showJob(jobId, phaseId),
      silence: () => this.#silence(alert),
      editRule: rule === null ? undefined : () => this.#editRule(rule),
    });
    return this.noting === id ? html`${row}${this.#noteForm(alert)}` : row;
  }

  #noteForm(alert: AlertRecord): TemplateResult {
    const { alert_id } = alert;
    const { session } = this.app;
    const index = this.alerts.indexOf(alert);
    const close = (): void => {
      this.noting = null;
      void this.updateComplete.then(() => this.#focusRow(index, '.does .note'));
    };
    return noteForm(alert, {
      acknowledge: (more) => {
        close();
        void session.command({ command: 'alert.acknowledge', alert_id, ...more });
      },
      resolve: (note) => {
        close();
        void session.command({ command: 'alert.resolve', alert_id, ...note });
      },
      cancel: close,
    });
  }

  #silence(alert: AlertRecord): void {
    const { session, store } = this.app;
    const job = alert.job_id === null ? undefined : store.jobs.get(alert.job_id);
    const matchers = matchersOf(alert, job?.pipeline ?? null);
    session.showAlerts('silences', { open: 'silence', matchers });
  }

  #editRule(rule_id: string): void {
    this.app.session.showAlerts('rules', { open: 'rule', rule_id });
  }

  #startNote(id: string): void {
    this.noting = id;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>('.noting input')?.focus(),
    );
  }

  #toggle(id: string, index: number): void {
    const opened = new Set(this.opened);
    if (!opened.delete(id)) opened.add(id);
    this.opened = opened;
    this.active = index;
  }

  #pick(id: string, on: boolean): void {
    const picked = new Set(this.picked);
    if (on) picked.add(id);
    else picked.delete(id);
    this.dispatchEvent(new CustomEvent('pipescope-picked', { detail: picked }));
  }

  /** An alert that somebody was led to is opened, and has the focus. */
  protected override willUpdate(): void {
    const { store } = this.app;
    if (store.aim?.open !== 'alert') return;
    const { alert_id: id } = store.aim;
    const index = this.alerts.findIndex((alert) => alert.alert_id === id);
    if (index < 0) return;
    store.aim = null;
    this.opened = new Set([...this.opened, id]);
    void this.updateComplete.then(() => this.#focusRow(index, '.head'));
  }

  /** What is opened is as high as its content: the rows below are placed by what was measured. */
  protected override updated(): void {
    // An alert may have two of them: its details and its note.
    const heights = new Map<string, number>();
    for (const part of this.renderRoot.querySelectorAll<HTMLElement>('[data-alert]')) {
      const id = part.dataset['alert'] ?? '';
      heights.set(id, (heights.get(id) ?? 0) + part.offsetHeight);
    }
    const moved = [...heights].filter(([id, height]) => this.#heights.get(id) !== height);
    for (const [id, height] of moved) this.#heights.set(id, height);
    if (moved.length > 0) void this.updateComplete.then(() => this.requestUpdate());
  }

  readonly #scroll = (event: Event): void => {
    this.scrolled = (event.currentTarget as Element).scrollTop;
    const end = Math.ceil(this.scrolled / ROW) + 30;
    this.dispatchEvent(new CustomEvent('pipescope-wanted', { detail: end }));
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    const inRow = event.target instanceof Element && event.target.closest('[data-row]') !== null;
    const total = this.alerts.length;
    const next = rowAfter(event.key, { active: this.active, total, page: 4 });
    if (next === undefined || !inRow) return;
    event.preventDefault();
    void this.#focusRow(next, event.target instanceof HTMLInputElement ? 'input' : '.head');
  };

  async #focusRow(index: number, part: string): Promise<void> {
    this.active = index;
    const scroller = this.renderRoot.querySelector('.scroll');
    if (scroller === null) return;
    const { scrollTop, clientHeight } = scroller;
    scroller.scrollTop = scrollTo(this.#list(), index, scrollTop, clientHeight);
    this.scrolled = scroller.scrollTop;
    await this.updateComplete;
    const row = this.renderRoot.querySelector(`[data-row="${index}"] ${part}`);
    if (row instanceof HTMLElement) row.focus({ preventScroll: true });
  }
}

function gap(height: number): Content {
  if (height === 0) return nothing;
  return html`<li role="none" aria-hidden="true" ${setCss({ height: `${height}px` })}></li>`;
}
