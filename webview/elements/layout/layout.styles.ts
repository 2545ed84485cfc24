import { css } from 'lit';

export const layoutStyles = css`
  section {
    padding: 8px 16px 16px;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    margin-bottom: 8px;
  }
  h2 {
    margin: 0;
    font-size: 13px;
    font-weight: 600;
  }
  .head .end {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-inline-start: auto;
  }
  .head .icon {
    margin-inline-end: 4px;
  }
  .cards {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
    margin: 12px 0 0;
    padding: 0;
    list-style: none;
  }
  .card {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
    min-width: 0;
    min-height: 44px;
    padding: 6px 8px;
    border: 1px solid var(--vscode-contrastBorder, var(--ps-line));
    border-radius: 4px;
    background: var(--vscode-editorWidget-background, transparent);
  }
  .card.small {
    min-height: 40px;
  }
  .card.tall {
    min-height: 72px;
  }
  .card.hidden {
    border-style: dashed;
    background: none;
  }
  .card.hidden .title {
    color: var(--ps-muted);
  }
  .card.dragged {
    outline: 2px solid var(--vscode-focusBorder, #007fd4);
    opacity: 0.8;
  }
  .handle {
    display: grid;
    place-content: center;
    flex: none;
    width: 24px;
    height: 28px;
    cursor: grab;
    touch-action: none;
    color: var(--ps-muted);
  }
  .dragged .handle {
    cursor: grabbing;
  }
  .title {
    flex: 1 1 120px;
    min-width: 0;
    unicode-bidi: isolate;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px;
  }
  .all {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 8px 0 0;
  }
  .problem {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 8px 0 0;
    overflow-wrap: anywhere;
  }
  .problem .icon {
    color: var(--ps-bad);
  }
  @media (min-width: 1000px) {
    .cards {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .card.full {
      grid-column: 1 / -1;
    }
  }
  @media (max-width: 599px) {
    section {
      padding-inline: 8px;
    }
  }
`;
