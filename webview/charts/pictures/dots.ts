import type { Place } from './picture.ts';

export function dot(ctx: CanvasRenderingContext2D, { x, y }: Place, radius: number): void {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fill();
}
