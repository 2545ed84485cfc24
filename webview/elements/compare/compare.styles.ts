import { css } from 'lit';

export const compareStyles = css`
  :host {
    --ps-better: var(--vscode-testing-iconPassed, #73c991);
  }
  .runs,
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    margin-bottom: 8px;
  }
  .run {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    max-width: 300px;
    min-height: 26px;
    padding-inline: 8px 0;
    border: 1px solid var(--ps-line);
    border-radius: 2px;
  }
  .run .caption {
    flex: none;
  }
  .median {
    flex: 0 1 auto;
    max-width: 100%;
    overflow-wrap: anywhere;
  }
  .verdicts {
    margin: 0 0 8px;
    padding: 0;
    list-style: none;
    overflow-wrap: anywhere;
  }
  .verdicts li {
    padding: 4px 0;
  }
  h3 {
    margin: 12px 0 4px;
    font-size: 12px;
    font-weight: 600;
  }
  .scroll {
    max-height: 420px;
    overflow: auto;
    border-bottom: 1px solid var(--ps-line);
  }
  .wide {
    overflow: auto;
    max-height: 420px;
    margin-bottom: 8px;
  }
  table {
    width: 100%;
    border-collapse: separate;
    border-spacing: 0;
  }
  .scroll table {
    table-layout: fixed;
  }
  col.phase {
    width: 26%;
  }
  col.base {
    width: 96px;
  }
  thead th {
    position: sticky;
    top: 0;
    z-index: 1;
    height: 28px;
    padding: 0 6px;
    background: var(--vscode-editor-background);
    border-bottom: 1px solid var(--ps-line);
    font-size: 12px;
    font-weight: 600;
    text-align: start;
  }
  .plaintable th,
  .plaintable td {
    max-width: 320px;
    padding: 2px 6px;
    min-width: 112px;
    overflow-wrap: break-word;
    text-align: start;
    font-weight: normal;
  }
  .plaintable thead th {
    font-weight: 600;
  }
  th.numeric,
  td.numeric,
  .plaintable .numeric {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  tbody > tr:not(.gap):hover {
    background: var(--vscode-list-hoverBackground);
  }
  .scroll tbody th,
  .scroll tbody td {
    height: 44px;
    padding: 0 6px;
    overflow: hidden;
    font-weight: normal;
    text-align: start;
    vertical-align: middle;
    white-space: nowrap;
  }
  .scroll tbody td.numeric {
    text-align: end;
  }
  .differs th > div:first-child {
    font-weight: 600;
  }
  .values,
  .below {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
  }
  .values > span {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .worse {
    color: var(--ps-bad);
  }
  .better {
    color: var(--ps-better);
  }
  .track {
    position: relative;
    flex: 1;
    max-width: 240px;
    min-width: 40px;
    height: 6px;
    border-inline-start: 0;
    background: linear-gradient(var(--ps-line), var(--ps-line)) center / 1px 100% no-repeat;
  }
  .bar {
    position: absolute;
    top: 0;
    height: 6px;
    background: var(--vscode-charts-blue, #3794ff);
  }
  .bar.more {
    left: 50%;
  }
  .bar.less {
    right: 50%;
  }
  .bar.worse {
    background: var(--ps-bad);
  }
  .bar.better {
    background: var(--ps-better);
  }
  @media (forced-colors: active) {
    .bar {
      forced-color-adjust: none;
      background: CanvasText;
    }
  }
  label {
    display: inline-flex;
    align-items: center;
    gap: 4px;
  }
  label input {
    width: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--vscode-focusBorder, #007fd4);
  }
  tr.gap td {
    padding: 0;
    border: 0;
  }
  .skeleton {
    height: 300px;
  }
`;
