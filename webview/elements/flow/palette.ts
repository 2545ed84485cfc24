/** The colours of the theme as values, for canvases and files: those do not follow CSS variables by themselves. */
import type { Status } from '../../../service/protocol/states.ts';
import { METRIC_COLORS } from '../../charts/spec.ts';
import type { FlowMetric } from '../../view.ts';

export interface Palette {
  state: Record<Status, string>;
  background: string;
  node: string;
  border: string;
  text: string;
  muted: string;
  line: string;
  focus: string;
  bad: string;
  font: string;
  heat: Record<FlowMetric, string>;
}

/** Reads them from an element that has the shared styles. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const own = (name: string, fallback: string): string =>
    style.getPropertyValue(name).trim() || fallback;
  const muted = own('--vscode-descriptionForeground', '#717171');
  return {
    state: {
      PENDING: own('--ps-PENDING', muted),
      RUNNING: own('--ps-RUNNING', '#cca700'),
      COMPLETED: own('--ps-COMPLETED', '#73c991'),
      FAILED: own('--ps-FAILED', '#f14c4c'),
      CANCELLED: own('--ps-CANCELLED', muted),
      SKIPPED: own('--ps-SKIPPED', muted),
      STALE: own('--ps-STALE', '#d18616'),
    },
    background: own('--vscode-editor-background', '#ffffff'),
    node: own('--vscode-editorWidget-background', '#f8f8f8'),
    border: own('--vscode-contrastBorder', own('--vscode-editorWidget-border', '#c8c8c8')),
    text: own('--vscode-foreground', '#3b3b3b'),
    muted,
    line: own('--vscode-charts-lines', '#80808099'),
    focus: own('--vscode-focusBorder', '#007fd4'),
    bad: own('--ps-bad', '#f14c4c'),
    font: own('--vscode-font-family', 'sans-serif'),
    heat: {
      none: 'transparent',
      time: own(...METRIC_COLORS.other),
      errors: own(...METRIC_COLORS.bad),
      memory: own(...METRIC_COLORS.memory),
    },
  };
}
