import { css } from 'lit';

export const graphStyles = css`
  :host {
    position: relative;
  }
  .view {
    position: relative;
    max-height: min(600px, 80vh);
    overflow: auto;
    touch-action: pan-x pan-y;
    overscroll-behavior: auto;
  }
  .sheet {
    position: relative;
    overflow: hidden;
    margin: 0 auto;
  }
  .scaled {
    position: absolute;
    inset: 0 auto auto 0;
    transform-origin: 0 0;
  }
  canvas {
    position: absolute;
  }
  svg.edges {
    position: absolute;
    overflow: hidden;
    pointer-events: none;
  }
  .edge {
    fill: none;
    stroke: var(--line);
    stroke-width: 1.25;
  }
  .open {
    --line: var(--vscode-charts-lines, rgba(128, 128, 128, 0.6));
  }
  .done {
    --line: var(--ps-COMPLETED);
  }
  .critical {
    --line: var(--vscode-foreground);
  }
  .path {
    --line: var(--vscode-focusBorder, #007fd4);
  }
  .edge.critical,
  .edge.path {
    stroke-width: 2.25;
  }
  .edge.back,
  .observed .edge,
  .order .edge {
    stroke-dasharray: 5 3;
  }
  .edge.faint:not(.path):not(.critical) {
    stroke-opacity: 0.3;
  }
  marker path {
    fill: var(--line);
  }
  .place {
    position: absolute;
    contain: layout style size;
  }
  .node {
    position: relative;
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr);
    column-gap: 6px;
    align-content: center;
    width: 100%;
    height: 100%;
    padding: 2px 8px 2px 10px;
    color: var(--vscode-foreground);
    background: var(--vscode-editorWidget-background, transparent);
    border: 1px solid
      var(--vscode-contrastBorder, var(--vscode-editorWidget-border, var(--ps-line)));
    border-radius: 3px;
    font: inherit;
    text-align: start;
    cursor: pointer;
    overflow: hidden;
  }
  .node::before {
    content: '';
    position: absolute;
    inset: 0 auto 0 0;
    width: 4px;
    background: var(--state);
    forced-color-adjust: none;
  }
  .node.group {
    box-shadow:
      3px 3px 0 -1px var(--vscode-editor-background),
      3px 3px 0 var(--vscode-contrastBorder, var(--vscode-editorWidget-border, var(--ps-line)));
  }
  .node:hover,
  .node[aria-pressed='true'] {
    background: var(--vscode-list-hoverBackground);
  }
  .node.critical {
    border-color: var(--vscode-foreground);
    border-bottom-width: 2px;
  }
  .node.related {
    border-color: var(--vscode-focusBorder, #007fd4);
  }
  .node[aria-pressed='true'] {
    border-color: var(--vscode-focusBorder, #007fd4);
    border-width: 2px;
    padding-inline: 9px 7px;
  }
  .node:focus-visible {
    outline-offset: 1px;
    outline-width: 2px;
  }
  .node .status {
    grid-row: span 2;
    align-self: center;
    position: relative;
  }
  .node .name {
    position: relative;
    font-size: 12px;
    line-height: 17px;
  }
  .name .icon {
    width: 12px;
    height: 12px;
    margin-inline: -3px 1px;
    vertical-align: -2px;
  }
  .node .facts {
    position: relative;
    font-size: 11px;
    line-height: 15px;
    color: var(--ps-muted);
  }
  .node .count {
    color: var(--ps-bad);
  }
  /* A shade behind the number, and how far it reaches at the bottom: never the shade alone. */
  .heat {
    position: absolute;
    inset: 0 0 0 4px;
    background: color-mix(in srgb, var(--metric) calc(var(--heat) * 26%), transparent);
  }
  .heat::after {
    content: '';
    position: absolute;
    inset: auto auto 0 0;
    height: 3px;
    width: calc(var(--heat) * 100%);
    background: var(--metric);
    forced-color-adjust: none;
  }
  .heat ~ .facts {
    color: var(--vscode-foreground);
  }
  .time {
    --metric: var(--vscode-charts-foreground, #888888);
  }
  .errors {
    --metric: var(--vscode-charts-red, #f14c4c);
  }
  .memory {
    --metric: var(--vscode-charts-purple, #b180d7);
  }
  .leads .node {
    padding-inline-end: 24px;
  }
  .fold {
    position: absolute;
    inset: 0 0 0 auto;
    width: 24px;
    padding: 0;
    color: inherit;
    background: none;
    border: 0;
    cursor: pointer;
  }
  .fold:hover {
    background: var(--vscode-toolbar-hoverBackground, rgba(128, 128, 128, 0.3));
  }
  .node.PENDING {
    border-style: dashed;
  }
  .PENDING {
    --state: transparent;
  }
  .RUNNING {
    --state: repeating-linear-gradient(135deg, var(--ps-RUNNING) 0 4px, transparent 4px 6px);
  }
  .COMPLETED {
    --state: var(--ps-COMPLETED);
  }
  .FAILED {
    --state: var(--ps-FAILED);
  }
  .node.FAILED::before {
    width: 6px;
  }
  .STALE {
    --state: repeating-linear-gradient(0deg, var(--ps-STALE) 0 6px, transparent 6px 9px);
  }
  .CANCELLED,
  .SKIPPED {
    --state: repeating-linear-gradient(45deg, var(--ps-muted) 0 1px, transparent 1px 4px);
  }
  pipescope-flow-map {
    position: absolute;
    inset: auto 20px 20px auto;
    z-index: 2;
  }
  .tooltip {
    position: absolute;
    z-index: 4;
    width: max-content;
    max-width: min(280px, 90%);
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
    overflow-wrap: anywhere;
  }
  .tooltip div:first-child {
    font-weight: 600;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    overflow: hidden;
  }
`;
