import { css } from 'lit';

export const timelineStyles = css`
  .frame {
    position: relative;
    --labels: clamp(112px, 30%, 256px);
  }
  .skeleton {
    height: 20px;
    margin-bottom: 4px;
  }
  .axis {
    display: grid;
    grid-template-columns: var(--labels) minmax(0, 1fr);
    height: 20px;
    border-bottom: 1px solid var(--ps-line);
  }
  .rows {
    max-height: 384px;
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
  .plot.zoomed {
    cursor: grab;
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
  .wait {
    stroke: var(--ps-muted);
    stroke-width: 1.5;
    stroke-dasharray: 2 3;
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
  #hatch path {
    stroke: var(--ps-muted);
    stroke-width: 1;
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
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin: 8px 0 0;
  }
`;
