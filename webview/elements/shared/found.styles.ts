import { css } from 'lit';

/** The room for its lines is always there: what is found moves nothing below. */
export const foundStyles = css`
  :host {
    container-type: inline-size;
    margin-top: 8px;
  }
  .keep {
    --ps-row: 24px;
    display: flex;
    align-items: flex-start;
    gap: 0 12px;
    min-height: var(--ps-row);
  }
  :host([rows='3']) .keep {
    min-height: calc(3 * var(--ps-row));
  }
  p {
    margin: 0;
    line-height: 24px;
  }
  ul {
    flex: 1;
    min-width: 0;
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .line {
    display: flex;
    align-items: center;
    gap: 4px;
    min-height: var(--ps-row);
  }
  .text {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .all .text {
    white-space: normal;
    overflow-wrap: anywhere;
  }
  .kind,
  .sure {
    flex: none;
  }
  .all .line {
    align-items: flex-start;
    padding-block: 3px;
  }
  button.shows {
    flex: none;
    min-width: 24px;
    min-height: 24px;
  }
  .all button.shows {
    margin-block: -3px;
  }
  .chart {
    display: block;
    min-height: 200px;
    padding-inline-start: 20px;
  }
  @container (max-width: 559px) {
    .keep {
      --ps-row: 40px;
      flex-direction: column;
      min-height: calc(var(--ps-row) + 24px);
    }
    :host([rows='3']) .keep {
      min-height: calc(3 * var(--ps-row) + 24px);
    }
    ul {
      flex: none;
      width: 100%;
    }
    .line {
      align-items: flex-start;
    }
    .text {
      display: -webkit-box;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
      white-space: normal;
      overflow-wrap: anywhere;
    }
    .all .line {
      flex-wrap: wrap;
    }
    /* Below what it is and how sure that is, over the whole width. */
    .all .text {
      display: block;
      flex: 1 1 100%;
      order: 1;
      padding-inline-start: 20px;
    }
    ul:not(.all) .kind,
    ul:not(.all) .sure {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    button.shows {
      margin-inline-start: auto;
    }
  }
`;
