import { css } from 'lit';

export const historyStyles = css`
  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(130px, 1fr));
    gap: 8px;
    margin: 0 0 8px;
  }
  .tiles > div {
    padding: 8px;
    min-width: 0;
    border: 1px solid var(--ps-line);
    border-radius: 2px;
  }
  .tiles dt {
    font-size: 12px;
    color: var(--ps-muted);
  }
  .tiles dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .tiles dd.number:not(.caption) {
    font-size: 18px;
  }
  .charts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr));
    gap: 0 16px;
    margin-bottom: 8px;
  }
  .above {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    min-height: 28px;
    margin-bottom: 4px;
  }
  .scroll {
    height: 340px;
    overflow: auto;
    container-type: inline-size;
    overflow-anchor: none;
    border-bottom: 1px solid var(--ps-line);
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
    padding: 0 6px;
    background: var(--vscode-editor-background);
    border-bottom: 1px solid var(--ps-line);
    font-weight: 600;
    font-size: 12px;
    text-align: start;
    white-space: nowrap;
  }
  th button.plain {
    display: flex;
    align-items: center;
    gap: 2px;
    width: 100%;
    height: 27px;
    font-weight: 600;
  }
  th.numeric,
  td.numeric {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  th.numeric button.plain {
    justify-content: flex-end;
  }
  th button .icon {
    width: 12px;
  }
  tbody td {
    height: 28px;
    padding: 0 6px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  tbody tr:not(.gap):hover td,
  tbody tr.selected td {
    background: var(--vscode-list-hoverBackground);
  }
  tbody tr.selected td:first-child {
    box-shadow: inset 2px 0 var(--vscode-focusBorder, #007fd4);
  }
  td.bad {
    color: var(--ps-bad);
  }
  td.pick {
    text-align: center;
    padding: 0;
  }
  td.pick input {
    margin: 0;
    width: 16px;
    height: 16px;
    vertical-align: middle;
    accent-color: var(--vscode-focusBorder, #007fd4);
  }
  .open {
    display: block;
    max-width: 100%;
    height: 26px;
  }
  .awaited .skeleton {
    display: block;
    height: 12px;
  }
  tr.gap td {
    padding: 0;
    border: 0;
  }
  col.pick {
    width: 32px;
  }
  col.name {
    width: auto;
  }
  col.status {
    width: 136px;
  }
  col.started {
    width: 160px;
  }
  col.time {
    width: 88px;
  }
  col.phases {
    width: 116px;
  }
  col.errors {
    width: 76px;
  }
  col.pipeline,
  col.kind {
    width: 140px;
  }
  col.labels {
    width: 220px;
  }
  @container (max-width: 1179px) {
    .p4 {
      display: none;
    }
  }
  @container (max-width: 859px) {
    .p3 {
      display: none;
    }
  }
  @container (max-width: 559px) {
    .p2 {
      display: none;
    }
    col.status {
      width: 28px;
    }
    col.started {
      width: 128px;
    }
    col.time {
      width: 72px;
    }
    th.status,
    td.status bdi {
      font-size: 0;
    }
    td.status {
      padding: 0 4px;
      text-overflow: clip;
    }
  }
  /* Many runs have one name: when they began tells them apart. */
  @container (max-width: 359px) {
    .time {
      display: none;
    }
  }
`;
