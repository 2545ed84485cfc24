import { css } from 'lit';

export const chartStyles = css`
  :host {
    container-type: inline-size;
    min-width: 0;
  }
  figure {
    margin: 0 0 8px;
  }
  figcaption {
    display: flex;
    align-items: center;
    gap: 0 8px;
    min-height: 24px;
  }
  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 8px;
    flex: 1;
    min-width: 0;
  }
  .name {
    unicode-bidi: isolate;
    max-width: 100%;
  }
  .numbers span + span::before {
    content: ' · ';
  }
  /* One line, whatever the numbers are: the last goes where there is no room for three. */
  @container (max-width: 359px) {
    .numbers span:nth-child(3) {
      display: none;
    }
  }
  /* Apart, so that each is a target of 24 pixels. */
  .actions {
    display: flex;
    flex: none;
    gap: 4px;
  }
  .key {
    flex: none;
    align-self: center;
    overflow: visible;
    forced-color-adjust: none;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .legend li {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-width: 0;
    max-width: 100%;
  }
  .canvas {
    position: relative;
    min-width: 0;
    overflow: clip;
    overflow-clip-margin: 200px;
    touch-action: pan-y;
    user-select: none;
  }
  .canvas.leads {
    cursor: pointer;
  }
  canvas {
    position: absolute;
    inset: 0;
    /* Before it is drawn a canvas is 300 pixels wide. */
    max-width: 100%;
  }
  .cross,
  .mark,
  .brush,
  .tag,
  .tooltip {
    position: absolute;
    pointer-events: none;
  }
  .cross {
    width: 1px;
    background: var(--vscode-focusBorder, #007fd4);
  }
  .mark {
    width: 9px;
    height: 9px;
    margin: -4.5px 0 0 -4.5px;
    border: 2px solid var(--vscode-focusBorder, #007fd4);
    border-radius: 50%;
    background: var(--vscode-editor-background);
  }
  .brush {
    background: var(--vscode-editor-selectionBackground, rgba(0, 120, 212, 0.25));
    opacity: 0.6;
    border-inline: 1px solid var(--vscode-focusBorder, #007fd4);
  }
  .tag {
    padding: 0 4px;
    font-size: 11px;
    background: var(--vscode-editor-background);
    border: 1px solid var(--ps-line);
  }
  .tooltip {
    z-index: 2;
    max-width: min(320px, 80cqw);
    padding: 4px 8px;
    font-size: 12px;
    color: var(--vscode-editorHoverWidget-foreground, var(--vscode-foreground));
    background: var(--vscode-editorHoverWidget-background, var(--vscode-editorWidget-background));
    border: 1px solid var(--vscode-editorHoverWidget-border, var(--vscode-editorWidget-border));
  }
  .tooltip p {
    margin: 0;
  }
  .tooltip ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .tooltip li {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
  }
  .tooltip .value {
    margin-inline-start: auto;
    padding-inline-start: 12px;
    white-space: nowrap;
  }
  .tooltip .current {
    font-weight: 600;
  }
  .middle {
    display: grid;
    place-content: center;
    padding: 0 16px;
    text-align: center;
    color: var(--ps-muted);
    border: 1px dashed var(--ps-line);
  }
  .middle p,
  figure > p {
    margin: 0;
  }
  .scroll {
    overflow: auto;
    contain: strict;
    border-block: 1px solid var(--ps-line);
  }
  table {
    width: 100%;
    border-collapse: separate;
    border-spacing: 0;
  }
  thead th {
    position: sticky;
    top: 0;
    z-index: 1;
    background: var(--vscode-editor-background);
    border-bottom: 1px solid var(--ps-line);
    font-size: 12px;
    font-weight: 600;
  }
  tr {
    height: 24px;
  }
  th,
  td {
    padding: 0 8px;
    text-align: end;
    white-space: nowrap;
    max-width: 240px;
    overflow: hidden;
    text-overflow: ellipsis;
    unicode-bidi: isolate;
  }
  th.words,
  td.words {
    text-align: start;
  }
  .gap td {
    padding: 0;
  }
`;
