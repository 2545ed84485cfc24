import { css } from 'lit';

export const workerTableStyles = css`
  .scroll {
    max-height: 364px;
    overflow: auto;
    container-type: inline-size;
  }
  td .icon.busy {
    color: var(--ps-RUNNING);
  }
  td .icon.idle {
    color: var(--ps-COMPLETED);
  }
  td .icon.offline {
    color: var(--ps-bad);
  }
  td .icon.unhealthy {
    color: var(--ps-warn);
  }
  td .icon.stopped,
  tr.stopped td {
    color: var(--ps-muted);
  }
  td button.cut {
    display: block;
    max-width: 100%;
  }
  .load {
    display: inline-block;
    width: 32px;
    height: 6px;
    margin-inline-end: 6px;
    vertical-align: 1px;
    background: var(--vscode-list-hoverBackground, rgba(128, 128, 128, 0.2));
    border: 1px solid var(--vscode-contrastBorder, transparent);
    overflow: hidden;
  }
  .load span {
    display: block;
    height: 100%;
    background: var(--vscode-charts-blue, #3794ff);
  }
  .memory .load span {
    background: var(--vscode-charts-purple, #b180d7);
  }
  .gpu .load span {
    background: var(--vscode-charts-green, #89d185);
  }
  .load span.full {
    background: var(--ps-bad);
  }
  col.state {
    width: 136px;
  }
  col.kind,
  col.latency {
    width: 72px;
  }
  col.host {
    width: 12%;
  }
  col.cpu,
  col.gpu {
    width: 92px;
  }
  col.memory {
    width: 108px;
  }
  col.active,
  col.completed,
  col.failed,
  col.failures {
    width: 68px;
  }
  col.seen {
    width: 92px;
  }
  @container (max-width: 1159px) {
    .host,
    .latency {
      display: none;
    }
  }
  @container (max-width: 939px) {
    .kind,
    .completed {
      display: none;
    }
  }
  @container (max-width: 759px) {
    .failures,
    .gpu {
      display: none;
    }
  }
  /* Two lines a row: what the columns say stands in the second. */
  @container (max-width: 559px) {
    .cpu,
    .memory,
    .active,
    .failed,
    .seen {
      display: none;
    }
  }
  table.narrow td {
    height: 48px;
  }
  table.narrow col.state {
    width: 108px;
  }
  @media (forced-colors: active) {
    .load span {
      background: Highlight !important;
      forced-color-adjust: none;
    }
  }
`;
