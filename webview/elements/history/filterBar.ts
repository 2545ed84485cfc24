import { t } from '@vscode/l10n';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Clock } from '../../clock.ts';
import { statusWord } from '../../../service/protocol/describe.ts';
import type { JobChoices } from '../../../service/protocol/jobStatistics.ts';
import { STATUSES, type Status } from '../../../service/protocol/states.ts';
import { valueOf } from '../../controls.ts';
import { EVERY_RUN, type HistoryView, type RunFilter } from '../../historyView.ts';
import { icon } from '../../icons.ts';
import type { Content } from '../shared/region.ts';
import { fieldStyles } from '../shared/field.ts';
import { statusIcon, statusStyles } from '../shared/status.ts';
import { shared } from '../shared/styles.ts';
import { isEveryRun, sameFilter } from './query.ts';
import { choices, savedPicker } from './filterParts.ts';

/** Typing is over after this long. */
const PAUSE_MS = 250;
const DAYS = [1, 7, 30];

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
      vscode-dropdown {
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
  @state() private naming = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override render(): TemplateResult {
    const { filter } = this.view;
    const { pipelines = [], kinds = [] } = this.choices ?? {};
    return html`<div class="bar" role="search" aria-label=${t('Filter runs')}>
        ${this.#text(t('Name or id'), filter.text, (text) => ({ text }))}
        ${choices({ label: t('Pipeline'), every: t('Every pipeline'), known: pipelines }, filter.pipeline, (pipeline) => this.#set({ pipeline }))}
        ${choices({ label: t('Kind'), every: t('Every kind'), known: kinds }, filter.kind, (kind) => this.#set({ kind }))}
        ${this.#text(t('Label, or label=value'), filter.labels, (labels) => ({ labels }))}
        ${this.#days()}
      </div>
      <div class="bar">
        <div class="statuses" role="group" aria-label=${t('Status')}>
          ${STATUSES.map((status) => this.#chip(status))}
        </div>
        ${isEveryRun(filter) ? nothing : html`<vscode-button appearance="secondary" @click=${() => this.#set(EVERY_RUN)}>${t('Clear All')}</vscode-button>`}
        ${this.#saved()}
      </div>`;
  }

  #text(
    label: string,
    value: string,
    change: (text: string) => Partial<RunFilter>,
  ): TemplateResult {
    const later = (event: Event): void => {
      const text = valueOf(event);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#set(change(text)), PAUSE_MS);
    };
    return html`<input
      type="text"
      class="field"
      autocomplete="off"
      placeholder=${label}
      aria-label=${label}
      maxlength="256"
      .value=${value}
      @input=${later}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Escape') this.#set(change(''));
      }}
    />`;
  }

  #chip(status: Status): TemplateResult {
    const { statuses } = this.view.filter;
    const on = statuses.includes(status);
    const others = statuses.filter((one) => one !== status);
    return html`<button
      class="chip"
      aria-pressed=${on ? 'true' : 'false'}
      @click=${() => this.#set({ statuses: on ? others : [...statuses, status] })}
    >
      ${statusIcon(status)} ${statusWord(status)}
    </button>`;
  }

  #days(): TemplateResult {
    const { days, from, to } = this.view.filter;
    const between = days === null && (from !== '' || to !== '');
    const chosen = days === null ? (between ? 'between' : 'all') : String(days);
    const pick = (event: Event): void => {
      const value = valueOf(event);
      if (value === chosen) return;
      const today = new Date(this.clock.now()).toLocaleDateString('sv');
      this.#set({
        days: DAYS.find((one) => String(one) === value) ?? null,
        from: value === 'between' ? today : '',
        to: value === 'between' ? today : '',
      });
    };
    const options = [
      ['all', t('Any time')],
      ['1', t('Last 24 hours')],
      ['7', t('Last 7 days')],
      ['30', t('Last 30 days')],
      ['between', t('From … to …')],
    ];
    return html`<vscode-dropdown aria-label=${t('Started')} .value=${chosen} @change=${pick}>
        ${options.map(([value, label]) => html`<vscode-option value=${value ?? ''} ?selected=${value === chosen}>${label}</vscode-option>`)}
      </vscode-dropdown>
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

  #saved(): Content {
    const { filter, saved } = this.view;
    const isNew = !isEveryRun(filter) && !saved.some((one) => sameFilter(one.filter, filter));
    return html`${savedPicker(this.view, {
      pick: (one) => this.#tell({ filter: one.filter }),
      drop: (one) => this.#tell({ saved: saved.filter((other) => other !== one) }),
    })}
    ${
      this.naming && isNew
        ? html`<input
            type="text"
            class="field"
            autocomplete="off"
            autofocus
            placeholder=${t('Name of the filter, then Enter')}
            aria-label=${t('Name of the filter')}
            maxlength="60"
            @keydown=${this.#name}
          />`
        : isNew
          ? html`<vscode-button appearance="secondary" @click=${() => this.#startNaming()}
              >${icon('save')}&nbsp;${t('Save Filter')}</vscode-button
            >`
          : nothing
    }`;
  }

  #startNaming(): void {
    this.naming = true;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>('input[autofocus]')?.focus(),
    );
  }

  readonly #name = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.naming = false;
    if (event.key !== 'Enter') return;
    const name = valueOf(event).trim();
    if (name === '') return;
    const { filter, saved } = this.view;
    const others = saved.filter((one) => one.name !== name);
    this.naming = false;
    this.#tell({ saved: [...others, { name, filter }] });
  };

  #set(change: Partial<RunFilter>): void {
    clearTimeout(this.#timer);
    this.#tell({ filter: { ...this.view.filter, ...change } });
  }

  #tell(change: Partial<HistoryView>): void {
    this.dispatchEvent(new CustomEvent('pipescope-history', { detail: change }));
  }
}
