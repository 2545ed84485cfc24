import { t } from '@vscode/l10n';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { CHART_FORMATS, type ChartFormat } from '../../charts/format.ts';
import { icon } from '../../icons.ts';
import { shared } from '../shared/styles.ts';

const NAMES: Record<ChartFormat, () => string> = {
  png: () => t('Save as PNG picture'),
  svg: () => t('Save as SVG drawing'),
  csv: () => t('Save as CSV table'),
};

/** The button of a chart that offers its files. Fires `pipescope-save` with the format. */
@customElement('pipescope-chart-export')
export class PipescopeChartExport extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        position: relative;
      }
      .menu {
        position: absolute;
        inset-block-start: 100%;
        inset-inline-end: 0;
        z-index: 5;
        padding: 4px 0;
        background: var(--vscode-menu-background, var(--vscode-editorWidget-background));
        color: var(--vscode-menu-foreground, var(--vscode-foreground));
        border: 1px solid var(--vscode-menu-border, var(--vscode-editorWidget-border));
      }
      .menu button {
        display: block;
        width: 100%;
        padding: 4px 16px;
        white-space: nowrap;
      }
      .menu button:hover,
      .menu button:focus {
        background: var(
          --vscode-menu-selectionBackground,
          var(--vscode-list-activeSelectionBackground)
        );
        color: var(--vscode-menu-selectionForeground, var(--vscode-list-activeSelectionForeground));
      }
    `,
  ];
  /** What the chart is called. */
  @property({ attribute: false }) name = '';
  @state() private open = false;

  protected override render(): TemplateResult {
    const label = t('Save {0}', this.name);
    return html`<vscode-button
        appearance="icon"
        aria-label=${label}
        title=${label}
        aria-haspopup="menu"
        aria-expanded=${this.open ? 'true' : 'false'}
        @click=${this.#toggle}
        >${icon('export')}</vscode-button
      >${this.open ? this.#menu(label) : nothing}`;
  }

  #menu(label: string): TemplateResult {
    return html`<div
      class="menu"
      role="menu"
      aria-label=${label}
      @keydown=${this.#key}
      @focusout=${this.#left}
    >
      ${CHART_FORMATS.map(
        (format) =>
          html`<button
            class="plain"
            role="menuitem"
            tabindex="-1"
            @click=${() => this.#pick(format)}
          >
            ${NAMES[format]()}
          </button>`,
      )}
    </div>`;
  }

  readonly #toggle = async (): Promise<void> => {
    this.open = !this.open;
    await this.updateComplete;
    this.#items()[0]?.focus();
  };

  #items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')];
  }

  #pick(format: ChartFormat): void {
    this.#close();
    this.dispatchEvent(new CustomEvent('pipescope-save', { detail: format }));
  }

  #close(): void {
    this.open = false;
    this.renderRoot.querySelector<HTMLElement>('vscode-button')?.focus();
  }

  readonly #left = (event: FocusEvent): void => {
    const to = event.relatedTarget;
    if (!(to instanceof Node) || !this.renderRoot.contains(to)) this.open = false;
  };

  readonly #key = (event: KeyboardEvent): void => {
    const items = this.#items();
    const at = items.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1 + items.length,
      Home: 0,
      End: items.length - 1,
    }[event.key];
    if (event.key === 'Escape') this.#close();
    else if (to !== undefined) items[to % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}
