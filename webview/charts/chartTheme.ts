/** The colours and the font of the theme as values: a canvas does not follow CSS variables by itself. */
import { color as parse } from 'chart.js/helpers';
import { hatchTile } from './hatch.ts';
import type { Color } from './spec.ts';

export type Paint = string | CanvasPattern;

export interface ChartTheme {
  text: string;
  muted: string;
  grid: string;
  background: string;
  focus: string;
  bad: string;
  warn: string;
  good: string;
  /** Behind phases. */
  tint: string;
  font: string;
  /** Outlines, dashes and hatches instead of tints. */
  contrast: boolean;
  color(color: Color): string;
  /** The fill of the nth kind of area: plain, or hatched in high contrast. */
  area(color: Color, index: number): Paint;
}

type Hatch = (color: string, index: number) => Paint;

/** Reads what the page looks like now, or an element of it. `hatch` makes patterns for a drawing that is no canvas. */
export function readTheme(
  hatch: Hatch = canvasHatch,
  element: Element = document.body,
): ChartTheme {
  const style = getComputedStyle(element);
  // Each reading makes the browser bring the styles of the page up to date, and a picture asks for its colours often.
  const value = kept(
    (...[name, fallback]: Color): string => style.getPropertyValue(name).trim() || fallback,
  );
  const hatched = kept((color: string, index: number) => hatch(color, index));
  const contrast = value('--vscode-contrastBorder', '') !== '';
  return {
    text: value('--vscode-foreground', '#888888'),
    muted: value('--vscode-descriptionForeground', '#888888'),
    // In high contrast the panel's border is as strong as the lines themselves.
    grid: contrast
      ? value('--vscode-charts-lines', '#88888888')
      : value('--vscode-panel-border', '#88888844'),
    background: value('--vscode-editor-background', '#ffffff'),
    focus: value('--vscode-focusBorder', '#007fd4'),
    bad: value('--vscode-charts-red', '#f14c4c'),
    warn: value('--vscode-charts-orange', '#d18616'),
    good: value('--vscode-charts-green', '#388a34'),
    tint: value('--vscode-list-hoverBackground', '#88888822'),
    font: value('--vscode-font-family', 'sans-serif'),
    contrast,
    color: (color) => value(...color),
    area: (color, index) => (contrast ? hatched(value(...color), index) : value(...color)),
  };
}

/** The answers of a function of few arguments, each found once. */
function kept<A extends readonly unknown[], T>(find: (...args: A) => T): (...args: A) => T {
  const known = new Map<string, T>();
  return (...args) => {
    const key = args.join();
    const answer = known.get(key) ?? find(...args);
    known.set(key, answer);
    return answer;
  };
}

/** The colour, seen through by this much (0 nothing, 1 all); as it is where it cannot be read. */
export function faded(color: string, alpha: number): string {
  const parsed = parse(color);
  return parsed.valid ? parsed.alpha(alpha).rgbString() : color;
}

/** Of two colours of text the one that is read more easily on a fill of so much ink (0 to 1) over a background. */
export function readable(
  ink: { color: string; alpha: number; on: string },
  texts: readonly [string, string],
): string {
  const over = parse(ink.on);
  const fill = parse(ink.color);
  if (!over.valid || !fill.valid) return texts[0];
  const behind = over.mix(fill, 1 - ink.alpha);
  const [first, second] = texts.map((text) => contrastOf(text, behind.rgbString()));
  return (first ?? 0) >= (second ?? 0) ? texts[0] : texts[1];
}

/** Contrast ratio of two colours, 1 to 21 (WCAG 2.2). */
export function contrastOf(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: string): number {
  const { r, g, b } = parse(color).rgb;
  const [red = 0, green = 0, blue = 0] = [r, g, b].map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function canvasHatch(color: string, index: number): Paint {
  const tile = hatchTile(color, index);
  const pattern = document.createElement('canvas').getContext('2d')?.createPattern(tile, 'repeat');
  return pattern ?? color;
}
