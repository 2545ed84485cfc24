import { html, type TemplateResult } from 'lit';
import type { App } from '../../app.ts';
import type { RegionName } from '../../regionNames.ts';
import '../alerts/alerts.ts';
import '../flow/flow.ts';
import '../overview/overview.ts';
import '../phases/phases.ts';
import '../resources/resources.ts';
import '../timeline/timeline.ts';

export interface Region {
  name: RegionName;
  /** `half` stands beside its neighbour where there is room. */
  width: 'full' | 'half';
  element: (app: App) => TemplateResult;
}

/** The regions in reading order: one line each. */
export const REGIONS: readonly Region[] = [
  {
    name: 'Overview',
    width: 'full',
    element: (app) => html`<pipescope-overview .app=${app}></pipescope-overview>`,
  },
  {
    name: 'Pipeline flow',
    width: 'full',
    element: (app) => html`<pipescope-flow .app=${app}></pipescope-flow>`,
  },
  {
    name: 'Timeline',
    width: 'full',
    element: (app) => html`<pipescope-timeline .app=${app}></pipescope-timeline>`,
  },
  {
    name: 'Phases',
    width: 'full',
    element: (app) => html`<pipescope-phases .app=${app}></pipescope-phases>`,
  },
  {
    name: 'Resources',
    width: 'half',
    element: (app) => html`<pipescope-resources .app=${app}></pipescope-resources>`,
  },
  {
    name: 'Alerts',
    width: 'half',
    element: (app) => html`<pipescope-alerts .app=${app}></pipescope-alerts>`,
  },
];
