/** The elements of the graph: phases, folded groups, and the edges between them. */
import { t } from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { count, statusWord } from '../../../service/protocol/describe.ts';
import { setCss } from '../../cssDirective.ts';
import { icon } from '../../icons.ts';
import type { FlowMetric } from '../../view.ts';
import { statusIcon } from '../shared/status.ts';
import type { DrawnEdge } from './drawing.ts';
import { errorsText, groupFacts, phaseFacts, type Usual } from './figures.ts';
import type { Group, Item } from './groups.ts';
import { pathOf } from './layout.ts';
import { placeOf, type Rect } from './placeIndex.ts';
import { kindOf, type Scene } from './scene.ts';

export interface Show {
  scene: Scene;
  metric: FlowMetric;
  usual: Usual;
  now: number;
  /** The item that Tab leads to. */
  reachable: number;
  act: (item: number) => void;
  fold: (group: Group) => void;
  focus: (item: number) => void;
}

export function node(item: number, show: Show): unknown {
  const { scene, metric, now } = show;
  const { drawing, path } = scene;
  const what = drawing.visible.items[item] as Item;
  const records = scene.records[item] ?? [];
  const status = scene.states[item] ?? 'PENDING';
  const [only] = records;
  if (only === undefined) return nothing; // Its record is gone; the drawing follows.
  const texts =
    what.folded === null
      ? phaseFacts(only, show, now)
      : groupFacts(records, { metric, kind: what.folded.kind }, now);
  const facts = texts.length === 0 ? statusWord(status) : texts.join(' · ');
  const errors = what.folded === null && metric !== 'errors' ? only.error_count : 0;
  const heat = scene.heat?.[item] ?? null;
  const related =
    path !== null && (path.selected === item || path.up.has(item) || path.down.has(item));
  const marks = [
    `node ${status}`,
    ...(what.folded === null ? [] : ['group']),
    ...(related ? ['related'] : []),
    ...(scene.critical.has(item) ? ['critical'] : []),
  ].join(' ');
  const key = [
    what,
    drawing,
    facts,
    errors,
    heat,
    marks,
    metric,
    path?.selected === item,
    show.reachable === item,
  ];
  return guard(key, () =>
    listItem({ item, what, marks, facts, errors, heat, selected: path?.selected === item }, show),
  );
}

interface Shown {
  item: number;
  what: Item;
  marks: string;
  facts: string;
  errors: number;
  heat: number | null;
  selected: boolean;
}

function listItem(shown: Shown, show: Show): TemplateResult {
  const { item, what, marks } = shown;
  const place = placeOf(show.scene.drawing.rects[item] as Rect);
  const { items } = show.scene.drawing.visible;
  return html`<div
    role="listitem"
    class="place ${what.leads === null ? '' : 'leads'}"
    aria-setsize=${items.length}
    aria-posinset=${item + 1}
    ${setCss(place)}
  >
    <button
      class=${marks}
      data-phase=${what.id}
      data-item=${item}
      tabindex=${show.reachable === item ? 0 : -1}
      aria-pressed=${what.folded !== null ? nothing : shown.selected ? 'true' : 'false'}
      aria-expanded=${what.folded === null ? nothing : 'false'}
      @click=${() => show.act(item)}
      @focus=${() => show.focus(item)}
    >
      ${face(shown, show)}
    </button>
    ${what.leads === null ? nothing : foldButton(what.leads, show)}
  </div>`;
}

function face({ item, what, facts, errors, heat }: Shown, { scene, metric }: Show): unknown {
  const status = scene.states[item] ?? 'PENDING';
  return html`${heat === null ? nothing : html`<span class="heat ${metric}" ${setCss({ '--heat': String(heat) })}></span>`}
    ${statusIcon(status)}
    <span class="name cut"
      >${what.folded === null ? nothing : icon('chevronRight')}<bdi>${what.label}</bdi></span
    >
    <span class="facts cut number"
      >${facts}${errors === 0 ? nothing : html` · <span class="count">${errorsText(errors)}</span>`}</span
    >
    <span class="spoken">, ${statusWord(status)}</span>`;
}

function foldButton(group: Group, show: Show): TemplateResult {
  const size = group.members.length;
  const name = count(size, t('Fold {1}: {0} phase'), t('Fold {1}: {0} phases'), group.name);
  return html`<button
    class="fold"
    tabindex="-1"
    title=${name}
    aria-label=${name}
    @click=${() => show.fold(group)}
  >
    ${icon('chevronDown')}
  </button>`;
}

const paths = new WeakMap<DrawnEdge, string>();

/** The edges in a part of the graph. */
export function edges(indexes: readonly number[], part: Rect, scene: Scene): TemplateResult {
  const { x, y, width, height } = part;
  const place = placeOf(part);
  return html`<svg
    class="edges ${scene.drawing.graph.knowledge}"
    viewBox="${x} ${y} ${Math.max(1, width)} ${Math.max(1, height)}"
    aria-hidden="true"
    ${setCss(place)}
  >
    <defs>${['open', 'done', 'critical', 'path'].map(marker)}</defs>
    ${indexes.map((index) => edge(scene.drawing.edges[index] as DrawnEdge, scene))}
  </svg>`;
}

function edge(edge: DrawnEdge, scene: Scene): TemplateResult {
  const kind = kindOf(edge, scene);
  let d = paths.get(edge);
  if (d === undefined) paths.set(edge, (d = pathOf(edge.points)));
  return svg`<path class="edge ${kind} ${edge.back ? 'back' : ''} ${edge.faint ? 'faint' : ''}" marker-end="url(#arrow-${kind})" d=${d}></path>`;
}

function marker(kind: string): TemplateResult {
  return svg`<marker id="arrow-${kind}" class=${kind} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto">
    <path d="M0,1 L7,4 L0,7 z"></path>
  </marker>`;
}
