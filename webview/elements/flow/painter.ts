import type { FlowMetric } from '../../view.ts';
import { paint } from './paint.ts';
import type { Palette } from './palette.ts';
import { sidesOf } from './placeIndex.ts';
import type { Scene } from './scene.ts';
import type { Stage } from './stage.ts';

export interface Painting {
  scene: Scene;
  palette: Palette;
  metric: FlowMetric;
  stage: Stage;
}

/** Paints what is too far or too much for elements, again only when it would look different. */
export class Painter {
  #painted: readonly unknown[] = [];

  paint(canvas: HTMLCanvasElement | null, painting: Painting, zoom: number): void {
    const { scene, palette, metric, stage } = painting;
    if (canvas === null || !stage.painted) {
      this.#painted = [];
      return;
    }
    const scale = zoom * devicePixelRatio;
    const key = [scale, metric, palette, stage.far, ...sidesOf(stage.part), ...looks(scene)];
    if (key.every((one, at) => one === this.#painted[at])) return;
    this.#painted = key;
    const nodes = stage.far ? stage.nodes : [];
    paint(canvas, { scene, palette, metric, part: stage.part, scale, edges: stage.edges, nodes });
  }
}

function looks({ drawing, states, path, heat, criticalEdges }: Scene): readonly unknown[] {
  // Shades of times that grow change with every tick, but not so that one sees it.
  const heats = heat?.map((one) => Math.round((one ?? 0) * 20)).join() ?? '';
  return [drawing, states, path, criticalEdges, heats];
}
