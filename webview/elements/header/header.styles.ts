import { css } from 'lit';

export const headerStyles = css`
  :host {
    position: sticky;
    top: 0;
    /* Above all that regions let hang over their edges. */
    z-index: 30;
    background: var(--vscode-editor-background);
  }
  header {
    position: relative;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    min-height: 48px;
    padding: 6px 16px 8px;
  }
  /* All that is free in the row is the gap's; where the end has a row of its own, it fills that from side to side. */
  .gap {
    flex: 1000000 0 0;
  }
  .end {
    display: flex;
    flex: 1 1 auto;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
  }
  .tools {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    margin-inline-start: auto;
  }
  .latest {
    padding: 0 6px;
    border: 1px solid var(--ps-line);
    border-radius: 8px;
  }
  .lamp {
    width: 8px;
    height: 8px;
    margin: 0 4px;
    border-radius: 50%;
    forced-color-adjust: none;
    border: 1px solid var(--ps-COMPLETED);
  }
  .lamp.connected {
    background: var(--ps-COMPLETED);
  }
  .lamp.connecting {
    border-color: var(--ps-muted);
  }
  .track {
    position: absolute;
    inset: auto 0 0 0;
    height: 2px;
    background: var(--ps-line);
  }
  .bar {
    height: 100%;
    forced-color-adjust: none;
    background: var(--vscode-progressBar-background, #0e70c0);
  }
  .bar.COMPLETED {
    background: var(--ps-COMPLETED);
  }
  .bar.FAILED {
    background: var(--ps-FAILED);
  }
  .bar.STALE {
    background: var(--ps-STALE);
  }
  .bar.CANCELLED {
    background: var(--ps-muted);
  }
  @media (max-width: 599px) {
    header {
      min-height: 95px;
      padding-inline: 8px;
    }
    pipescope-job-picker {
      flex: 1 1 100%;
      padding-inline-start: 6px;
    }
    .gap,
    .latest {
      display: none;
    }
    .end {
      flex: 1 1 100%;
    }
  }
`;
