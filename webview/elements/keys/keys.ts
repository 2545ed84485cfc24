import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { shared } from '../shared/styles.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['/', 'Filter the phases'],
  ['?', 'Show this list'],
  ['Esc', 'Close what is open, clear the filter'],
  ['Tab', 'Next control'],
  ['Up, Down', 'Previous or next phase, in the timeline and the graph'],
  ['Enter', 'Select the phase'],
  ['+ and -', 'Zoom, in the timeline and the graph; also Ctrl and the wheel'],
  ['Left, Right', 'Hide or show the sub-phases of a phase; move along a chart'],
  ['Shift + Left, Right', 'Move the zoomed timeline; also Shift and the wheel'],
  ['0', 'Show all of it again'],
];

/** The list of keys. */
@customElement('pipescope-keys')
export class PipescopeKeys extends LitElement {
  static override styles = [
    shared,
    css`
      dialog {
        padding: 16px;
        max-width: min(480px, calc(100vw - 32px));
        color: var(--vscode-foreground);
        background: var(--vscode-editorWidget-background, #252526);
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorWidget-border, #454545));
        border-radius: 4px;
      }
      h2 {
        margin: 0 0 8px;
        font-size: 13px;
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 4px 16px;
        margin: 0 0 16px;
      }
      dt {
        font-family: var(--vscode-editor-font-family, monospace);
        font-size: 12px;
        white-space: nowrap;
      }
      dd {
        margin: 0;
      }
    `,
  ];
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  show(): void {
    if (!this.dialog.open) this.dialog.showModal();
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-label="Keyboard keys">
      <h2>Keyboard keys</h2>
      <dl>
        ${KEYS.map(
          ([key, does]) =>
            html`<dt>${key}</dt>
              <dd>${does}</dd>`,
        )}
      </dl>
      <vscode-button @click=${() => this.dialog.close()}>Close</vscode-button>
    </dialog>`;
  }
}
