import { css } from 'lit';

/** What all elements look like: VS Code's own colours and sizes on an 8-pixel grid. */
export const shared = css`
  :host {
    display: block;
    --ps-muted: var(--vscode-descriptionForeground, #717171);
    --ps-line: var(--vscode-panel-border, rgba(128, 128, 128, 0.35));
    --ps-edge: var(--vscode-contrastBorder, transparent);
    /* High contrast themes leave the colours of lists undefined. */
    --ps-bad: var(--vscode-list-errorForeground, var(--vscode-errorForeground, #f88070));
    --ps-warn: var(
      --vscode-list-warningForeground,
      var(--vscode-editorWarning-foreground, #cca700)
    );
    --ps-PENDING: var(--vscode-descriptionForeground, #717171);
    --ps-RUNNING: var(--vscode-charts-yellow, #cca700);
    --ps-COMPLETED: var(--vscode-testing-iconPassed, #73c991);
    --ps-FAILED: var(--vscode-testing-iconFailed, #f14c4c);
    --ps-CANCELLED: var(--vscode-descriptionForeground, #717171);
    --ps-SKIPPED: var(--vscode-descriptionForeground, #717171);
    --ps-STALE: var(--vscode-charts-orange, #d18616);
  }
  * {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  .icon {
    flex: none;
    vertical-align: -3px;
  }
  .caption,
  .muted {
    color: var(--ps-muted);
  }
  .caption {
    font-size: 11px;
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .cut {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .spoken {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  :focus-visible {
    outline: 1px solid var(--vscode-focusBorder, #007fd4);
    outline-offset: -1px;
  }
  select {
    min-width: 0;
    max-width: 100%;
    min-height: 26px;
    padding: 0 4px;
    color: var(--vscode-dropdown-foreground, inherit);
    background: var(--vscode-dropdown-background, transparent);
    border: 1px solid var(--vscode-dropdown-border, var(--ps-line));
    border-radius: 2px;
    font: inherit;
  }
  button.plain {
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    font: inherit;
    text-align: start;
    cursor: pointer;
  }
  button.link {
    color: var(--vscode-textLink-foreground);
  }
  button.link:hover {
    text-decoration: underline;
  }
  .empty {
    color: var(--ps-muted);
    padding: 16px 0;
    margin: 0;
  }
  .failure {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    margin: 0 0 8px;
  }
  .skeleton {
    background: var(--vscode-list-hoverBackground, rgba(128, 128, 128, 0.12));
    border: 1px solid var(--ps-edge);
    border-radius: 2px;
  }
  vscode-button {
    flex: none;
  }
`;

/** The frame of a region: a heading, its actions to the right, and the content below. */
export const regionStyles = css`
  section {
    padding: 8px 16px 16px;
    min-width: 0;
  }
  section > header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    min-height: 32px;
    margin-bottom: 8px;
  }
  h2 {
    margin: 0;
    font-size: 13px;
    font-weight: 600;
  }
  header .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
    margin-inline-start: auto;
    min-width: 0;
  }
  @media (max-width: 599px) {
    section {
      padding-inline: 8px;
    }
  }
`;
