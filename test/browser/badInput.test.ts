import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { RegionName } from '../../webview/regionNames.ts';
import { everyEvent, WORLD } from '../support/everyEvent.ts';
import { needsChromium } from '../support/skip.ts';
import { bringIntoView, useLive, violationsIn } from './support/livePages.ts';

const REGION_NAMES: readonly RegionName[] = [
  ...(['Overview', 'Pipeline flow', 'Timeline', 'Phases', 'Resources', 'Performance'] as const),
  ...(['Workers', 'API', 'Models', 'Cache', 'Bottlenecks', 'Alerts', 'History'] as const),
  'Compare',
];
const HOUR = 3_600_000;
/** A tag, right to left and forced to be, an emoji of several parts, characters that control, and no place to break. */
const EVIL = '<img src=x onerror="document.title=1">\u202eعربي\u0007\u001b[31m👩‍🚀\u0000{0}%s"&';
/** Fields of events by which things are named; the service takes at most 256 characters of them. */
const IDS =
  /^(.*_id|queue|endpoint|model|cache|signal|component|content_type|optimization|pipeline|host|depends_on)$/;
const TEXTS = /^(name|title|description|message|reason|stack|file|detail|path|uri|source_file)$/;

const SHORT_NAMES: ReadonlySet<unknown> = new Set(['subphase.recorded', 'metric.recorded']);

const id = (value: string): string => value + EVIL + 'W'.repeat(255 - value.length - EVIL.length);
const text = (value: string): string => (value + EVIL).padEnd(10_000, 'Wide ') + EVIL;

/** The same with hostile names; what stands at their begin still tells one from another. */
function hostile<T extends object>(value: T): T {
  const { type } = value as { type?: unknown };
  const entries = Object.entries(value).map(([key, one]: [string, unknown]) => {
    const isId = IDS.test(key) || (key === 'name' && SHORT_NAMES.has(type));
    const change = isId ? id : TEXTS.test(key) ? text : undefined;
    return [key, changed(one, change)] as const;
  });
  return Object.fromEntries(entries) as T;
}

function changed(value: unknown, change: ((value: string) => string) | undefined): unknown {
  if (typeof value === 'string') return change?.(value) ?? value;
  if (Array.isArray(value)) return value.map((one) => changed(one, change));
  return typeof value === 'object' && value !== null ? hostile(value) : value;
}

function events(now: number): object[] {
  // A clock that is ahead, one that is behind, and a job that ends before it began: each by another machine's word.
  const skewed = [HOUR, -HOUR].flatMap((by) => {
    const job_id = `skew ${by}`;
    return [
      { type: 'job.started', job_id, name: job_id, time: now + by },
      { type: 'phase.started', job_id, phase_id: 'P0', time: now + by },
      { type: 'phase.completed', job_id, phase_id: 'P0', time: now + by - 5_000 },
      { type: 'phase.started', job_id, phase_id: 'P1', time: now + by + 1_000 },
      { type: 'resource.sampled', job_id, cpu_percent: 4, memory_mb: 1, time: now + by },
      { type: 'task.started', job_id, task_id: job_id, worker_id: 'w', time: now + by },
    ];
  });
  return [
    ...everyEvent(now).map((event) => hostile(event)),
    { type: 'job.started', job_id: 'bare', name: 'bare', time: now - 2 * HOUR },
    { type: 'job.completed', job_id: 'bare', time: now - 2 * HOUR },
    ...skewed,
  ];
}

/** Elements that reach beyond a page that is scrolled sideways by them; none where nothing is. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const found = [`${scrollWidth} px`];
    const roots: ParentNode[] = [document];
    for (let root = roots.pop(); root !== undefined; root = roots.pop())
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot !== null) roots.push(element.shadowRoot);
        if (element.getBoundingClientRect().right <= clientWidth) continue;
        let above: Element | null | undefined = element;
        do above = above.parentElement ?? (above.getRootNode() as Partial<ShadowRoot>).host;
        while (above && getComputedStyle(above).overflowX === 'visible');
        if (above && above !== document.documentElement && above !== document.body) continue;
        found.push(`${element.localName}.${element.getAttribute('class') ?? ''}`);
      }
    return found.slice(0, 30);
  });
}

/** Waits until nothing in the region stands for what is still to come, and what came is drawn. */
async function filled(page: Page, region: RegionName): Promise<void> {
  const waiting = page.locator(`[data-region="${region}"] .skeleton`).first();
  await waiting.waitFor({ state: 'detached', timeout: 10_000 });
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}

describe('a page of bad input, from a real service', function () {
  needsChromium();
  this.timeout(180_000);
  const live = useLive(events);

  /** The page of a job with all regions shown, as wide as this. */
  async function open(job: string, width: number): Promise<Page> {
    const page = await live().pages.blank({ viewport: { width, height: 900 }, bypassCSP: true });
    await page.addInitScript(
      (view) => sessionStorage.setItem('pipescope.view', view),
      JSON.stringify({ job, present: REGION_NAMES }),
    );
    const { service } = live();
    await page.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
    await page.getByRole('region', { name: 'Overview', exact: true }).waitFor();
    return page;
  }

  /** What has to hold of every region, whatever it was told; `also` looks at each while it is in view. */
  async function check(page: Page, also?: (region: RegionName) => Promise<void>): Promise<string> {
    let all = '';
    for (const region of REGION_NAMES) {
      const element = await bringIntoView(page, region);
      await filled(page, region);
      assert.deepEqual(await tooWide(page), [], `with ${region} in view`);
      all += await element.innerText();
      await also?.(region);
    }
    assert.equal(await page.title(), 'Pipescope');
    assert.equal(await page.locator('img').count(), 0, 'a name became an element');
    assert.doesNotMatch(all, /NaN|Invalid Date|undefined|Infinity|\[object/);
    const negative = /^.*(^|\s)-\d+(\.\d+)? ?(ms|s|m|h|min)\b.*$/m.exec(all);
    assert.equal(negative?.[0], undefined, 'a negative time');
    return all;
  }

  const evilJob = id(WORLD.job);
  for (const width of [300, 1400])
    it(`shows hostile names as text, within ${width} px, and clean for axe`, async () => {
      const page = await open(evilJob, width);
      const all = await check(page, async (region) => {
        assert.deepEqual(await violationsIn(page, region), [], region);
      });
      assert.ok(all.includes('onerror'), 'names are on the page');
    });

  it('shows a job without phases', async () => {
    const page = await open('bare', 1400);
    await check(page);
  });

  for (const by of [HOUR, -HOUR])
    it(`shows a run by a clock that is ${by / HOUR} hours ahead, in each kind of range`, async () => {
      const page = await open(`skew ${by}`, 760);
      await check(page);
      await page.getByRole('button', { name: /^Time range/ }).click();
      await page.getByRole('option', { name: 'Last 5 min', exact: true }).click();
      await check(page);
    });
});
