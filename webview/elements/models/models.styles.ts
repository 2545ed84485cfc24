import { css } from 'lit';

export const modelsStyles = css`
  section {
    container-type: inline-size;
  }
  .skeleton.waiting {
    height: 360px;
  }
  ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(280px, 1fr));
    gap: 8px;
    list-style: none;
    margin: 0 0 16px;
    padding: 0;
    max-height: 520px;
    overflow: auto;
  }
  li {
    min-width: 0;
    padding: 8px 12px;
    border: 1px solid var(--vscode-contrastBorder, var(--ps-line));
    border-radius: 2px;
  }
  h3,
  p,
  dl,
  dt,
  dd {
    margin: 0;
  }
  h3 {
    font-size: 13px;
    font-weight: 600;
  }
  .mae {
    display: flex;
    align-items: baseline;
    gap: 6px;
  }
  .amount {
    font-size: 20px;
    line-height: 28px;
  }
  .track {
    position: relative;
    height: 8px;
    margin: 4px 0;
    background: var(--vscode-list-hoverBackground, rgba(128, 128, 128, 0.2));
    border: 1px solid var(--vscode-contrastBorder, transparent);
  }
  .fill {
    height: 100%;
    background: var(--vscode-charts-blue, #3794ff);
  }
  .worse .fill {
    background: var(--ps-warn);
  }
  .bad .fill {
    background: var(--ps-bad);
  }
  .mark {
    position: absolute;
    inset-block: -3px;
    width: 2px;
    background: var(--vscode-foreground);
  }
  .verdict {
    display: flex;
    align-items: center;
    gap: 4px;
    min-height: 24px;
  }
  .icon.better {
    color: var(--ps-COMPLETED);
  }
  .icon.worse {
    color: var(--ps-warn);
  }
  .icon.bad {
    color: var(--ps-bad);
  }
  dl {
    display: grid;
    grid-template-columns: repeat(4, minmax(0, 1fr));
    gap: 4px 8px;
    margin-top: 4px;
  }
  dd {
    overflow-wrap: anywhere;
  }
  .charts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr));
    gap: 8px 16px;
  }
  @media (forced-colors: active) {
    .fill {
      background: Highlight;
      forced-color-adjust: none;
    }
    .mark {
      background: CanvasText;
      forced-color-adjust: none;
    }
  }
`;
