import { hatchTile } from '../../charts/hatch.ts';
import type { Ink } from './paintLanes.ts';

/** The theme's colours as an element has them. */
export function laneInk(element: Element, hatch = hatchOf): Ink {
  const style = getComputedStyle(element);
  const value = (name: string): string => style.getPropertyValue(name).trim();
  const muted = value('--ps-muted');
  return {
    status: {
      ...{ PENDING: muted, PROCESSING: value('--ps-RUNNING') },
      ...{ COMPLETED: value('--ps-COMPLETED'), FAILED: value('--ps-FAILED') },
    },
    edge: value('--vscode-editor-background') || '#888888',
    muted,
    hatch: hatch(muted),
  };
}

function hatchOf(color: string): string | CanvasPattern {
  const pattern = document.createElement('canvas').getContext('2d');
  return pattern?.createPattern(hatchTile(color, 0), 'repeat') ?? color;
}
