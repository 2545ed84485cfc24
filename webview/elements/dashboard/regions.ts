import { html, type TemplateResult } from 'lit';
import type { App } from '../../app.ts';
import type { Item } from '../../layout.ts';
import type { RegionName } from '../../regionNames.ts';

interface Part {
  /** Pixels that are kept free until it is there: about what it takes with a usual run. */
  height: number;
  /** Fetches its code, with the first time it comes near the screen. */
  load: () => Promise<unknown>;
  element: (app: App, seen: boolean) => TemplateResult;
}

export interface Region extends Part {
  name: RegionName;
  /** As it is by default; `half` stands beside its neighbour where there is room. */
  width: 'full' | 'half';
}

/** The regions in the order of the default layout: one entry each. */
export const REGIONS: readonly Region[] = [
  {
    ...{ name: 'Overview', width: 'full', height: 188 },
    load: () => import('../overview/overview.ts'),
    element: (app, seen) =>
      html`<pipescope-overview .app=${app} .seen=${seen}></pipescope-overview>`,
  },
  {
    ...{ name: 'Pipeline flow', width: 'full', height: 280 },
    load: () => import('../flow/flow.ts'),
    element: (app, seen) => html`<pipescope-flow .app=${app} .seen=${seen}></pipescope-flow>`,
  },
  {
    ...{ name: 'Timeline', width: 'full', height: 400 },
    load: () => import('../timeline/timeline.ts'),
    element: (app, seen) =>
      html`<pipescope-timeline .app=${app} .seen=${seen}></pipescope-timeline>`,
  },
  {
    ...{ name: 'Phases', width: 'full', height: 440 },
    load: () => import('../phases/phases.ts'),
    element: (app, seen) => html`<pipescope-phases .app=${app} .seen=${seen}></pipescope-phases>`,
  },
  {
    ...{ name: 'Resources', width: 'half', height: 400 },
    load: () => import('../resources/resources.ts'),
    element: (app, seen) =>
      html`<pipescope-resources .app=${app} .seen=${seen}></pipescope-resources>`,
  },
  {
    ...{ name: 'Performance', width: 'half', height: 440 },
    load: () => import('../performance/performance.ts'),
    element: (app, seen) =>
      html`<pipescope-performance .app=${app} .seen=${seen}></pipescope-performance>`,
  },
  {
    ...{ name: 'Workers', width: 'full', height: 560 },
    load: () => import('../workers/workers.ts'),
    element: (app, seen) => html`<pipescope-workers .app=${app} .seen=${seen}></pipescope-workers>`,
  },
  {
    ...{ name: 'API', width: 'full', height: 720 },
    load: () => import('../api/api.ts'),
    element: (app, seen) => html`<pipescope-api .app=${app} .seen=${seen}></pipescope-api>`,
  },
  {
    ...{ name: 'Models', width: 'half', height: 440 },
    load: () => import('../models/models.ts'),
    element: (app, seen) => html`<pipescope-models .app=${app} .seen=${seen}></pipescope-models>`,
  },
  {
    ...{ name: 'Cache', width: 'half', height: 440 },
    load: () => import('../cache/cache.ts'),
    element: (app, seen) => html`<pipescope-cache .app=${app} .seen=${seen}></pipescope-cache>`,
  },
  {
    ...{ name: 'Bottlenecks', width: 'full', height: 260 },
    load: () => import('../bottlenecks/bottlenecks.ts'),
    element: (app, seen) =>
      html`<pipescope-bottlenecks .app=${app} .seen=${seen}></pipescope-bottlenecks>`,
  },
  {
    ...{ name: 'Alerts', width: 'half', height: 400 },
    load: () => import('../alerts/alerts.ts'),
    element: (app, seen) => html`<pipescope-alerts .app=${app} .seen=${seen}></pipescope-alerts>`,
  },
  {
    ...{ name: 'History', width: 'full', height: 900 },
    load: () => import('../history/history.ts'),
    element: (app, seen) => html`<pipescope-history .app=${app} .seen=${seen}></pipescope-history>`,
  },
  {
    ...{ name: 'Compare', width: 'full', height: 120 },
    load: () => import('../compare/compare.ts'),
    element: (app, seen) => html`<pipescope-compare .app=${app} .seen=${seen}></pipescope-compare>`,
  },
];

/** What is drawn for an item of the layout. */
export function regionOf(item: Item): Part & { name: string } {
  if ('widget' in item) {
    const { widget } = item;
    return {
      ...{ name: 'widget', height: 260 },
      load: () => import('../widget/widget.ts'),
      element: (app, seen) =>
        html`<pipescope-widget .app=${app} .seen=${seen} .widget=${widget}></pipescope-widget>`,
    };
  }
  const region = REGIONS.find(({ name }) => name === item.region);
  if (region === undefined) throw new Error(`There is no region ${item.region}.`);
  return region;
}
