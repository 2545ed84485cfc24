import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { icon, type IconName } from '../../icons.ts';
import { shared } from '../shared/styles.ts';

export interface MenuItem {
  text: string;
  icon?: IconName;
  /** Said after the text, quietly. */
  hint?: string;
  run: () => void;
}

/** A button that opens a list of things to do; by pointer, arrow keys and first letters. */
@customElement('pipescope-menu')
export class PipescopeMenu extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        position: relative;
        flex: none;
      }
      [role='menu'] {
        position: absolute;
        inset: calc(100% + 2px) 0 auto auto;
        z-index: 10;
        min-width: 180px;
        max-width: calc(100vw - 16px);
        max-height: min(480px, 70vh);
        overflow: auto;
        padding: 4px;
        color: var(--vscode-menu-foreground, var(--vscode-foreground));
        background: var(--vscode-menu-background, var(--vscode-editorWidget-background, #252526));
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-menu-border, var(--ps-line)));
        border-radius: 4px;
      }
      [role='menuitem'] {
        display: flex;
        align-items: center;
        gap: 8px;
        width: 100%;
        min-height: 26px;
        padding: 2px 8px;
        border-radius: 2px;
        white-space: nowrap;
      }
      [role='menuitem']:hover,
      [role='menuitem']:focus {
        color: var(--vscode-menu-selectionForeground, inherit);
        background: var(
          --vscode-menu-selectionBackground,
          var(--vscode-list-activeSelectionBackground)
        );
        outline: 1px solid var(--vscode-menu-selectionBorder, transparent);
        outline-offset: -1px;
      }
      @media (max-width: 599px) {
        [role='menu'] {
          position: fixed;
          inset: auto 8px auto auto;
        }
      }
      .text {
        unicode-bidi: isolate;
        max-width: 320px;
      }
      .hint {
        margin-inline-start: auto;
        padding-inline-start: 16px;
        opacity: 0.8;
      }
    `,
  ];
  /** The name of the button and of the list. */
  @property({ attribute: false }) label = '';
  @property({ attribute: false }) hint = '';
  @property({ attribute: false }) sign: IconName = 'listSelection';
  @property({ attribute: false }) items: readonly MenuItem[] = [];
  @state() private open = false;
  @query('vscode-button') private readonly button!: HTMLElement;

  show(): void {
    this.open = true;
    void this.updateComplete.then(() => this.#focus(0));
  }

  protected override render(): TemplateResult {
    return html`<div @keydown=${this.#keydown} @focusout=${this.#leave}>
      <vscode-button
        appearance="icon"
        aria-label=${this.label}
        aria-haspopup="menu"
        aria-expanded=${this.open ? 'true' : 'false'}
        title=${this.hint === '' ? this.label : this.hint}
        @click=${() => (this.open ? this.#close() : this.show())}
        >${icon(this.sign)}</vscode-button
      >
      ${this.open ? this.#list() : nothing}
    </div>`;
  }

  #list(): TemplateResult {
    return html`<div role="menu" aria-label=${this.label}>
      ${this.items.map(
        (item) =>
          html`<button class="plain" role="menuitem" tabindex="-1" @click=${() => this.#run(item)}>
            ${item.icon === undefined ? nothing : icon(item.icon)}
            <span class="text cut">${item.text}</span>
            ${item.hint === undefined ? nothing : html`<span class="hint caption">${item.hint}</span>`}
          </button>`,
      )}
    </div>`;
  }

  #run(item: MenuItem): void {
    this.#close();
    item.run();
  }

  #close(): void {
    this.open = false;
    this.button.focus();
  }

  #entries(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')];
  }

  #focus(index: number): void {
    const entries = this.#entries();
    entries.at(index % Math.max(1, entries.length))?.focus();
  }

  readonly #leave = (event: FocusEvent): void => {
    const to = event.relatedTarget;
    if (!(to instanceof Node && this.renderRoot.contains(to))) this.open = false;
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    if (!this.open) {
      if (event.key !== 'ArrowDown') return;
      event.preventDefault();
      this.show();
      return;
    }
    const entries = this.#entries();
    const at = entries.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) this.#focus(to);
    else if (event.key === 'Escape') this.#close();
    else if (event.key.length === 1 && event.key !== ' ') this.#type(event.key, at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** The next entry that begins with a letter. */
  #type(letter: string, after: number): void {
    const texts = this.items.map(({ text }) => text.toLowerCase());
    const order = texts.map((_, n) => (after + 1 + n) % texts.length);
    const found = order.find((index) => texts[index]?.startsWith(letter.toLowerCase()) === true);
    if (found !== undefined) this.#focus(found);
  }
}
