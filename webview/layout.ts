/** Which regions the page shows, in which order and size: as a person chose, or as it is made. Pure; it comes from files, so nothing is trusted. */
import { t } from '@vscode/l10n';
import { type CustomWidget, readWidget } from './customWidget.ts';
import { Fields, LayoutError } from './layoutFields.ts';
import { type RegionName, regionTitle } from './regionNames.ts';
import { readFilters, type SavedFilter } from './savedFilters.ts';

export const WIDTHS = ['full', 'half'] as const;
export type Width = (typeof WIDTHS)[number];
export const HEIGHTS = ['small', 'normal', 'tall'] as const;
export type Height = (typeof HEIGHTS)[number];

interface Size {
  width: Width;
  height: Height;
  shown: boolean;
}
export type Item = Readonly<Size & ({ region: RegionName } | { widget: CustomWidget })>;

export interface Layout {
  items: readonly Item[];
  /** Regions without anything to show stand there too, instead of in one line at the end. */
  emptyRegions: boolean;
  /** What History was filtered by, to be picked again. */
  filters: readonly SavedFilter[];
}

/** A region as the product has it; their order is the default one. */
export interface KnownRegion {
  name: RegionName;
  width: Width;
}

const VERSION = 1;
export const MOST_WIDGETS = 24;
const MOST_ITEMS = 100;

/** What tells an item apart from the others of its layout. */
export function keyOf(item: Item): RegionName | `widget:${string}` {
  return 'region' in item ? item.region : `widget:${item.widget.id}`;
}

export function titleOf(item: Item): string {
  return 'region' in item ? regionTitle(item.region) : item.widget.title;
}

export function widgetsOf({ items }: Layout): CustomWidget[] {
  return items.flatMap((item) => ('widget' in item ? [item.widget] : []));
}

export function defaultLayout(known: readonly KnownRegion[]): Layout {
  return { items: known.map(usual), emptyRegions: false, filters: [] };
}

/**
 * A layout that was saved or exported. Regions that it does not name (they are newer than it) stand where the default has
 * them. Throws a `LayoutError` that names the field.
 */
export function readLayout(value: unknown, known: readonly KnownRegion[]): Layout {
  const fields = new Fields(value, '');
  if (fields.value('pipescope_layout') !== VERSION)
    throw new LayoutError(
      'pipescope_layout',
      t('This is no layout of version {0}. Export one from a dashboard.', VERSION),
    );
  fields.only(['pipescope_layout', 'items', 'empty_regions', 'history_filters']);
  const items = fields.list('items', MOST_ITEMS).map(({ value: item, path }) => {
    return readItem(new Fields(item, path), known);
  });
  checkOnce(items);
  if (items.filter((item) => 'widget' in item).length > MOST_WIDGETS)
    throw new LayoutError('items', t('There may be {0} widgets at most.', MOST_WIDGETS));
  return {
    items: completed(items, known),
    emptyRegions: fields.flag('empty_regions', false),
    filters: readFilters(fields, 'history_filters'),
  };
}

/** The layout of a file's text. Throws a `LayoutError`. */
export function parseLayout(text: string, known: readonly KnownRegion[]): Layout {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LayoutError('', t('The file is no JSON. {0}', why));
  }
  return readLayout(value, known);
}

/** As it is saved and exported. */
export function layoutJson({ items, emptyRegions, filters }: Layout): Record<string, unknown> {
  const saved = filters.length === 0 ? {} : { history_filters: filters };
  return { pipescope_layout: VERSION, items, empty_regions: emptyRegions, ...saved };
}

/** Puts an item at another place; past the ends is at the end. */
export function moveItem(layout: Layout, key: string, to: number): Layout {
  const item = layout.items.find((one) => keyOf(one) === key);
  if (item === undefined) return layout;
  const items = layout.items.filter((one) => one !== item);
  items.splice(Math.max(0, Math.min(items.length, to)), 0, item);
  return { ...layout, items };
}

export function changeItem(layout: Layout, key: string, change: Partial<Size>): Layout {
  const items = layout.items.map((item) => (keyOf(item) === key ? { ...item, ...change } : item));
  return { ...layout, items };
}

/** Adds a widget at the end, or takes it for the one with its id. */
export function putWidget(layout: Layout, widget: CustomWidget): Layout {
  const there = widgetsOf(layout).some(({ id }) => id === widget.id);
  const items = layout.items.map((item) =>
    'widget' in item && item.widget.id === widget.id ? { ...item, widget } : item,
  );
  const added: Item[] = there ? [] : [{ widget, width: 'half', height: 'normal', shown: true }];
  return { ...layout, items: [...items, ...added] };
}

/** Takes a widget away; regions can be hidden only. */
export function removeWidget(layout: Layout, id: string): Layout {
  const stays = (item: Item): boolean => !('widget' in item) || item.widget.id !== id;
  return { ...layout, items: layout.items.filter(stays) };
}

/** An id that no widget of the layout has. */
export function freeWidgetId(layout: Layout): string {
  const taken = new Set(widgetsOf(layout).map(({ id }) => id));
  let n = 1;
  while (taken.has(`widget-${n}`)) n++;
  return `widget-${n}`;
}

function usual({ name, width }: KnownRegion): Item {
  return { region: name, width, height: 'normal', shown: true };
}

function readItem(fields: Fields, known: readonly KnownRegion[]): Item {
  fields.only(['region', 'widget', 'width', 'height', 'shown']);
  if (fields.has('region') === fields.has('widget'))
    throw new LayoutError(fields.path, t('Give either "region" or "widget".'));
  const size = (width: Width): Size => ({
    width: fields.oneOf('width', WIDTHS, width),
    height: fields.oneOf('height', HEIGHTS, 'normal'),
    shown: fields.flag('shown', true),
  });
  if (fields.has('widget')) return { widget: readWidget(fields.object('widget')), ...size('half') };
  const region = known.find(({ name }) => name === fields.value('region'));
  if (region === undefined)
    throw new LayoutError(
      fields.at('region'),
      t('There is no such region. Use one of {0}.', known.map(({ name }) => name).join(', ')),
    );
  return { region: region.name, ...size(region.width) };
}

function checkOnce(items: readonly Item[]): void {
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    const field = 'region' in item ? 'region' : 'widget.id';
    if (seen.has(key)) throw new LayoutError(`items[${index}].${field}`, t('It is there twice.'));
    seen.add(key);
  }
}

/** Each missing region goes behind the one that stands before it in the default. */
function completed(items: readonly Item[], known: readonly KnownRegion[]): Item[] {
  const all = [...items];
  for (const [index, region] of known.entries()) {
    if (all.some((item) => keyOf(item) === region.name)) continue;
    const before = known[index - 1]?.name;
    const at = all.findIndex((item) => keyOf(item) === before);
    all.splice(at + 1, 0, usual(region));
  }
  return all;
}
