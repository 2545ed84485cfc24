import { css } from 'lit';

export const resourcesStyles = css`
  :host {
    container-type: inline-size;
  }
  .skeleton {
    height: 332px;
  }
  .charts {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0 24px;
  }
  /* Two beside each other where each keeps room for its axis. */
  @container (min-width: 900px) {
    .charts {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  p.caption {
    margin: 4px 0;
  }
`;
