import { css } from 'lit';

export const overviewStyles = css`
  section {
    container-type: inline-size;
  }
  dl {
    display: grid;
    grid-template-columns: repeat(8, minmax(0, 1fr));
    gap: 8px;
    margin: 0;
  }
  .tile {
    min-height: 82px;
    padding: 8px 12px;
    border: 1px solid var(--vscode-contrastBorder, var(--ps-line));
    border-radius: 2px;
    min-width: 0;
  }
  dt,
  dd {
    margin: 0;
  }
  dt button.plain {
    display: flex;
    align-items: center;
    gap: 2px;
    max-width: 100%;
  }
  dt button.plain:hover {
    text-decoration: underline;
  }
  .value {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 6px;
    font-size: 20px;
    line-height: 28px;
  }
  .amount {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .unit {
    font-size: 11px;
    line-height: 20px;
  }
  .value .icon {
    align-self: center;
    width: 16px;
  }
  .spark {
    align-self: center;
    flex: 1 1 24px;
    min-width: 24px;
    max-width: 160px;
    height: 20px;
  }
  .spark svg {
    display: block;
    width: 100%;
    height: 100%;
    overflow: visible;
  }
  pipescope-chart {
    margin-top: 8px;
  }
  .spark polyline {
    fill: none;
    stroke: var(--vscode-charts-blue, #3794ff);
    stroke-width: 1.5;
  }
  .bad .value .icon,
  td .icon.CRITICAL {
    color: var(--ps-bad);
  }
  .warn .value .icon,
  td .icon.WARNING {
    color: var(--ps-warn);
  }
  td .icon.OK {
    color: var(--ps-COMPLETED);
  }
  .tile .caption {
    min-height: 16px;
  }
  /* Room for the second line that some have at times. */
  .tile dd.caption {
    min-height: 32px;
  }
  .makeup {
    margin-top: 8px;
    padding: 8px 12px;
    border: 1px solid var(--vscode-contrastBorder, var(--ps-line));
    border-radius: 2px;
  }
  .makeup p {
    margin: 0 0 4px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th {
    font-weight: 600;
    font-size: 12px;
    text-align: start;
  }
  th,
  td {
    padding: 3px 12px 3px 0;
    vertical-align: top;
  }
  td {
    font-variant-numeric: tabular-nums;
  }
  td:not(:first-child) {
    white-space: nowrap;
  }
  tr.missed td {
    font-weight: 600;
  }
  ul {
    list-style: none;
    margin: 8px 0 0;
    padding: 0;
    max-height: 204px;
    overflow: auto;
  }
  li {
    display: grid;
    grid-template-columns: minmax(0, 1.4fr) 72px minmax(64px, 1fr) minmax(0, 1.4fr) 64px 96px;
    align-items: center;
    gap: 0 12px;
    min-height: 28px;
    padding-inline: 2px;
  }
  li:hover {
    background: var(--vscode-list-hoverBackground);
  }
  li .name {
    display: flex;
    align-items: center;
    gap: 4px;
    min-width: 0;
  }
  li .right {
    text-align: end;
    white-space: nowrap;
  }
  .track {
    height: 6px;
    background: var(--vscode-list-hoverBackground, rgba(128, 128, 128, 0.2));
    border: 1px solid var(--vscode-contrastBorder, transparent);
    border-radius: 3px;
    overflow: hidden;
  }
  .bar {
    height: 100%;
    background: var(--vscode-progressBar-background, #0e70c0);
  }
  .bar.STALE {
    background: var(--ps-STALE);
  }
  .none {
    margin: 8px 0 0;
    min-height: 28px;
    padding: 4px 0;
    line-height: 20px;
    overflow-wrap: anywhere;
  }
  @container (max-width: 1099px) {
    dl {
      grid-template-columns: repeat(4, minmax(0, 1fr));
    }
  }
  @container (max-width: 559px) {
    dl {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .tile {
      padding: 8px;
    }
    li {
      grid-template-columns: minmax(0, 1fr) auto auto;
      padding-block: 4px;
      border-bottom: 1px solid var(--ps-line);
    }
    li .name,
    li .doing {
      grid-column: 1 / -1;
    }
    li .meter {
      order: 1;
    }
    li .done {
      order: 2;
    }
    li .left {
      order: 4;
    }
    li .elapsed {
      order: 3;
    }
    li .doing {
      order: 5;
    }
    .bound {
      display: none;
    }
    th,
    td {
      padding-inline-end: 8px;
      overflow-wrap: anywhere;
    }
    td:last-child {
      white-space: normal;
    }
    /* The icon says it; a screen reader still reads the word. */
    .word {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }
  @media (forced-colors: active) {
    .bar {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;
