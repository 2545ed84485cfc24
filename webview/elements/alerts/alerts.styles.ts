import { css } from 'lit';

export const alertsStyles = css`
  .skeleton {
    height: 380px;
  }
  .panel {
    min-height: 340px;
  }
`;

export const bulkStyles = css`
  .bulk {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    margin-bottom: 8px;
  }
`;
