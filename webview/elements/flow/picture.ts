/** The graph as a file of its own: an SVG drawing with all colours resolved, that needs no page around it. */
import { escaped } from '../../../service/protocol/htmlText.ts';
import { cut } from '../../charts/pictures/cut.ts';
import { statusWord } from '../../../service/protocol/describe.ts';
import type { DrawnEdge } from './drawing.ts';
import { errorsText, groupFacts, phaseFacts, type Usual } from './figures.ts';
import type { Item } from './groups.ts';
import { pathOf } from './layout.ts';
import type { Palette } from './palette.ts';
import type { Rect } from './placeIndex.ts';
import { kindOf, type Scene } from './scene.ts';
import type { FlowMetric } from '../../view.ts';

export interface PictureOf {
  scene: Scene;
  palette: Palette;
  metric: FlowMetric;
  usual: Usual;
  now: number;
  title: string;
}

const TITLE = 28;
/** Pixels of a letter at 12 px, about: names that are longer than their node are cut. */
const LETTER = 6.6;

export function svgOf(of: PictureOf): string {
  const { scene, palette } = of;
  const title = cut(of.title, 120);
  const { drawing } = scene;
  const [width, height] = [
    Math.ceil(Math.max(drawing.width, 120)),
    Math.ceil(drawing.height) + TITLE,
  ];
  const colors = edgeColors(palette);
  const heads = Object.entries(colors).map(
    ([kind, color]) =>
      `<marker id="arrow-${kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0,1 L7,4 L0,7 z" fill="${escaped(color)}"/></marker>`,
  );
  const lines = drawing.edges.map((edge) => edgeOf(edge, scene, colors));
  const nodes = drawing.visible.items.map((item, index) => nodeOf(index, item, of));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escaped(palette.font)}">`,
    `<title>${escaped(title)}</title><defs>${heads.join('')}</defs>`,
    `<rect width="${width}" height="${height}" fill="${escaped(palette.background)}"/>`,
    `<text x="8" y="18" font-size="13" font-weight="600" fill="${escaped(palette.text)}">${escaped(title)}</text>`,
    `<g transform="translate(0,${TITLE})">`,
    ...lines,
    ...nodes,
    `</g></svg>`,
  ].join('\n');
}

function edgeColors(palette: Palette): Record<ReturnType<typeof kindOf>, string> {
  return {
    open: palette.line,
    done: palette.state.COMPLETED,
    critical: palette.text,
    path: palette.focus,
  };
}

function edgeOf(edge: DrawnEdge, scene: Scene, colors: ReturnType<typeof edgeColors>): string {
  const kind = kindOf(edge, scene);
  const width = kind === 'done' || kind === 'open' ? 1.25 : 2;
  const dash =
    edge.back || scene.drawing.graph.knowledge !== 'declared' ? ' stroke-dasharray="5 3"' : '';
  const faint = edge.faint && (kind === 'done' || kind === 'open') ? ' stroke-opacity="0.3"' : '';
  return `<path d="${pathOf(edge.points)}" fill="none" stroke="${escaped(colors[kind])}" stroke-width="${width}"${dash}${faint} marker-end="url(#arrow-${kind})"/>`;
}

function nodeOf(index: number, item: Item, of: PictureOf): string {
  const { scene, palette, metric } = of;
  const { x, y, width, height } = scene.drawing.rects[index] as Rect;
  const status = scene.states[index] ?? 'PENDING';
  const heat = scene.heat?.[index] ?? 0;
  const dash = status === 'PENDING' ? ' stroke-dasharray="4 2"' : '';
  const border = scene.critical.has(index) ? palette.text : palette.border;
  const shade = escaped(palette.heat[metric]);
  const letters = Math.floor((width - 20) / LETTER);
  return [
    `<g transform="translate(${round(x)},${round(y)})">`,
    `<rect width="${round(width)}" height="${height}" rx="3" fill="${escaped(palette.node)}" stroke="${escaped(border)}"${dash}/>`,
    heat === 0
      ? ''
      : `<rect width="${round(width)}" height="${height}" rx="3" fill="${shade}" fill-opacity="${round(heat * 0.35)}"/><rect y="${height - 3}" width="${round(width * heat)}" height="3" fill="${shade}"/>`,
    `<rect width="4" height="${height}" fill="${escaped(palette.state[status])}"/>`,
    `<text x="12" y="18" font-size="12" fill="${escaped(palette.text)}">${escaped(cut(item.label, letters))}</text>`,
    `<text x="12" y="34" font-size="11" fill="${escaped(palette.muted)}">${escaped(cut(factsOf(index, item, of), letters))}</text>`,
    `</g>`,
  ].join('');
}

/** With the state in words: a picture has no icon to hover over. */
function factsOf(index: number, item: Item, { scene, metric, usual, now }: PictureOf): string {
  const records = scene.records[index] ?? [];
  const [only] = records;
  const state = statusWord(scene.states[index] ?? 'PENDING');
  if (item.folded !== null)
    return [state, ...groupFacts(records, { metric, kind: item.folded.kind }, now)].join(' · ');
  if (only === undefined) return state;
  const errors = metric !== 'errors' && only.error_count > 0 ? [errorsText(only.error_count)] : [];
  return [state, ...phaseFacts(only, { metric, usual }, now), ...errors].join(' · ');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
