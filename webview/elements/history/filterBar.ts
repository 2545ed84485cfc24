import { t } from '@vscode/l10n';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Clock } from '../../clock.ts';
import { statusWord } from '../../../service/protocol/describe.ts';
import type { JobChoices } from '../../../service/protocol/jobStatistics.ts';
import { STATUSES, type Status } from '../../../service/protocol/states.ts';
import { valueOf } from '../../controls.ts';
import {
  EVERY_RUN,
  type HistoryView,
  LAST_DAYS,
  LONGEST_TEXT,
  type RunFilter,
} from '../../historyView.ts';
import type { SavedFilter } from '../../savedFilters.ts';
import { choice } from '../shared/choice.ts';
import { fieldStyles } from '../shared/field.ts';
import { statusIcon, statusStyles } from '../shared/status.ts';
import { shared } from '../shared/styles.ts';
import { choices } from './filterParts.ts';
import { isEveryRun } from './query.ts';
import './savedFilters.ts';

/** Typing is over after this long. */
const PAUSE_MS = 250;

/** What History is filtered by. Tells every change as `pipescope-history`, with what to keep of it. */
@customElement('pipescope-history-filter')
export class PipescopeHistoryFilter extends LitElement {
  static override styles = [
    shared,
    statusStyles,
    fieldStyles,
    css`
      input.field {
        max-width: 280px;
      }
      .bar,
      .statuses {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
      .bar {
        margin-bottom: 8px;
      }
      .statuses {
        gap: 4px;
      }
      select {
        flex: 0 1 160px;
        min-width: 0;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 4px;
      }
      input,
      .chip {
        height: 26px;
        color: var(--vscode-input-foreground, inherit);
        background: var(--vscode-input-background, transparent);
        border: 1px solid var(--vscode-dropdown-border, var(--ps-line));
        border-radius: 2px;
        font: inherit;
      }
      .chip {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        padding: 0 8px;
        cursor: pointer;
      }
      .chip[aria-pressed='true'] {
        color: var(--vscode-inputOption-activeForeground, inherit);
        background: var(--vscode-inputOption-activeBackground, transparent);
        border-color: var(--vscode-inputOption-activeBorder, var(--vscode-focusBorder, #007fd4));
        box-shadow: inset 0 0 0 1px
          var(--vscode-inputOption-activeBorder, var(--vscode-focusBorder, #007fd4));
      }
    `,
  ];
  @property({ attribute: false }) view!: HistoryView;
  @property({ attribute: false }) clock!: Pick<Clock, 'now'>;
  @property({ attribute: false }) choices: JobChoices | undefined;
  @property({ attribute: false }) saved: readonly SavedFilter[] = [];
  /** What is being typed. */
  #typed: Partial<RunFilter> = {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override render(): TemplateResult {
    const { filter } = this.view;
    const { pipelines = [], kinds = [] } = this.choices ?? {};
    return html`<div class="bar" role="search" aria-label=${t('Filter runs')}>
        ${this.#text(t('Name or id'), 'text')}
        ${choices({ label: t('Pipeline'), every: t('Every pipeline'), known: pipelines }, filter.pipeline, (pipeline) => this.#set({ pipeline }))}
        ${choices({ label: t('Kind'), every: t('Every kind'), known: kinds }, filter.kind, (kind) => this.#set({ kind }))}
        ${this.#text(t('Label, or label=value'), 'labels')} ${this.#days()}
      </div>
      <div class="bar">
        <div class="statuses" role="group" aria-label=${t('Status')}>
          ${STATUSES.map((status) => this.#chip(status))}
        </div>
        ${isEveryRun(filter) ? nothing : html`<vscode-button appearance="secondary" @click=${() => this.#set(EVERY_RUN)}>${t('Clear All')}</vscode-button>`}
        <pipescope-saved-filters
          .filter=${filter}
          .saved=${this.saved}
          @pipescope-picked=${(event: CustomEvent<RunFilter>) => this.#set(event.detail)}
        ></pipescope-saved-filters>
      </div>`;
  }

  #text(label: string, field: 'text' | 'labels'): TemplateResult {
    const later = (event: Event): void => {
      this.#typed = { ...this.#typed, [field]: valueOf(event) };
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#set({}), PAUSE_MS);
    };
    return html`<input
      type="text"
      class="field"
      autocomplete="off"
      placeholder=${label}
      aria-label=${label}
      maxlength=${LONGEST_TEXT}
      .value=${live(this.#typed[field] ?? this.view.filter[field])}
      @input=${later}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Enter') this.#set({});
        if (event.key === 'Escape') this.#set({ [field]: '' });
      }}
    />`;
  }

  #chip(status: Status): TemplateResult {
    const on = this.view.filter.statuses.includes(status);
    // In their own order, whichever was pressed first: so two filters that say the same are the same.
    const statuses = STATUSES.filter((one) =>
      one === status ? !on : this.view.filter.statuses.includes(one),
    );
    return html`<button
      class="chip"
      aria-pressed=${on ? 'true' : 'false'}
      @click=${() => this.#set({ statuses })}
    >
      ${statusIcon(status)} ${statusWord(status)}
    </button>`;
  }

  #days(): TemplateResult {
    const { days, from, to } = this.view.filter;
    const between = days === null && (from !== '' || to !== '');
    const chosen = days === null ? (between ? 'between' : 'all') : String(days);
    const pick = (value: string): void => {
      const today = new Date(this.clock.now()).toLocaleDateString('sv');
      this.#set({
        days: LAST_DAYS.find((one) => String(one) === value) ?? null,
        from: value === 'between' ? today : '',
        to: value === 'between' ? today : '',
      });
    };
    const options: readonly (readonly [string, string])[] = [
      ['all', t('Any time')],
      ['1', t('Last 24 hours')],
      ['7', t('Last 7 days')],
      ['30', t('Last 30 days')],
      ['between', t('From … to …')],
    ];
    return html`${choice({ label: t('Started'), value: chosen, options, pick })}
    ${between ? html`${this.#date(t('From'), from, (value) => ({ from: value }))}${this.#date(t('To'), to, (value) => ({ to: value }))}` : nothing}`;
  }

  #date(
    label: string,
    value: string,
    change: (date: string) => Partial<RunFilter>,
  ): TemplateResult {
    return html`<label
      >${label}
      <input
        type="date"
        .value=${value}
        @change=${(event: Event) => this.#set(change((event.currentTarget as HTMLInputElement).value))}
    /></label>`;
  }

  /** With what is being typed elsewhere. */
  #set(change: Partial<RunFilter>): void {
    clearTimeout(this.#timer);
    const filter = { ...this.view.filter, ...this.#typed, ...change };
    this.#typed = {};
    this.dispatchEvent(new CustomEvent('pipescope-history', { detail: { filter } }));
    this.requestUpdate();
  }
}
