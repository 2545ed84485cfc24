import { css } from 'lit';

export const apiStyles = css`
  section {
    container-type: inline-size;
  }
  .skeleton.waiting {
    height: 640px;
  }
  .skeleton.figures {
    height: 66px;
  }
  .about {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 24px;
    min-height: 28px;
    margin: 0 0 8px;
    min-width: 0;
  }
  .about > span {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    unicode-bidi: isolate;
  }
  .about button.cut {
    max-width: 240px;
    vertical-align: bottom;
  }
  dl.figures {
    display: grid;
    grid-template-columns: repeat(5, minmax(0, 1fr));
    gap: 8px;
    margin: 0 0 16px;
  }
  dl.figures dt,
  dl.figures dd {
    margin: 0;
  }
  .amount {
    font-size: 20px;
    line-height: 28px;
    overflow-wrap: anywhere;
  }
  dl .caption {
    min-height: 16px;
  }
  .charts {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 8px 16px;
  }
  .scroll {
    max-height: 320px;
    overflow: auto;
    margin-top: 8px;
  }
  td button.cut {
    display: block;
    max-width: 100%;
  }
  section > header .actions {
    flex-wrap: nowrap;
  }
  input.field {
    flex: 0 1 200px;
    min-width: 0;
  }
  col {
    width: 9%;
  }
  col.endpoint {
    width: auto;
  }
  @container (max-width: 759px) {
    .charts {
      grid-template-columns: minmax(0, 1fr);
    }
    .rate,
    .max,
    .p50 {
      display: none;
    }
    col {
      width: 14%;
    }
  }
  @container (max-width: 519px) {
    dl.figures {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .p99,
    .errors {
      display: none;
    }
    col {
      width: 23%;
    }
    col.requests {
      width: 28%;
    }
    th,
    td {
      padding-inline: 4px;
    }
  }
`;
