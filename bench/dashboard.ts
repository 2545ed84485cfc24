/**
 * What the dashboard costs a browser: node --import tsx bench/dashboard.ts DIR [SECONDS]
 * DIR is a data directory of bench/seedMany.ts; SECONDS is how long events flow past the open page. Prints JSON.
 */
import { gzipSync } from 'node:zlib';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { launchChromium } from '../test/support/chromium.ts';
import { root } from '../test/support/paths.ts';
import { type Running, startService } from './processes.ts';
import { hugeJob, live, LIVE_JOB, liveStart } from './dashboardEvents.ts';

const ROUNDS = 5;
const PER_SECOND = 1000;
const PROBE_EVERY_MS = 500;
/** In one body. */
const MOST_EVENTS = 1000;
/** The part of a region that scrolls and zooms. */
const MOVING = [
  ['Timeline', '.rows'],
  ['Pipeline flow', '.view'],
  ['Phases', '.scroll'],
] as const;

interface Screen {
  height: number;
  /** Pixels of the device a pixel of the page. */
  deviceScaleFactor: number;
}

/**
 * So high that every region is on it, and with the pixels of a usual screen: without a graphics card the browser
 * copies each of them with every frame.
 */
const ALL_REGIONS: Screen = { height: 12_000, deviceScaleFactor: 0.25 };

const [dir = '', seconds = '600'] = process.argv.slice(2);
const LIVE_SECONDS = Number(seconds);

interface Tasks {
  /** Milliseconds of each task above 50 ms since the last look. */
  take(): Promise<number[]>;
}

const service = await startService(dir);
const browser = await launchChromium();
try {
  const result = {
    ...(await firstPaint()),
    ...(await hugeRun()),
    ...(await liveRun()),
    ...sizes(),
  };
  console.log(JSON.stringify(result));
} finally {
  await browser.close();
  await service.stop();
}

function address({ url, token }: Running): string {
  return `${url}/enhanced-monitor#token=${token}`;
}

/** A page that will show this job, or the latest one. */
async function open(
  from: Browser,
  job: string | null = null,
  { height, deviceScaleFactor }: Screen = { height: 900, deviceScaleFactor: 1 },
): Promise<Page> {
  const viewport = { width: 1400, height };
  const context = await from.newContext({ viewport, deviceScaleFactor });
  const page = await context.newPage();
  // The TypeScript loader wraps inner functions in this.
  await page.addInitScript('globalThis.__name = (f) => f;');
  await page.addInitScript((id) => {
    if (id !== null) sessionStorage.setItem('pipescope.view', JSON.stringify({ job: id }));
    const seen: number[] = [];
    Object.assign(globalThis, { longTasks: seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.push(duration);
    }).observe({ type: 'longtask', buffered: true });
  }, job);
  return page;
}

function tasksOf(page: Page): Tasks {
  return {
    take: () =>
      page.evaluate(() => {
        const { longTasks } = globalThis as unknown as { longTasks: number[] };
        return longTasks.splice(0);
      }),
  };
}

/** Waits until a text inside an element's shadow root matches, looking with every frame; when that was, since navigation. */
async function shown(page: Page, selector: string, pattern: string): Promise<number> {
  const handle = await page.waitForFunction(
    ([wanted, text]) => {
      const inside = (node: Document | ShadowRoot): string => {
        let all = '';
        for (const element of node.querySelectorAll(wanted as string))
          all += (element.shadowRoot?.textContent ?? '') + (element.textContent ?? '');
        for (const element of node.querySelectorAll('*'))
          if (element.shadowRoot) all += inside(element.shadowRoot);
        return all;
      };
      return new RegExp(text as string).test(inside(document)) ? performance.now() : false;
    },
    [selector, pattern],
    { polling: 'raf', timeout: 60_000 },
  );
  return (await handle.jsonValue()) as number;
}

async function firstPaint() {
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const page = await open(browser);
    await page.goto(address(service));
    times.push(await shown(page, 'pipescope-overview', 'phases? done|of \\d'));
    bytes = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('.js'))
        .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).decodedBodySize, 0),
    );
    await page.context().close();
  }
  return { first_paint_ms: median(times), first_view_bytes: bytes };
}

async function hugeRun() {
  const { id, events } = hugeJob(5000);
  for (let from = 0; from < events.length; from += 500)
    await service.say(events.slice(from, from + 500));
  const ready: { timeline: number[]; graph: number[]; longest: number[] } = {
    timeline: [],
    graph: [],
    longest: [],
  };
  for (let round = 0; round < ROUNDS; round++) {
    const page = await open(browser, id);
    await page.goto(address(service));
    await shown(page, 'pipescope-header', 'huge');
    await page.getByRole('region', { name: 'Timeline', exact: true }).scrollIntoViewIfNeeded();
    ready.timeline.push(await shown(page, 'pipescope-timeline-phases', 'P0000'));
    ready.graph.push(await drawGraph(page));
    ready.longest.push(await longestWhileMoving(page));
    await page.context().close();
  }
  await service.say([{ type: 'job.completed', job_id: id }]);
  return {
    huge_timeline_ms: median(ready.timeline),
    huge_graph_ms: median(ready.graph),
    huge_longest_task_ms: median(ready.longest),
  };
}

/** From the click that asks for the graph of so many phases to the first node of it. */
async function drawGraph(page: Page): Promise<number> {
  const region = page.getByRole('region', { name: 'Pipeline flow', exact: true });
  await region.scrollIntoViewIfNeeded();
  const ask = region.getByRole('button', { name: 'Draw the graph' });
  await ask.waitFor();
  const begin = await page.evaluate(() => performance.now());
  await ask.click();
  await region.locator('[data-item]').first().waitFor({ state: 'attached', timeout: 60_000 });
  return (await page.evaluate(() => performance.now())) - begin;
}

/** Scrolls the page and zooms timeline and graph; the longest task meanwhile, 0 when none took 50 ms. */
async function longestWhileMoving(page: Page): Promise<number> {
  await page.waitForTimeout(1000);
  const tasks = tasksOf(page);
  await tasks.take();
  for (const [name, part] of MOVING) {
    const moved = page.getByRole('region', { name, exact: true }).locator(part);
    await moved.scrollIntoViewIfNeeded();
    const box = await moved.boundingBox();
    if (box === null) throw new Error(`${name} is not on the page.`);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    for (let n = 0; n < 15; n++) await page.mouse.wheel(0, n < 10 ? 120 : -120);
    await page.keyboard.down('Control');
    for (let n = 0; n < 10; n++) await page.mouse.wheel(0, n < 6 ? -120 : 120);
    await page.keyboard.up('Control');
    await page.waitForTimeout(200);
  }
  return Math.max(0, ...(await tasks.take()));
}

async function liveRun() {
  const page = await open(browser, LIVE_JOB, ALL_REGIONS);
  const cdp = await page.context().newCDPSession(page);
  await service.say(liveStart());
  await page.goto(address(service));
  await shown(page, 'pipescope-header', LIVE_JOB);
  await page.waitForTimeout(3000);
  const begin = performance.now();
  const [sent, { heaps, rounds }] = await Promise.all([flood(begin), watch(page, cdp, begin)]);
  await page.context().close();
  return {
    live_events_per_s: Math.round(sent / LIVE_SECONDS),
    live_longest_task_ms: median(rounds.map(({ longest }) => longest)),
    live_p95_ms: median(rounds.map(({ p95 }) => p95)),
    live_heap_mb: Math.max(...heaps),
    // The first round fills lists that are bounded; from there on it has to be flat.
    live_heap_growth_mb: (heaps.at(-1) ?? 0) - (heaps[0] ?? 0),
  };
}

/** Milliseconds of each round, and the heap in MB after it. */
async function watch(page: Page, cdp: CDPSession, begin: number) {
  const tasks = tasksOf(page);
  const heaps: number[] = [];
  const rounds: { longest: number; p95: number }[] = [];
  for (let round = 1, probe = 0; round <= ROUNDS; round++) {
    const latencies: number[] = [];
    await tasks.take();
    const end = begin + (LIVE_SECONDS * 1000 * round) / ROUNDS;
    for (; performance.now() < end; probe++) {
      latencies.push(await probeOnce(page, probe));
      await page.waitForTimeout(PROBE_EVERY_MS);
    }
    latencies.sort((a, b) => a - b);
    const p95 = latencies[Math.floor(latencies.length * 0.95)] ?? 0;
    rounds.push({ longest: Math.max(0, ...(await tasks.take())), p95 });
    // Between the rounds: collecting all garbage takes longer than any task may.
    heaps.push(await heapMb(cdp));
  }
  return { heaps, rounds };
}

async function flood(begin: number): Promise<number> {
  let sent = 0;
  while (performance.now() - begin < LIVE_SECONDS * 1000) {
    const due = Math.floor(((performance.now() - begin) * PER_SECOND) / 1000);
    const events = [];
    for (; sent < due && events.length < MOST_EVENTS; sent++) events.push(live(sent));
    if (events.length > 0) await service.say(events);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return sent;
}

/** From the post of an event to the frame that shows it. */
async function probeOnce(page: Page, n: number): Promise<number> {
  const message = `Probe ${n}.`;
  const begin = await page.evaluate(() => performance.now());
  const [seen] = await Promise.all([
    // Looked for in this one table only: the looking is a part of what the page has to do.
    page.waitForFunction(
      (text) => {
        const root = document.querySelector('pipescope-dashboard')?.shadowRoot;
        const table = root?.querySelector('pipescope-phases')?.shadowRoot;
        return table?.textContent?.includes(text) === true ? performance.now() : false;
      },
      message,
      { polling: 'raf', timeout: 60_000 },
    ),
    service.say([{ type: 'phase.started', job_id: LIVE_JOB, phase_id: 'P00', name: message }]),
  ]);
  return ((await seen.jsonValue()) as number) - begin;
}

async function heapMb(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  return usedSize / 1_048_576;
}

function sizes() {
  const folder = join(root, 'dist/webview');
  const files = readdirSync(folder).filter((name) => name.endsWith('.js') && !/l10n/.test(name));
  const all = files.map((name) => readFileSync(join(folder, name)));
  return {
    bundle_bytes: all.reduce((sum, file) => sum + file.length, 0),
    bundle_gzip_bytes: all.reduce((sum, file) => sum + gzipSync(file).length, 0),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
