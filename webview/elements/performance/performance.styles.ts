import { css } from 'lit';

export const performanceStyles = css`
  .skeleton {
    height: 360px;
  }
  section {
    container-type: inline-size;
  }
  select {
    max-width: 180px;
  }
  h3 {
    margin: 8px 0 2px;
    font-size: 12px;
    font-weight: 600;
  }
  .changes {
    list-style: none;
    margin: 4px 0 0;
    padding: 0;
    min-height: 20px;
  }
  .changes li {
    display: flex;
    gap: 4px;
    padding: 2px 0;
    overflow-wrap: anywhere;
  }
  .changes .bad .icon {
    color: var(--ps-bad);
  }
  .findings {
    list-style: none;
    margin: 0 0 8px;
    padding: 0;
    min-height: 20px;
  }
  .findings li {
    display: flex;
    gap: 4px;
    min-height: 20px;
    overflow-wrap: anywhere;
  }
  .findings .bad .icon {
    color: var(--ps-warn);
  }
  .findings .icon {
    margin-top: 2px;
  }
  .panel {
    min-height: 272px;
  }
  .panel.stale {
    opacity: 0.6;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
    min-height: 28px;
    margin-bottom: 4px;
  }
  .tools vscode-button {
    margin-inline-start: auto;
  }
  .tools .muted {
    overflow-wrap: anywhere;
  }
  .scroll {
    max-height: 420px;
    overflow: auto;
  }
  tbody th {
    background: none;
    border: 0;
    font-weight: normal;
    font-size: inherit;
  }
  tr.whole th {
    font-weight: 600;
  }
  th .cut {
    display: block;
    width: 100%;
  }
  td.rate {
    white-space: nowrap;
  }
  td.rate .number {
    display: inline-block;
    min-width: 48px;
  }
  th.numeric {
    width: 96px;
  }
  .meter {
    display: inline-block;
    width: calc(100% - 60px);
    max-width: 160px;
    height: 6px;
    vertical-align: middle;
    background: var(--vscode-list-hoverBackground, rgba(128, 128, 128, 0.2));
    border: 1px solid var(--ps-edge);
  }
  .fill {
    display: block;
    height: 100%;
    background: var(--ps-COMPLETED);
    forced-color-adjust: none;
  }
  tbody tr:hover th {
    background: var(--vscode-list-hoverBackground);
  }
  @container (max-width: 460px) {
    .meter,
    .other {
      display: none;
    }
    th.rate {
      width: 66px;
    }
    th.numeric {
      width: 82px;
    }
    th.failed {
      width: 58px;
    }
    select {
      max-width: 132px;
    }
  }
`;
