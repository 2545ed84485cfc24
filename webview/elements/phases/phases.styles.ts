import { css } from 'lit';

export const phasesStyles = css`
  .fields {
    display: flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }
  .actions {
    flex: 1;
    justify-content: flex-end;
  }
  .fields {
    flex: 1 1 240px;
    justify-content: flex-end;
  }
  input.field {
    flex: 0 1 200px;
    min-width: 0;
  }
  select {
    flex: 0 0 140px;
  }
  .hidden-note {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    margin: 0 0 8px;
    overflow-wrap: anywhere;
  }
  .scroll {
    overflow: auto hidden;
    container-type: inline-size;
  }
  .scroll.long {
    max-height: calc(476px * var(--ps-height, 1));
    overflow: auto;
  }
  table {
    width: 100%;
    border-collapse: separate;
    border-spacing: 0;
    table-layout: fixed;
  }
  thead th {
    position: sticky;
    top: 0;
    z-index: 1;
    height: 28px;
    padding: 0;
    background: var(--vscode-editor-background);
    border-bottom: 1px solid var(--ps-line);
    font-weight: 600;
    font-size: 12px;
    text-align: start;
  }
  th button.plain {
    display: flex;
    align-items: center;
    gap: 2px;
    width: 100%;
    height: 27px;
    padding-inline: 6px;
    white-space: nowrap;
  }
  th.numeric button.plain {
    justify-content: flex-end;
  }
  th button .icon {
    width: 12px;
  }
  tbody.rows td {
    height: 28px;
    padding: 0 6px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  tbody.rows > tr:not(.detail):not(.gap):hover td {
    background: var(--vscode-list-hoverBackground);
  }
  tbody.rows > tr.selected > td {
    background: var(--vscode-list-hoverBackground);
  }
  tbody.rows > tr.selected > td:first-child {
    box-shadow: inset 2px 0 var(--vscode-focusBorder, #007fd4);
  }
  td.numeric {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  td.bad,
  .errortext {
    color: var(--ps-bad);
  }
  td.warn {
    color: var(--ps-warn);
  }
  td.unknown,
  td.none {
    color: var(--ps-muted);
  }
  col.index {
    width: auto;
  }
  col.status {
    width: 132px;
  }
  col.time {
    width: 80px;
  }
  col.usual {
    width: 112px;
  }
  col.wait {
    width: 72px;
  }
  col.cpu {
    width: 104px;
  }
  col.memory {
    width: 136px;
  }
  col.items {
    width: 160px;
  }
  col.throughput {
    width: 128px;
  }
  col.errors,
  col.warnings,
  col.artifacts {
    width: 80px;
  }
  .open {
    display: inline-flex;
    align-items: center;
    gap: 2px;
    max-width: 100%;
    vertical-align: middle;
    height: 26px;
  }
  @container (max-width: 1359px) {
    .p4 {
      display: none;
    }
  }
  @container (max-width: 919px) {
    .p3 {
      display: none;
    }
  }
  @container (max-width: 459px) {
    .p2 {
      display: none;
    }
    col.status {
      width: 104px;
    }
    col.time {
      width: 68px;
    }
  }
  tr.gap td {
    padding: 0;
    border: 0;
  }
  tr.detail > td {
    height: auto;
    padding: 8px 8px 16px 28px;
    white-space: normal;
    border-bottom: 1px solid var(--ps-line);
  }
  .detail h3 {
    margin: 12px 0 4px;
    font-size: 12px;
    font-weight: 600;
  }
  .detail pre {
    margin: 8px 0;
    padding: 8px;
    max-height: 240px;
    overflow: auto;
    background: var(--vscode-textCodeBlock-background, rgba(128, 128, 128, 0.12));
    border: 1px solid var(--ps-edge);
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 12px;
  }
  .detail p {
    margin: 4px 0;
    overflow-wrap: anywhere;
  }
  .detail ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .detail li {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    padding: 2px 0;
    overflow-wrap: anywhere;
  }
  .detail li > .labelled {
    align-items: start;
    white-space: normal;
  }
`;
