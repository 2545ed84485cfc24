/** What keys do on the graph. */
import type { Camera } from './camera.ts';

export interface KeyTargets {
  camera: Camera;
  /** Each says whether there was something to do. */
  hideTooltip(): boolean;
  fold(): boolean;
  /** To a neighbour along the edges, where the key leads to one. */
  walk(key: string): boolean;
}

const ZOOM_STEP = 1.25;
const ZOOMS: Readonly<Record<string, number>> = {
  ...{ '+': ZOOM_STEP, '=': ZOOM_STEP, '-': 1 / ZOOM_STEP },
};
/** Pixels that an arrow with Shift moves the view by. */
const PAN_STEP = 120;

/** False where the key means nothing here: it is the page's then. */
export function pressed({ key, shiftKey }: KeyboardEvent, on: KeyTargets): boolean {
  const zoom = ZOOMS[key];
  if (zoom !== undefined) on.camera.zoomBy(zoom);
  else if (key === '0') on.camera.fitIn();
  else if (key === 'Escape') return on.hideTooltip();
  else if (key === 'f' || key === 'F') return on.fold();
  else if (shiftKey && key.startsWith('Arrow')) on.camera.panBy(...panOf(key));
  else return on.walk(key);
  return true;
}

function panOf(key: string): [x: number, y: number] {
  const along = key === 'ArrowLeft' || key === 'ArrowUp' ? -PAN_STEP : PAN_STEP;
  return key === 'ArrowLeft' || key === 'ArrowRight' ? [along, 0] : [0, along];
}
