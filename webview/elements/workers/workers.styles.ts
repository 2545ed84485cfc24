import { css } from 'lit';

export const workersStyles = css`
  section {
    container-type: inline-size;
  }
  .skeleton.waiting {
    height: 480px;
  }
  .skeleton.tasks {
    height: 300px;
  }
  .parts {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 16px;
  }
  .part {
    min-width: 0;
  }
  .wide {
    grid-column: 1 / -1;
  }
  .fields,
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }
  .bar {
    margin-bottom: 4px;
  }
  .bar.heading {
    justify-content: space-between;
  }
  .bar select {
    margin-inline-start: auto;
  }
  input.field {
    flex: 1 1 120px;
    min-width: 0;
  }
  select {
    flex: 0 0 132px;
  }
  h3 {
    margin: 0;
    min-height: 28px;
    line-height: 28px;
    font-size: 12px;
    font-weight: 600;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    unicode-bidi: isolate;
  }
  p.caption {
    margin: 0 0 8px;
  }
  .scroll {
    max-height: 320px;
    overflow: auto;
    container-type: inline-size;
  }
  .scroll.queues {
    max-height: 240px;
  }
  col.task {
    width: 24%;
  }
  col.taskstate {
    width: auto;
  }
  col.q {
    width: 13%;
  }
  col.time {
    width: 84px;
  }
  dl.facts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(136px, 1fr));
    gap: 8px;
    margin: 0 0 8px;
  }
  dl.facts dt,
  dl.facts dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  @container (max-width: 759px) {
    .parts {
      grid-template-columns: minmax(0, 1fr);
    }
    .p3 {
      display: none;
    }
  }
  @container (max-width: 519px) {
    .p2 {
      display: none;
    }
    col.time {
      width: 68px;
    }
    col.task {
      width: 36%;
    }
    .queues th.numeric {
      width: 22%;
    }
    .queues th.numeric:last-child {
      width: 30%;
    }
  }
`;
