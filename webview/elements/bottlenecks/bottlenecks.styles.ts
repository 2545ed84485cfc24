import { css } from 'lit';

export const bottlenecksStyles = css`
  .skeleton {
    height: 520px;
  }
  /* A heading and five rows. */
  .skeleton.rows {
    height: 168px;
  }
  section {
    container-type: inline-size;
  }
  .heading {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    min-height: 26px;
  }
  h3 {
    margin: 0;
    font-size: 12px;
    font-weight: 600;
  }
  .part {
    margin: 0 0 16px;
    min-width: 0;
  }
  .now {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .now li {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
    padding: 4px 0;
    border-bottom: 1px solid var(--ps-line);
  }
  .now .what {
    flex: 1 1 240px;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .cost {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 8px;
  }
  .meter {
    flex: none;
    width: 96px;
    height: 6px;
    border: 1px solid var(--ps-line);
    border-radius: 3px;
    overflow: hidden;
  }
  .meter > * {
    height: 100%;
    background: var(--ps-warn);
    forced-color-adjust: none;
  }
  .meter > .ERROR,
  .meter > .CRITICAL {
    background: var(--ps-bad);
  }
  .what p {
    margin: 4px 0;
  }
  .charts {
    display: grid;
    flex: 1 1 100%;
    grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr));
    gap: 8px 16px;
    min-height: 220px;
    padding: 4px 0 8px;
  }
  .now .label {
    flex: 0 0 84px;
  }
  .empty {
    padding: 4px 0 0;
  }
  .tables {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0 24px;
  }
  @container (min-width: 720px) {
    .tables {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  .tables .part {
    container-type: inline-size;
  }
  .tables h3 {
    min-width: 0;
  }
  /* As wide as its words need in any language: they break where they must, and are never cut. */
  .tables thead th {
    width: 24%;
    height: auto;
    padding-block: 4px;
    vertical-align: bottom;
    white-space: normal;
    text-overflow: clip;
    hyphens: auto;
  }
  .tables thead th:first-child {
    width: auto;
  }
  .tables thead th.extra:not(.numeric) {
    width: 42%;
  }
  .tables td {
    height: auto;
    min-height: 28px;
    padding-block: 4px;
    white-space: normal;
  }
  tbody th {
    background: none;
    border: 0;
    font-weight: normal;
    font-size: inherit;
  }
  th button.cut {
    display: block;
    width: 100%;
    line-height: 27px;
  }
  th .cut bdi:not(:first-child) {
    margin-inline-start: 4px;
  }
  tbody tr:hover th {
    background: var(--vscode-list-hoverBackground);
  }
  @container (max-width: 420px) {
    .tables thead th {
      width: 26%;
    }
    .tables thead th.gain {
      width: 38%;
    }
    .extra {
      display: none;
    }
  }
`;
