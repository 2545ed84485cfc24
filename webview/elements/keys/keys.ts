import { t } from '@vscode/l10n';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { dialogStyles } from '../shared/dialog.ts';
import { shared } from '../shared/styles.ts';

function keys(): readonly (readonly [string, string])[] {
  return [
    ['/', t('Filter the phases')],
    ['g', t('Go to a region')],
    ['?', t('Show this list')],
    [t('Esc'), t('Close what is open, clear the filter')],
    [t('Tab'), t('Next control')],
    [t('Up, Down'), t('Previous or next phase, in the timeline and the graph')],
    [t('Home, End'), t('First or last phase, in the timeline and the graph')],
    [t('Enter'), t('Select the phase, or unfold the group of the graph')],
    ['f', t('Fold or unfold the group of the graph that the phase is in')],
    ['+ -', t('Zoom, in the timeline and the graph; also Ctrl and the wheel')],
    [
      t('Left, Right'),
      t(
        'Hide or show the sub-phases of a phase; the previous or next task of a worker; along the edges of the graph; along a chart',
      ),
    ],
    [t('Shift + Left, Right'), t('Move the zoomed timeline; also Shift and the wheel')],
    [t('Shift + arrow keys'), t('Move the graph; the arrow keys do so on its map')],
    ['0', t('Show all of it again')],
  ];
}

/** The list of keys. */
@customElement('pipescope-keys')
export class PipescopeKeys extends LitElement {
  static override styles = [
    shared,
    dialogStyles,
    css`
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
    return html`<dialog aria-label=${t('Keyboard keys')}>
      <h2>${t('Keyboard keys')}</h2>
      <dl>
        ${keys().map(
          ([key, does]) =>
            html`<dt>${key}</dt>
              <dd>${does}</dd>`,
        )}
      </dl>
      <vscode-button @click=${() => this.dialog.close()}>${t('Close')}</vscode-button>
    </dialog>`;
  }
}
