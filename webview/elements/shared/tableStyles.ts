import { css } from 'lit';

/** Tables of the regions: one line a row, headings that sort, numbers to the right. */
export const tableStyles = css`
  table {
    width: 100%;
    border-collapse: separate;
    border-spacing: 0;
    table-layout: fixed;
  }
  th {
    height: 28px;
    padding: 0 6px;
    background: var(--vscode-editor-background);
    border-bottom: 1px solid var(--ps-line);
    font-weight: 600;
    font-size: 12px;
    text-align: start;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  thead.sticky th {
    position: sticky;
    top: 0;
    z-index: 1;
  }
  th button.plain {
    display: flex;
    align-items: center;
    gap: 2px;
    width: 100%;
    height: 27px;
    min-width: 0;
    overflow: hidden;
    white-space: nowrap;
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
  td {
    height: 28px;
    padding: 0 6px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  tbody tr:not(.gap):hover td {
    background: var(--vscode-list-hoverBackground);
  }
  tbody tr.selected td {
    background: var(--vscode-list-hoverBackground);
  }
  tbody tr.selected td:first-child {
    box-shadow: inset 2px 0 var(--vscode-focusBorder, #007fd4);
  }
  tr.gap td {
    padding: 0;
    height: auto;
  }
  td.bad,
  .badtext {
    color: var(--ps-bad);
  }
  td.warn {
    color: var(--ps-warn);
  }
  td.none {
    color: var(--ps-muted);
  }
`;
