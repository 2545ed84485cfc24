import { css } from 'lit';

/** Lists of rules, channels, silences and deliveries: a line or two each, no boxes. */
export const definitionListStyles = css`
  :host {
    container-type: inline-size;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    margin-bottom: 8px;
  }
  .bar select {
    max-width: 260px;
  }
  .bar .caption {
    margin-inline-end: auto;
  }
  .skeleton {
    height: 300px;
  }
  .scroll {
    max-height: 480px;
    overflow: auto;
  }
  ul.rows {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .row {
    display: flex;
    align-items: flex-start;
    gap: 8px;
    padding: 6px 4px;
    border-bottom: 1px solid var(--ps-line);
    content-visibility: auto;
    contain-intrinsic-size: auto 56px;
  }
  .row:hover {
    background: var(--vscode-list-hoverBackground);
  }
  .row input[type='checkbox'] {
    flex: none;
    width: 16px;
    height: 16px;
    margin: 4px;
    accent-color: var(--vscode-focusBorder, #007fd4);
  }
  .facts {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 8px;
    min-height: 24px;
  }
  .head button {
    min-height: 24px;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .tag {
    padding: 0 6px;
    border: 1px solid var(--ps-line);
    border-radius: 9px;
    font-size: 11px;
  }
  .row .problem {
    color: var(--ps-bad);
    margin: 0;
  }
  .row p {
    margin: 2px 0;
  }
  .off .head button,
  .off p {
    color: var(--ps-muted);
  }
  .does {
    flex: none;
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 4px;
  }
  @container (max-width: 599px) {
    .row {
      flex-wrap: wrap;
    }
    .does {
      width: 100%;
      justify-content: flex-start;
    }
    .row > input ~ .does {
      padding-inline-start: 32px;
    }
  }
`;
