import { css } from 'lit';

export const dashboardStyles = css`
  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    max-width: 1920px;
    margin: 0 auto;
    padding-bottom: 24px;
  }
  main.stale {
    opacity: 0.6;
  }
  [data-region] {
    min-width: 0;
    scroll-margin-top: 56px;
  }
  [data-region]:focus-visible {
    outline-offset: -2px;
  }
  .small {
    --ps-height: 0.6;
  }
  .tall {
    --ps-height: 1.7;
  }
  .quiet {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    margin: 8px 0 0;
    padding: 8px 16px;
    color: var(--ps-muted);
  }
  @media (min-width: 1000px) {
    main {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .full {
      grid-column: 1 / -1;
    }
  }
  @media (max-width: 599px) {
    [data-region] {
      scroll-margin-top: 128px;
    }
  }
`;
