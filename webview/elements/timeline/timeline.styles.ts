import { css } from 'lit';

export const timelineStyles = css`
  :host {
    container-type: inline-size;
  }
  header .actions {
    flex: 0 1 auto;
    justify-content: flex-end;
  }
  .toggle {
    display: inline-flex;
    padding: 3px;
    border-radius: 3px;
  }
  .toggle[aria-pressed='true'] {
    background: var(--vscode-button-secondaryBackground, rgba(128, 128, 128, 0.25));
    box-shadow: inset 0 -2px var(--vscode-focusBorder, #007fd4);
  }
  .toggle:hover {
    background: var(--vscode-toolbar-hoverBackground, rgba(128, 128, 128, 0.2));
  }
  .skeleton {
    height: 20px;
    margin-bottom: 4px;
  }
  .skeleton.tall {
    height: 384px;
  }
  .lines {
    display: grid;
    gap: 2px;
    min-height: 36px;
    margin-bottom: 4px;
    font-size: 12px;
  }
  .lines > div {
    display: flex;
    align-items: flex-start;
    gap: 6px;
    min-width: 0;
  }
  .told > div {
    flex-wrap: wrap;
    align-items: center;
    min-height: 28px;
  }
  .lines .icon {
    margin-top: 1px;
  }
  .lines .text {
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
  }
  .outside {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    min-height: 96px;
  }
  .choice {
    display: inline-flex;
    border: 1px solid var(--vscode-button-border, var(--ps-line));
    border-radius: 3px;
    overflow: hidden;
  }
  .choice button {
    padding: 2px 8px;
    cursor: pointer;
  }
  .choice button[aria-pressed='true'] {
    color: var(--vscode-button-secondaryForeground, inherit);
    background: var(--vscode-button-secondaryBackground, rgba(128, 128, 128, 0.25));
    box-shadow: inset 0 -2px var(--vscode-focusBorder, #007fd4);
  }
  .check {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    cursor: pointer;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
    margin: 6px 0 0;
  }
  .legend svg {
    vertical-align: -2px;
    margin-inline-end: 4px;
  }
`;
