import { css } from 'lit';

/** The signs of the drawing, which its legend shows too. */
export const signStyles = css`
  .defs {
    position: absolute;
  }
  .gapband {
    fill: var(--ps-muted);
    fill-opacity: 0.12;
  }
  .ready {
    fill: url(#hatch);
    stroke: var(--ps-muted);
    stroke-width: 0.5;
  }
  .critical {
    stroke: var(--vscode-foreground);
    stroke-width: 2;
  }
  .wait {
    stroke: var(--ps-muted);
    stroke-width: 1.5;
    stroke-dasharray: 2 3;
  }
  #hatch path {
    stroke: var(--ps-muted);
    stroke-width: 1;
  }
`;

export const rowsStyles = css`
  .frame {
    position: relative;
  }
  .axis {
    display: grid;
    grid-template-columns: var(--labels) minmax(0, 1fr);
    height: 35px;
    border-bottom: 1px solid var(--ps-line);
  }
  .rows {
    max-height: calc(384px * var(--ps-height, 1));
    overflow: hidden auto;
    position: relative;
  }
  .window {
    position: absolute;
    inset: 0 0 auto 0;
    display: grid;
    grid-template-columns: var(--labels) minmax(0, 1fr);
  }
  .row {
    display: flex;
    align-items: center;
    gap: 6px;
    height: 24px;
    padding-inline: 4px 8px;
    cursor: pointer;
  }
  .row.sub {
    padding-inline-start: 26px;
    color: var(--ps-muted);
    font-size: 12px;
  }
  .twistie {
    display: flex;
    flex: none;
    justify-content: center;
    width: 16px;
    margin-inline-end: -4px;
    align-self: stretch;
    align-items: center;
  }
  .row:hover {
    background: var(--vscode-list-hoverBackground);
  }
  .row[aria-selected='true'] {
    background: var(--vscode-list-hoverBackground);
    box-shadow: inset 2px 0 var(--vscode-focusBorder, #007fd4);
  }
  .rows:focus-visible .row.active {
    outline: 1px solid var(--vscode-focusBorder, #007fd4);
    outline-offset: -1px;
  }
  svg {
    display: block;
    overflow: hidden;
  }
  svg text {
    fill: var(--ps-muted);
    font-size: 11px;
  }
  svg text.inside {
    fill: var(--vscode-foreground);
  }
  .plot {
    cursor: crosshair;
    touch-action: pan-y;
    user-select: none;
  }
  .over {
    position: absolute;
    inset: 0 auto 0 var(--labels);
    overflow: hidden;
    pointer-events: none;
  }
  .cross {
    position: absolute;
    inset-block: 0;
    width: 1px;
    background: var(--vscode-focusBorder, #007fd4);
  }
  .cross span {
    position: absolute;
    inset-inline-start: 4px;
    top: 0;
    padding-inline: 2px;
    color: var(--vscode-foreground);
    background: var(--vscode-editor-background);
    font-size: 11px;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .cross.end span {
    inset-inline: auto 4px;
  }
  .brush {
    position: absolute;
    inset-block: 0;
    background: var(--vscode-editor-selectionBackground, rgba(38, 119, 203, 0.35));
    border-inline: 1px solid var(--vscode-focusBorder, #007fd4);
    opacity: 0.7;
  }
  .gap {
    fill: url(#hatch);
    stroke: var(--ps-muted);
    stroke-width: 0.5;
  }
  .rail text {
    paint-order: stroke;
    stroke: var(--vscode-editor-background);
    stroke-width: 4px;
    font-size: 10px;
  }
  .row .mark-critical {
    display: inline-flex;
    align-items: center;
    gap: 2px;
    flex: none;
    margin-inline-start: auto;
    font-size: 11px;
  }
  .row .mark-critical .icon {
    width: 12px;
  }
  .row .attempt {
    flex: none;
    font-size: 11px;
    color: var(--ps-muted);
  }
  .row .failures {
    color: var(--ps-bad);
  }
  .row .icon {
    display: inline;
  }
  .row .failures .icon {
    width: 12px;
    vertical-align: -4px;
  }
  .row .attempt {
    margin-inline-start: auto;
    white-space: nowrap;
  }
  canvas {
    display: block;
  }
  .plot {
    position: relative;
  }
  .abovecanvas {
    position: absolute;
    inset: 0;
  }
  .row .name {
    unicode-bidi: isolate;
  }
  /* Something of the name is seen beside it, however long it is. */
  .row .id {
    display: inline-block;
    max-width: 60%;
    vertical-align: bottom;
  }
  @container (max-width: 599px) {
    .mark-critical .word {
      display: none;
    }
  }
  .grid {
    stroke: var(--ps-muted);
    stroke-opacity: 0.25;
    stroke-width: 1;
    shape-rendering: crispEdges;
  }
  .now {
    stroke: var(--vscode-focusBorder, #007fd4);
    stroke-width: 1;
    shape-rendering: crispEdges;
  }
  .bar {
    stroke: var(--vscode-contrastBorder, transparent);
  }
  .bar.COMPLETED {
    fill: var(--ps-COMPLETED);
  }
  .bar.FAILED {
    fill: var(--ps-FAILED);
  }
  .bar.STALE {
    fill: var(--ps-STALE);
  }
  .bar.PENDING {
    fill: var(--ps-line);
  }
  .bar.RUNNING {
    fill: url(#stripes);
  }
  .bar.CANCELLED,
  .bar.SKIPPED {
    fill: url(#hatch);
    stroke: var(--ps-muted);
  }
  .bar.sub {
    opacity: 0.7;
  }
  #stripes rect {
    fill: var(--ps-RUNNING);
  }
  #stripes path {
    stroke: var(--vscode-editor-background, #000);
    stroke-opacity: 0.45;
    stroke-width: 2;
  }
  .mark {
    stroke: var(--ps-FAILED);
    stroke-width: 2;
  }
  .tooltip {
    position: absolute;
    z-index: 2;
    max-width: min(320px, 90%);
    padding: 4px 8px;
    pointer-events: none;
    color: var(--vscode-editorHoverWidget-foreground, var(--vscode-foreground));
    background: var(
      --vscode-editorHoverWidget-background,
      var(--vscode-editorWidget-background, #252526)
    );
    border: 1px solid
      var(--vscode-editorHoverWidget-border, var(--vscode-editorWidget-border, #454545));
    border-radius: 3px;
    font-size: 12px;
  }
  .tooltip div:first-child {
    font-weight: 600;
    overflow-wrap: anywhere;
  }
`;
