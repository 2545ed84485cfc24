import { css } from 'lit';

export const alertsStyles = css`
  .skeleton {
    height: 380px;
  }
  vscode-panels {
    --panel-view-border: none;
  }
  vscode-panel-view {
    padding: 0;
    display: block;
    min-height: 340px;
  }
  vscode-panel-view[hidden] {
    display: none;
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
  .bulk {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    margin-bottom: 8px;
  }
`;
