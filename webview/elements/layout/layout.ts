import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { messageOf } from '../../../service/protocol/errors.ts';
import type { App } from '../../app.ts';
import type { CustomWidget } from '../../customWidget.ts';
import { icon, type IconName } from '../../icons.ts';
import {
  changeItem,
  freeWidgetId,
  type Item,
  keyOf,
  type Layout,
  layoutJson,
  MOST_WIDGETS,
  moveItem,
  parseLayout,
  putWidget,
  removeWidget,
  titleOf,
  widgetsOf,
} from '../../layout.ts';
import { withFilters } from '../../savedFilters.ts';
import type { Content } from '../shared/region.ts';
import { shared } from '../shared/styles.ts';
import '../widget/form.ts';
import type { PipescopeWidgetForm } from '../widget/form.ts';
import { card } from './card.ts';
import { placeAt } from './drag.ts';
import { layoutStyles } from './layout.styles.ts';
import { base64Of } from '../../base64.ts';

/** The layout as cards that can be moved, sized, hidden, and added to. Nothing counts until it is saved. */
@customElement('pipescope-layout')
export class PipescopeLayout extends LitElement {
  static override styles = [shared, layoutStyles];
  @property({ attribute: false }) app!: App;
  @state() private draft: Layout | null = null;
  /** Why a file could not be taken. */
  @state() private problem = '';
  @state() private dragged: string | null = null;
  @state() private said = '';
  @query('pipescope-widget-form') private readonly form!: PipescopeWidgetForm;

  override connectedCallback(): void {
    super.connectedCallback();
    this.draft = this.app.layout.current;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('h2')?.focus();
  }

  protected override render(): TemplateResult {
    const layout = this.#layout;
    const { items } = layout;
    return html`<section aria-label=${t('Layout')} @keydown=${this.#keydown}>
      <div class="head">
        <h2 tabindex="-1">${t('Layout')}</h2>
        ${this.#button('add', t('Add a widget'), () => this.form.open(null))}
        ${this.#button('cloudDownload', t('Export'), this.#export)}
        ${this.#button('cloudUpload', t('Import'), () => void this.#import())}
        ${this.#button('discard', t('Reset to default'), this.#reset)}
        <span class="end">
          <vscode-button appearance="secondary" @click=${this.#leave}>${t('Cancel')}</vscode-button>
          <vscode-button @click=${this.#save}>${t('Save')}</vscode-button>
        </span>
      </div>
      <p class="caption">
        ${t('Drag the cards into the order you want, or use their arrows. Half-width regions stand side by side where the page is wide.')}
      </p>
      ${this.#problem()}
      <label class="all"
        ><input
          type="checkbox"
          .checked=${layout.emptyRegions}
          @change=${this.#allRegions}
        />${t('Also show regions that have nothing to show')}</label
      >
      <ul class="cards">
        ${repeat(items, keyOf, (item, place) => this.#card(item, place))}
      </ul>
      <p class="spoken" role="status">${this.said}</p>
      <pipescope-widget-form
        .app=${this.app}
        @pipescope-widget=${this.#put}
      ></pipescope-widget-form>
    </section>`;
  }

  get #layout(): Layout {
    return this.draft ?? this.app.layout.current;
  }

  #button(sign: IconName, text: string, run: () => void): TemplateResult {
    return html`<vscode-button appearance="secondary" @click=${run}
      >${icon(sign)}${text}</vscode-button
    >`;
  }

  #problem(): Content {
    if (this.problem === '') return nothing;
    return html`<p class="problem" role="alert">${icon('error')}<span>${this.problem}</span></p>`;
  }

  #card(item: Item, place: number): TemplateResult {
    const key = keyOf(item);
    const of = this.#layout.items.length;
    return card(
      { item, place, of, dragged: this.dragged === key },
      {
        move: (by) => this.#move(key, place + by, by < 0 ? 'up' : 'down'),
        change: (change) => (this.draft = changeItem(this.#layout, key, change)),
        edit: () => this.form.open('widget' in item ? item.widget : null),
        remove: () => this.#remove(item),
        grab: (event) => this.#grab(event, key),
      },
    );
  }

  /** The button that was pressed keeps the focus, though its card has moved; at an end the other one takes it. */
  #move(key: string, to: number, action: 'up' | 'down' | null): void {
    this.draft = moveItem(this.#layout, key, to);
    const place = this.#layout.items.findIndex((item) => keyOf(item) === key);
    const item = this.#layout.items[place];
    if (item === undefined) return;
    const of = this.#layout.items.length;
    this.said = t('{0} is number {1} of {2} now.', titleOf(item), place + 1, of);
    if (action === null) return;
    const end = place === 0 ? 'down' : place === of - 1 ? 'up' : action;
    void this.updateComplete.then(() => this.#focus(key, end));
  }

  #focus(key: string, action: string): void {
    const card = `[data-key="${CSS.escape(key)}"]`;
    this.renderRoot.querySelector<HTMLElement>(`${card} [data-action=${action}]`)?.focus();
    this.renderRoot.querySelector(card)?.scrollIntoView({ block: 'nearest' });
  }

  #remove(item: Item): void {
    if (!('widget' in item)) return;
    this.draft = removeWidget(this.#layout, item.widget.id);
    this.said = t('{0} is removed.', item.widget.title);
    void this.updateComplete.then(() => this.renderRoot.querySelector('h2')?.focus());
  }

  #grab(event: PointerEvent, key: string): void {
    if (event.button !== 0) return;
    event.preventDefault();
    const handle = event.currentTarget as HTMLElement;
    const before = this.draft;
    const stop = new AbortController();
    const end = (): void => {
      stop.abort();
      this.dragged = null;
    };
    const { signal } = stop;
    this.dragged = key;
    // A card that moves is taken out of the page for a moment, and would lose the pointer: the window keeps it.
    addEventListener('pointermove', (move) => this.#drag(move, key), { signal });
    addEventListener('pointerup', end, { signal });
    addEventListener('pointercancel', end, { signal });
    addEventListener(
      'keydown',
      (press) => {
        if (press.key !== 'Escape') return;
        press.stopPropagation();
        this.draft = before;
        end();
      },
      { signal, capture: true },
    );
    handle.ownerDocument.getSelection()?.removeAllRanges();
  }

  #drag(event: PointerEvent, key: string): void {
    const cards = [...this.renderRoot.querySelectorAll('.card')];
    const boxes = cards.map((card) => card.getBoundingClientRect());
    const to = placeAt(boxes, event.clientX, event.clientY);
    const from = this.#layout.items.findIndex((item) => keyOf(item) === key);
    if (to >= 0 && to !== from) this.#move(key, to, null);
  }

  readonly #put = (event: CustomEvent<CustomWidget>): void => {
    const widget = event.detail;
    const id = widget.id === '' ? freeWidgetId(this.#layout) : widget.id;
    if (widget.id === '' && widgetsOf(this.#layout).length >= MOST_WIDGETS) {
      this.problem = t('There are {0} widgets, which is the most. Remove one first.', MOST_WIDGETS);
      return;
    }
    this.draft = putWidget(this.#layout, { ...widget, id });
    this.said = t('{0} is in the layout.', widget.title);
    void this.updateComplete.then(() => this.#focus(`widget:${id}`, 'edit'));
  };

  readonly #allRegions = (event: Event): void => {
    const emptyRegions = (event.currentTarget as HTMLInputElement).checked;
    this.draft = { ...this.#layout, emptyRegions };
  };

  readonly #export = (): void => {
    const text = `${JSON.stringify(layoutJson(this.#layout), null, 2)}\n`;
    this.app.session.request({
      ...{ type: 'host', action: 'save_file' },
      ...{ name: 'pipescope-layout.json', base64: base64Of(text) },
    });
  };

  /** A file is taken whole or not at all. */
  async #import(): Promise<void> {
    const text = await this.app.session.pickFile(t('Import a layout'), 'json');
    if (text === null) return;
    try {
      const taken = parseLayout(text, this.app.layout.known);
      this.draft = { ...taken, filters: withFilters(this.#layout.filters, taken.filters) };
      this.problem = '';
      this.said = t('The layout of the file is here. Save it to keep it.');
    } catch (error) {
      this.problem = t('The file was not imported. {0}', messageOf(error));
    }
  }

  readonly #reset = (): void => {
    this.draft = { ...this.app.layout.usual, filters: this.#layout.filters };
    this.problem = '';
    this.said = t('This is the default. Save it to keep it.');
  };

  readonly #save = (): void => {
    this.app.layout.save(this.#layout);
    this.#leave();
  };

  readonly #leave = (): void => {
    this.dispatchEvent(new CustomEvent('pipescope-done', { bubbles: true, composed: true }));
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || this.form.isOpen) return;
    event.preventDefault();
    this.#leave();
  };
}
