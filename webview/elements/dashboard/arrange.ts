/** Which items of the layout the page shows, and how wide. Pure. */
import { type Item, keyOf, type Layout } from '../../layout.ts';
import type { RegionName } from '../../regionNames.ts';

/** What is known of the data that regions show. */
export interface Facts {
  /** Whether a job is shown. */
  job: boolean;
  jobs: number;
  alerts: number;
  /** Of the regions in `PROBED`, those that have something to show. */
  present: ReadonlySet<string>;
}

/** Regions about one job: without it there is nothing to say in them. */
const OF_A_JOB: ReadonlySet<RegionName> = new Set<RegionName>([
  ...(['Pipeline flow', 'Timeline', 'Phases', 'Resources', 'Performance', 'Bottlenecks'] as const),
]);
/** Regions that only some pipelines have data for, with what tells whether there is any. */
export const PROBED = {
  Workers: '/api/v1/workers?limit=1',
  API: '/api/v1/endpoints?limit=1',
  Models: '/api/v1/models?limit=1',
  Cache: '/api/v1/caches?limit=1',
} as const satisfies Partial<Record<RegionName, string>>;

export interface Arranged {
  shown: readonly Item[];
  /** Left out because they have nothing to show; they come by themselves when they do. */
  empty: readonly Item[];
}

/** `summoned` are items that something on the page led to: they are shown in any case. */
export function arrange(layout: Layout, facts: Facts, summoned: ReadonlySet<string>): Arranged {
  const wanted = layout.items.filter((item) => item.shown || summoned.has(keyOf(item)));
  const possible = wanted.filter((item) => facts.job || !isOfAJob(item));
  const fits = (item: Item): boolean =>
    layout.emptyRegions || summoned.has(keyOf(item)) || hasData(item, facts);
  return {
    shown: possible.filter(fits),
    empty: possible.filter((item) => !fits(item)),
  };
}

/** Two halves stand side by side; one that is left alone takes the whole width. */
export function widened(items: readonly Item[]): ReadonlySet<Item> {
  const alone = new Set<Item>();
  let open: Item | null = null;
  for (const item of items) {
    if (item.width === 'full' && open !== null) alone.add(open);
    open = item.width === 'full' || open !== null ? null : item;
  }
  return open === null ? alone : alone.add(open);
}

function isOfAJob(item: Item): boolean {
  return 'region' in item && OF_A_JOB.has(item.region);
}

function hasData(item: Item, { jobs, alerts, present }: Facts): boolean {
  if ('widget' in item) return true;
  if (item.region in PROBED) return present.has(item.region);
  switch (item.region) {
    case 'Overview':
    case 'History':
      return jobs > 0;
    case 'Compare':
      return jobs > 1;
    case 'Alerts':
      return jobs > 0 || alerts > 0;
    default:
      return true;
  }
}
