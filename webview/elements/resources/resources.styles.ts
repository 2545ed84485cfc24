import { css } from 'lit';

export const resourcesStyles = css`
  .skeleton {
    height: 332px;
  }
  figure {
    margin: 0 0 8px;
  }
  figcaption {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 8px;
    min-height: 20px;
  }
  .key {
    width: 12px;
    height: 3px;
    align-self: center;
    forced-color-adjust: none;
  }
  .key.cpu_percent {
    background: var(--vscode-charts-blue, #3794ff);
  }
  .key.memory_mb {
    background: var(--vscode-charts-purple, #b180d7);
  }
  .canvas {
    position: relative;
    height: 120px;
    min-width: 0;
  }
  .scroll {
    max-height: 300px;
    overflow: auto;
  }
  table {
    width: 100%;
    border-collapse: separate;
    border-spacing: 0;
  }
  th {
    position: sticky;
    top: 0;
    background: var(--vscode-editor-background);
    border-bottom: 1px solid var(--ps-line);
    font-size: 12px;
    font-weight: 600;
  }
  th,
  td {
    padding: 3px 8px;
    text-align: end;
    white-space: nowrap;
  }
  th:first-child,
  td:first-child {
    text-align: start;
  }
`;
