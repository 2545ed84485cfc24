import { css } from 'lit';

export const listStyles = css`
  .scroll {
    height: 340px;
    overflow: auto;
    overflow-anchor: none;
    container-type: inline-size;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .alert {
    border-bottom: 1px solid var(--ps-line);
  }
  .line {
    display: flex;
    align-items: center;
    gap: 8px;
    height: 67px;
    padding-inline: 4px;
  }
  .alert:hover {
    background: var(--vscode-list-hoverBackground);
  }
  input[type='checkbox'] {
    flex: none;
    width: 16px;
    height: 16px;
    margin: 4px;
    accent-color: var(--vscode-focusBorder, #007fd4);
  }
  .facts {
    flex: 1;
    min-width: 0;
  }
  .head {
    display: flex;
    align-items: center;
    gap: 4px;
    max-width: 100%;
    min-height: 24px;
  }
  .head strong {
    font-weight: 600;
    min-width: 0;
  }
  .description,
  .facts > .caption {
    padding-inline-start: 20px;
    line-height: 18px;
  }
  .does {
    flex: none;
    display: flex;
    gap: 4px;
  }
  @container (max-width: 799px) {
    .word {
      display: none;
    }
    .does vscode-button::part(control) {
      padding: 5px;
    }
  }
  @container (max-width: 459px) {
    .severity > span {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .description,
    .facts > .caption {
      padding-inline-start: 0;
    }
  }
  .more {
    padding: 0 8px 12px 28px;
    overflow-wrap: anywhere;
    display: flow-root;
  }
  .more p {
    margin: 4px 0;
  }
  .more .text,
  .more dd bdi {
    white-space: pre-wrap;
  }
  .more .text {
    max-height: 240px;
    overflow: auto;
  }
  .more dl {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin: 4px 0;
  }
  .more dl > div {
    max-width: 100%;
  }
  .more dt {
    font-size: 11px;
    color: var(--ps-muted);
  }
  .more dd {
    margin: 0;
  }
  .more .told {
    margin: 4px 0;
    padding-inline-start: 16px;
    list-style: disc;
  }
  .more .leads {
    display: flex;
    gap: 16px;
  }
  .noting {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    padding: 8px;
    border-bottom: 1px solid var(--ps-line);
  }
`;
