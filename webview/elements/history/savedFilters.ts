import { t } from '@vscode/l10n';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { valueOf } from '../../controls.ts';
import type { RunFilter } from '../../historyView.ts';
import { icon } from '../../icons.ts';
import { LONGEST_NAME, MOST_FILTERS, putFilter, type SavedFilter } from '../../savedFilters.ts';
import { choice } from '../shared/choice.ts';
import { fieldStyles } from '../shared/field.ts';
import type { Content } from '../shared/region.ts';
import { shared } from '../shared/styles.ts';
import { isEveryRun, sameFilter } from './query.ts';

/**
 * The filters that were saved: picks one, drops the one that is set, saves another. Tells the picked one as
 * `pipescope-picked`, and all that are to be kept as `pipescope-filters`.
 */
@customElement('pipescope-saved-filters')
export class PipescopeSavedFilters extends LitElement {
  static override styles = [
    shared,
    fieldStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        min-width: 0;
      }
      select {
        flex: 0 1 160px;
        min-width: 0;
        max-width: 100%;
      }
      .problem {
        color: var(--ps-bad);
      }
    `,
  ];
  @property({ attribute: false }) filter!: RunFilter;
  @property({ attribute: false }) saved: readonly SavedFilter[] = [];
  /** What is typed as a name; null while nothing is to be saved. */
  @state() private naming: string | null = null;
  @state() private problem = '';
  /** What has the focus once what was told is drawn; empty for nothing. */
  #focusNext = '';
  @query('input') private readonly input!: HTMLElement | null;

  get #set(): SavedFilter | undefined {
    return this.saved.find((one) => sameFilter(one.filter, this.filter));
  }

  protected override willUpdate(): void {
    // What was to be saved is set no more, or is saved.
    if (isEveryRun(this.filter) || this.#set !== undefined) this.#stop();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const next = this.#focusNext;
    if (next === '' || !(changed.has('saved') || this.naming === null)) return;
    this.#focusNext = '';
    // A control that is new here can be focused when it has drawn itself.
    requestAnimationFrame(() => this.renderRoot.querySelector<HTMLElement>(next)?.focus());
  }

  protected override render(): TemplateResult {
    return html`${this.saved.length === 0 ? nothing : this.#picker()}${this.#saving()}`;
  }

  #picker(): TemplateResult {
    const { saved } = this;
    const chosen = this.#set;
    const set = chosen === undefined ? -1 : saved.indexOf(chosen);
    return html`${choice({
      label: t('Saved filters'),
      value: String(set),
      options: [
        ['-1', t('Saved filters')],
        ...saved.map(({ name }, index) => [String(index), name] as const),
      ],
      pick: (index) => {
        const one = saved[Number(index)];
        if (one !== undefined) this.#tell('pipescope-picked', one.filter);
      },
    })}
    ${chosen === undefined ? nothing : this.#dropper(chosen)}`;
  }

  #dropper(chosen: SavedFilter): TemplateResult {
    const label = t('Forget the saved filter {0}', chosen.name);
    const drop = (): void => this.#keep(this.saved.filter((one) => one !== chosen));
    return html`<vscode-button appearance="icon" title=${label} aria-label=${label} @click=${drop}
      >${icon('trash')}</vscode-button
    >`;
  }

  #saving(): Content {
    if (isEveryRun(this.filter) || this.#set !== undefined) return nothing;
    if (this.naming === null)
      return html`<vscode-button appearance="secondary" @click=${() => void this.#start()}
        >${icon('save')}&nbsp;${t('Save Filter')}</vscode-button
      >`;
    const taken = this.saved.some(({ name }) => name === this.naming?.trim());
    return html`<input
        type="text"
        class="field"
        autocomplete="off"
        placeholder=${t('Name of the filter, then Enter')}
        aria-label=${t('Name of the filter')}
        aria-describedby="about"
        maxlength=${LONGEST_NAME}
        .value=${this.naming}
        @input=${(event: Event) => {
          this.naming = valueOf(event);
          this.problem = '';
        }}
        @keydown=${this.#keydown}
      />
      <span id="about" class="caption ${this.problem === '' ? '' : 'problem'}" role="status"
        >${this.problem || (taken ? t('There is one of this name: Enter replaces it.') : '')}</span
      >`;
  }

  async #start(): Promise<void> {
    this.naming = '';
    await this.updateComplete;
    this.input?.focus();
  }

  #stop(): void {
    this.naming = null;
    this.problem = '';
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      this.#stop();
      this.#focusNext = 'vscode-button:not([appearance=icon])';
    }
    const name = this.naming?.trim() ?? '';
    if (event.key !== 'Enter' || name === '') return;
    const all = putFilter(this.saved, { name, filter: this.filter });
    if (all.length <= MOST_FILTERS) this.#keep(all);
    else
      this.problem = t(
        'There are {0} saved filters, which is the most. Forget one first.',
        MOST_FILTERS,
      );
  };

  /** What was pressed is gone then: the list has the focus, or what makes the first one. */
  #keep(all: readonly SavedFilter[]): void {
    this.#focusNext = 'select, vscode-button';
    this.#tell('pipescope-filters', all);
  }

  #tell(type: string, detail: RunFilter | readonly SavedFilter[]): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}
