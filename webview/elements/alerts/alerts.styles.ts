import { css } from 'lit';

export const alertsStyles = css`
  .skeleton {
    height: 300px;
  }
  vscode-panels {
    --panel-view-border: none;
  }
  vscode-panel-view {
    padding: 0;
    min-height: 232px;
  }
  vscode-panel-tab {
    text-transform: none;
    font-size: 13px;
  }
  @media (forced-colors: active) {
    vscode-panel-tab[aria-selected='true'] {
      outline: 2px solid Highlight;
    }
  }
  .scroll {
    width: 100%;
    max-height: 320px;
    overflow: auto;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .alert {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    gap: 8px;
    padding: 8px 0 8px 8px;
    border-bottom: 1px solid var(--ps-line);
  }
  .facts {
    flex: 1 1 200px;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
  }
  .head strong {
    font-weight: 600;
  }
  .description {
    margin: 2px 0;
  }
`;
