import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { JobRecord } from '../../service/protocol/record.ts';
import { eventually, getJson } from '../support/service.ts';
import { needsChromium } from '../support/skip.ts';
import { useLive } from './support/livePages.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** Where the words on the page come from tests that wait for one another. */
const SLACK_MS = 15_000;

const running = (now: number): object[] => [
  { type: 'job.started', job_id: 'now', name: 'now', pipeline: 'p', time: now - 20 * MINUTE },
  { type: 'phase.started', job_id: 'now', phase_id: 'P0', time: now - 20 * MINUTE },
  ...Array.from({ length: 30 }, (_, n) => ({
    ...{ type: 'resource.sampled', job_id: 'now', cpu_percent: 50, memory_mb: 100 },
    time: now - n * 2_000,
  })),
];

const others = (now: number): object[] => [
  { type: 'job.started', job_id: 'silent', name: 'silent', time: now - 2 * HOUR },
  { type: 'job.started', job_id: 'ended', name: 'ended', time: now - 30 * MINUTE },
  { type: 'job.completed', job_id: 'ended', time: now - 10 * MINUTE },
];

/** The clock of the page only: its timers, and the service, go on as they are. */
function setClock(page: Page, ahead: number): Promise<unknown> {
  return page.addInitScript(`{
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...given) {
        super(...(given.length === 0 ? [Real.now() + ${ahead}] : given));
      }
      static now() {
        return Real.now() + ${ahead};
      }
    };
  }`);
}

/** `19m 58s`, `1h 20m`, `12.4 s` in milliseconds. */
function ms(text: string): number {
  const units: Record<string, number> = { h: HOUR, m: MINUTE, s: 1_000 };
  let sum = 0;
  for (const [, number, unit] of text.matchAll(/([\d.]+) ?([hms])/g))
    sum += Number(number) * (units[unit ?? ''] ?? NaN);
  return sum;
}

describe('a page whose clock is not that of the service', () => {
  needsChromium();
  const live = useLive(others, { stale_after_ms: 4_000 });
  let alive: ReturnType<typeof setInterval> | undefined;
  before(async () => {
    const { service } = live();
    const silent = () => getJson<JobRecord>(service, '/api/v1/jobs/silent');
    await eventually(async () => (await silent()).status === 'STALE', 'silence', 20_000);
    await live().tell(running(Date.now()));
    alive = setInterval(() => {
      const sign = { type: 'resource.sampled', job_id: 'now', cpu_percent: 50, memory_mb: 100 };
      void live().tell([{ ...sign, time: Date.now() }]);
    }, 1_000);
  });
  after(() => clearInterval(alive));

  for (const [how, ahead] of [
    ['an hour ahead', HOUR],
    ['an hour behind', -HOUR],
  ] as const)
    it(`says how long and how long ago as it is: ${how}`, async () => {
      const { service, pages } = live();
      const page = await pages.blank();
      await setClock(page, ahead);
      await page.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
      const timeline = page.getByRole('region', { name: 'Timeline', exact: true });
      await timeline.getByRole('option').first().waitFor();
      assert.ok(Math.abs((await page.evaluate(() => Date.now())) - Date.now() - ahead) < SLACK_MS);

      const { started_at } = await getJson<JobRecord>(service, '/api/v1/jobs/now');
      const runs = Date.now() - Date.parse(started_at ?? '');
      const said = await page.locator('pipescope-header .number').first().innerText();
      assert.ok(Math.abs(ms(said) - runs) < SLACK_MS, said);
      const bar = await timeline.getByRole('option').first().getAttribute('aria-label');
      assert.match(bar ?? '', /(19|20|21)m \d\ds/);

      const overview = page.getByRole('region', { name: 'Overview', exact: true });
      const silent = await overview.getByText(/^no sign of life for /).innerText();
      const { last_seen_at } = await getJson<JobRecord>(service, '/api/v1/jobs/silent');
      const silence = Date.now() - Date.parse(last_seen_at);
      assert.ok(Math.abs(ms(silent.replace(' min', 'm')) - silence) < MINUTE, silent);

      await page.getByRole('button', { name: /^Job: / }).click();
      await page.getByText(/ · 1[0-2] min ago · ended/).waitFor();
      await page.keyboard.press('Escape');

      await page.getByRole('button', { name: /^Time range/ }).click();
      await page.getByRole('option', { name: 'Last 5 min', exact: true }).click();
      await timeline.locator('.axis text').filter({ hasText: '17m' }).first().waitFor();
      const times = await timeline.locator('.axis text').allTextContents();
      for (const time of times) assert.ok(ms(time) >= 14 * MINUTE && ms(time) < 23 * MINUTE, time);
    });
});
