import { css } from 'lit';

export const flowStyles = css`
  .view {
    position: relative;
    max-height: min(600px, 80vh);
    overflow: auto;
  }
  .skeleton {
    height: 128px;
  }
  @media (max-width: 899px) {
    .skeleton {
      height: 484px;
    }
  }
  .scaled {
    position: relative;
    transform-origin: 0 0;
  }
  svg.edges {
    position: absolute;
    inset: 0;
    pointer-events: none;
  }
  .edge {
    fill: none;
    stroke: var(--vscode-charts-lines, rgba(128, 128, 128, 0.6));
    stroke-width: 1.25;
  }
  .edge.done {
    stroke: var(--ps-COMPLETED);
  }
  marker path {
    fill: var(--vscode-charts-lines, rgba(128, 128, 128, 0.6));
  }
  marker.done path {
    fill: var(--ps-COMPLETED);
  }
  .node {
    position: absolute;
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr);
    column-gap: 6px;
    align-content: center;
    padding: 2px 8px 2px 9px;
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
    width: 3px;
    background: var(--state);
    forced-color-adjust: none;
  }
  .node:hover {
    background: var(--vscode-list-hoverBackground);
  }
  .node[aria-pressed='true'] {
    border-color: var(--vscode-focusBorder, #007fd4);
    background: var(--vscode-list-hoverBackground);
  }
  .node .status {
    grid-row: span 2;
    align-self: center;
  }
  .node .name {
    font-size: 12px;
    line-height: 17px;
  }
  .node .facts {
    font-size: 11px;
    line-height: 15px;
    color: var(--ps-muted);
  }
  .node .count {
    color: var(--ps-bad);
  }
  .node.PENDING {
    border-style: dashed;
  }
  .PENDING {
    --state: transparent;
  }
  .RUNNING {
    --state: var(--ps-RUNNING);
  }
  .COMPLETED {
    --state: var(--ps-COMPLETED);
  }
  .FAILED {
    --state: var(--ps-FAILED);
  }
  .STALE {
    --state: var(--ps-STALE);
  }
  .CANCELLED,
  .SKIPPED {
    --state: var(--ps-line);
  }
`;
