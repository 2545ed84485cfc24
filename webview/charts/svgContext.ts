/** Records what is drawn on a canvas as SVG: as much of the canvas' language as chart.js and our own drawings speak. */
import { color as parse } from 'chart.js/helpers';
import { hatchPath, TILE } from './hatch.ts';

type Matrix = readonly [number, number, number, number, number, number];

/** What `save` keeps. */
interface State {
  matrix: Matrix;
  clip: string | null;
  fillStyle: unknown;
  strokeStyle: unknown;
  lineWidth: number;
  lineCap: string;
  lineJoin: string;
  lineDashOffset: number;
  dash: readonly number[];
  font: string;
  textAlign: string;
  textBaseline: string;
  globalAlpha: number;
}

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];
const START: State = {
  ...{ matrix: IDENTITY, clip: null, fillStyle: '#000', strokeStyle: '#000', lineWidth: 1 },
  ...{ lineCap: 'butt', lineJoin: 'miter', lineDashOffset: 0, dash: [], font: '10px sans-serif' },
  ...{ textAlign: 'start', textBaseline: 'alphabetic', globalAlpha: 1 },
};
const ANCHORS: Record<string, string> = { center: 'middle', right: 'end', end: 'end' };
/** How far below its place a text of 1 em is written. */
const BASELINES: Record<string, number> = { top: 0.78, hanging: 0.78, middle: 0.34, bottom: -0.22 };

/** Takes the place of a pattern: chart.js knows patterns by this name. */
export class SvgPattern {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  toString(): string {
    return '[object CanvasPattern]';
  }
}

export class SvgContext {
  /** chart.js asks a context for its canvas, and a canvas for its context. */
  readonly canvas: { width: number; height: number; getContext: () => SvgContext };
  readonly #prefix: string;
  readonly #ruler: CanvasRenderingContext2D | null;
  readonly #defs: string[] = [];
  readonly #body: string[] = [];
  readonly #stack: State[] = [];
  #state: State = START;
  #path: string[] = [];

  /** `prefix` is what ids begin with, where other drawings stand in the same document. */
  constructor(width: number, height: number, prefix = '') {
    this.#prefix = prefix;
    this.canvas = { width, height, getContext: () => this };
    this.#ruler = document.createElement('canvas').getContext('2d');
    for (const key of Object.keys(START) as (keyof State)[]) {
      if (key === 'matrix' || key === 'clip' || key === 'dash') continue;
      Object.defineProperty(this, key, {
        get: () => this.#state[key],
        set: (value: never) => (this.#state = { ...this.#state, [key]: value }),
      });
    }
  }

  /** The drawing as a file of its own. */
  text(title: string): string {
    const { width, height } = this.canvas;
    const size = `width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}"`;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">`,
      `<title>${escape(title)}</title>`,
      ...(this.#defs.length === 0 ? [] : [`<defs>${this.#defs.join('')}</defs>`]),
      ...this.#body,
      '</svg>\n',
    ].join('\n');
  }

  /** A hatch in a colour, to be filled with. */
  hatch(color: string, index: number): SvgPattern {
    const id = `${this.#prefix}hatch${this.#defs.length}`;
    this.#defs.push(
      `<pattern id="${id}" width="${TILE}" height="${TILE}" patternUnits="userSpaceOnUse"><path d="${hatchPath(index)}" stroke="${escape(color)}" stroke-width="1.5"/></pattern>`,
    );
    return new SvgPattern(id);
  }

  save(): void {
    this.#stack.push(this.#state);
  }

  restore(): void {
    this.#state = this.#stack.pop() ?? this.#state;
  }

  resetTransform(): void {
    this.#transform(IDENTITY);
  }

  setTransform(...matrix: [number, number, number, number, number, number]): void {
    this.#transform(matrix);
  }

  translate(x: number, y: number): void {
    this.#transform(times(this.#state.matrix, [1, 0, 0, 1, x, y]));
  }

  scale(x: number, y: number): void {
    this.#transform(times(this.#state.matrix, [x, 0, 0, y, 0, 0]));
  }

  rotate(angle: number): void {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.#transform(times(this.#state.matrix, [cos, sin, -sin, cos, 0, 0]));
  }

  #transform(matrix: Matrix): void {
    this.#state = { ...this.#state, matrix };
  }

  setLineDash(dash: readonly number[]): void {
    this.#state = { ...this.#state, dash: [...dash] };
  }

  beginPath(): void {
    this.#path = [];
  }

  moveTo(x: number, y: number): void {
    this.#path.push(`M${round(x)},${round(y)}`);
  }

  lineTo(x: number, y: number): void {
    this.#path.push(`${this.#path.length === 0 ? 'M' : 'L'}${round(x)},${round(y)}`);
  }

  bezierCurveTo(...numbers: number[]): void {
    this.#path.push(`C${numbers.map(round).join(' ')}`);
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path.push(`M${round(x)},${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z`);
  }

  closePath(): void {
    if (this.#path.length > 0) this.#path.push('Z');
  }

  // eslint-disable-next-line max-params -- The canvas' own signature.
  arc(x: number, y: number, radius: number, from: number, to: number, back = false): void {
    const full = 2 * Math.PI;
    let turn = back ? from - to : to - from;
    turn = turn >= full ? full : ((turn % full) + full) % full;
    const at = (angle: number): string =>
      `${round(x + radius * Math.cos(angle))},${round(y + radius * Math.sin(angle))}`;
    this.#path.push(`${this.#path.length === 0 ? 'M' : 'L'}${at(from)}`);
    // In halves, because an arc that ends where it begins is none.
    for (const part of [0.5, 1]) {
      const angle = from + (back ? -1 : 1) * turn * part;
      this.#path.push(`A${round(radius)} ${round(radius)} 0 0 ${back ? 0 : 1} ${at(angle)}`);
    }
  }

  fill(): void {
    this.#draw(`fill-rule="nonzero" ${this.#ink('fill', this.#state.fillStyle)}`);
  }

  stroke(): void {
    this.#draw(`fill="none" ${this.#pen()}`);
  }

  clip(): void {
    const id = `${this.#prefix}clip${this.#defs.length}`;
    const { clip } = this.#state;
    const within = clip === null ? '' : ` clip-path="url(#${clip})"`;
    this.#defs.push(
      `<clipPath id="${id}"${within}><path d="${this.#path.join('')}"${this.#moved()}/></clipPath>`,
    );
    this.#state = { ...this.#state, clip: id };
  }

  clearRect(): void {
    this.#body.length = 0; // Only ever the whole drawing.
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#alone(
      () => this.rect(x, y, width, height),
      () => this.fill(),
    );
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#alone(
      () => this.rect(x, y, width, height),
      () => this.stroke(),
    );
  }

  fillText(text: string, x: number, y: number): void {
    const { font, textAlign, textBaseline } = this.#state;
    const size = Number(/([\d.]+)px/.exec(font)?.[1] ?? 10);
    const down = (BASELINES[textBaseline] ?? 0) * size;
    const anchor = ANCHORS[textAlign] ?? 'start';
    const place = `x="${round(x)}" y="${round(y + down)}" text-anchor="${anchor}"`;
    const ink = this.#ink('fill', this.#state.fillStyle);
    this.#put(`<text ${place} ${ink} style="${escape(`font:${font}`)}"`, `>${escape(text)}</text>`);
  }

  measureText(text: string): { width: number } {
    if (this.#ruler === null) return { width: text.length * 6 };
    this.#ruler.font = this.#state.font;
    return this.#ruler.measureText(text);
  }

  #alone(shape: () => void, paint: () => void): void {
    const path = this.#path;
    this.#path = [];
    shape();
    paint();
    this.#path = path;
  }

  #draw(look: string): void {
    if (this.#path.length > 0) this.#put(`<path d="${this.#path.join('')}" ${look}`, '/>');
  }

  #put(start: string, end: string): void {
    const { clip } = this.#state;
    const within = clip === null ? '' : ` clip-path="url(#${clip})"`;
    // The clip is in the page's pixels, and what is drawn in its own.
    const element = `${start}${this.#moved()}${end}`;
    this.#body.push(clip === null ? element : `<g${within}>${element}</g>`);
  }

  #moved(): string {
    const { matrix } = this.#state;
    if (matrix.every((value, index) => value === IDENTITY[index])) return '';
    return ` transform="matrix(${matrix.map(round).join(' ')})"`;
  }

  #pen(): string {
    const { strokeStyle, lineWidth, lineCap, lineJoin, dash, lineDashOffset } = this.#state;
    return [
      this.#ink('stroke', strokeStyle),
      `stroke-width="${round(lineWidth)}"`,
      ...(lineCap === 'butt' ? [] : [`stroke-linecap="${lineCap}"`]),
      ...(lineJoin === 'miter' ? [] : [`stroke-linejoin="${lineJoin}"`]),
      ...(dash.length === 0 ? [] : [`stroke-dasharray="${dash.join(' ')}"`]),
      ...(lineDashOffset === 0 ? [] : [`stroke-dashoffset="${lineDashOffset}"`]),
    ].join(' ');
  }

  /** Opacity apart from the colour: older readers of SVG know no rgba(). */
  #ink(kind: 'fill' | 'stroke', style: unknown): string {
    if (style instanceof SvgPattern) return `${kind}="url(#${style.id})"`;
    const parsed = parse(String(style));
    const { r, g, b, a } = parsed.valid ? parsed.rgb : { r: 0, g: 0, b: 0, a: 1 };
    const value = parsed.valid ? `rgb(${r},${g},${b})` : escape(String(style));
    const alpha = a * this.#state.globalAlpha;
    return `${kind}="${value}"${alpha < 1 ? ` ${kind}-opacity="${round(alpha)}"` : ''}`;
  }
}

function times([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix {
  return [
    a * g + c * h,
    b * g + d * h,
    a * i + c * j,
    b * i + d * j,
    a * k + c * l + e,
    b * k + d * l + f,
  ];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Control characters are no part of XML. */
function escape(text: string): string {
  return text
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
