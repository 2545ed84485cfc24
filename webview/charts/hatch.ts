/** Ways to fill an area that are told apart without colour: drawings on a tile of 8 by 8, the same on canvas, in SVG and in keys. */
export const TILE = 8;
const HATCHES = [
  'M-2,6 L6,-2 M-2,14 L14,-2 M2,10 L10,2',
  'M0,2 H8 M0,6 H8',
  'M2,0 V8 M6,0 V8',
  'M-2,2 L6,10 M-2,-6 L14,10 M2,-2 L10,6',
  'M1,2 H3 M5,6 H7',
  'M0,4 H8 M4,0 V8',
] as const;

/** The path of the nth hatch, which begin anew after the last. */
export function hatchPath(index: number): string {
  return HATCHES[index % HATCHES.length] ?? HATCHES[0];
}

export function hatchTile(color: string, index: number): HTMLCanvasElement {
  const tile = document.createElement('canvas');
  tile.width = TILE;
  tile.height = TILE;
  const context = tile.getContext('2d');
  if (context !== null) {
    context.strokeStyle = color;
    context.lineWidth = 1.5;
    context.stroke(new Path2D(hatchPath(index)));
  }
  return tile;
}

const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [8, 3, 2, 3], [12, 4], [1, 4]];

/** The dash of the nth line where colour alone must not tell. */
export function dashOf(index: number): readonly number[] {
  return DASHES[index % DASHES.length] ?? [];
}
