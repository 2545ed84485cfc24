import type { ChartTheme } from '../chartTheme.ts';
import type { ChartSpec } from '../spec.ts';
import { barsPicture } from './bars.ts';
import { distributionPicture } from './distribution.ts';
import { gaugePicture } from './gauge.ts';
import { heatmapPicture } from './heatmap.ts';
import type { Picture } from './picture.ts';
import { runsPicture } from './runs.ts';
import { timePicture } from './time.ts';

/** How each kind of chart is drawn. `moments` are those of a chart against time that can be read. */
export function pictureOf(
  spec: ChartSpec,
  theme: ChartTheme,
  moments: () => readonly number[],
): Picture {
  switch (spec.kind) {
    case 'time':
      return timePicture(spec, theme, moments);
    case 'runs':
      return runsPicture(spec, theme);
    case 'bars':
      return barsPicture(spec, theme);
    case 'box':
    case 'violin':
      return distributionPicture(spec, theme);
    case 'heatmap':
      return heatmapPicture(spec, theme);
    case 'gauge':
      return gaugePicture(spec, theme);
  }
}
