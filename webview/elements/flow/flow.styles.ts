import { css } from 'lit';

export const flowStyles = css`
  .actions {
    flex: 1;
    justify-content: flex-end;
  }
  select {
    flex: 0 1 136px;
    min-width: 104px;
  }
  .frame {
    position: relative;
    min-height: 52px;
  }
  .skeleton {
    height: 128px;
  }
  @media (max-width: 899px) {
    .skeleton {
      height: 484px;
    }
  }
  .ask,
  .progress {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .progress {
    position: absolute;
    inset-block-start: 8px;
    inset-inline-start: 8px;
    z-index: 3;
    padding: 4px 8px;
    background: var(--vscode-editorWidget-background, #252526);
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-editorWidget-border, #454545));
    border-radius: 3px;
  }
  p.caption {
    margin: 8px 0 0;
  }
  .rows {
    overflow: auto hidden;
    container-type: inline-size;
  }
  .rows.long {
    max-height: 546px;
    overflow: auto;
  }
  table {
    width: 100%;
    border-collapse: separate;
    border-spacing: 0;
    table-layout: fixed;
  }
  th {
    position: sticky;
    top: 0;
    z-index: 1;
    height: 26px;
    width: 80px;
    padding: 0 6px;
    background: var(--vscode-editor-background);
    border-bottom: 1px solid var(--ps-line);
    font-size: 12px;
    text-align: start;
    white-space: nowrap;
  }
  th.wide {
    width: auto;
  }
  td {
    height: 26px;
    padding: 0 6px;
    overflow: hidden;
    white-space: nowrap;
  }
  td.gap {
    padding: 0;
  }
  td button.plain {
    max-width: 100%;
  }
  tbody tr:hover td,
  tr.selected td {
    background: var(--vscode-list-hoverBackground);
  }
  tr.selected td:first-child {
    box-shadow: inset 2px 0 var(--vscode-focusBorder, #007fd4);
  }
  .numeric {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  td.bad {
    color: var(--ps-bad);
  }
  @container (max-width: 560px) {
    .less {
      display: none;
    }
  }
`;
