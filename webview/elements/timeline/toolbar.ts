import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../icons.ts';

export interface Toolbar {
  /** What the button for all sub-phases does; null where nothing folds. */
  folding: 'show' | 'hide' | null;
  zoomed: boolean;
  fold: (shown: boolean) => void;
  /** Above 1: closer. */
  zoomBy: (factor: number) => void;
  reset: () => void;
}

/** The buttons to the right of the heading. */
export function toolbar({ folding, zoomed, fold, zoomBy, reset }: Toolbar): TemplateResult {
  return html`
    ${folding === null ? nothing : foldButton(folding === 'show', fold)}
    <vscode-button
      appearance="icon"
      aria-label="Zoom in"
      title="Zoom in (+)"
      @click=${() => zoomBy(1.5)}
      >${icon('zoomIn')}</vscode-button
    >
    <vscode-button
      appearance="icon"
      aria-label="Zoom out"
      title="Zoom out (-)"
      ?disabled=${!zoomed}
      @click=${() => zoomBy(1 / 1.5)}
      >${icon('zoomOut')}</vscode-button
    >
    <vscode-button
      appearance="icon"
      aria-label="Show the whole time"
      title="Show the whole time (0)"
      ?disabled=${!zoomed}
      @click=${reset}
      >${icon('screenFull')}</vscode-button
    >
  `;
}

function foldButton(shows: boolean, fold: Toolbar['fold']): TemplateResult {
  return html`<vscode-button appearance="secondary" @click=${() => fold(shows)}
    >${shows ? 'Show' : 'Hide'} sub-phases</vscode-button
  >`;
}
