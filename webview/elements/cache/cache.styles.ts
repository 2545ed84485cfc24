import { css } from 'lit';

export const cacheStyles = css`
  section {
    container-type: inline-size;
  }
  .skeleton.waiting {
    height: 400px;
  }
  ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(264px, 1fr));
    gap: 8px;
    list-style: none;
    margin: 0 0 16px;
    padding: 0;
  }
  li {
    min-width: 0;
    padding: 8px 12px;
    border: 1px solid var(--vscode-contrastBorder, var(--ps-line));
    border-radius: 2px;
  }
  p,
  dl,
  dt,
  dd {
    margin: 0;
  }
  .verdict {
    display: flex;
    align-items: center;
    gap: 4px;
    min-height: 24px;
    color: var(--ps-muted);
  }
  .verdict.bad {
    color: inherit;
  }
  .verdict.bad .icon {
    color: var(--ps-warn);
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
`;
