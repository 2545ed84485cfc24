import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { THEMES } from '../../browser/support/themes.ts';
import { launchChromium } from '../chromium.ts';
import { root } from '../paths.ts';
import { Receiver } from '../receiver.ts';
import { call, getJson, send, startService, type TestService } from '../service.ts';
import { removeTempDir } from '../tempDir.ts';

const WIDTHS = [1400, 760, 320];
const LONG = 'a name that is longer than any line can hold, as people do write them, '
  .repeat(2)
  .slice(0, 128);
const TABS = ['Active', 'Acknowledged', 'History', 'Rules', 'Channels', 'Silences', 'Deliveries'];
const FORMS = [
  ['Rules', 'New Rule'],
  ['Channels', 'New Channel'],
  ['Silences', 'New Silence'],
] as const;

/** The alerts of a real service with their rules, channels, silences and deliveries: each tab and form, in four themes and three widths. */
export async function alertPictures(folder: string): Promise<void> {
  const service = await startService({
    config: { sampling: { host_interval_ms: 0 } },
    dist: process.env['PIPESCOPE_DIST'] ?? join(root, 'dist'),
  });
  const receiver = await Receiver.start((_, response) => response.writeHead(404).end());
  const browser = await launchChromium();
  try {
    await fill(service, receiver);
    for (const theme of Object.keys(THEMES))
      for (const width of WIDTHS) await picturesIn(browser, service, { folder, theme, width });
  } finally {
    await browser.close();
    await receiver.close();
    await service.stop();
    removeTempDir(service.dataDir);
  }
}

async function fill(service: TestService, receiver: Receiver): Promise<void> {
  const put = async (method: string, path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await call(service, path, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  };
  const settings = { url: `http://127.0.0.1:${receiver.port}/hook`, allow_private: true };
  const hook = { kind: 'webhook', min_severity: 'INFO', enabled: true, settings };
  await put('POST', '/api/v1/channels', { ...hook, channel_id: 'on-call', name: 'On call' });
  await put('POST', '/api/v1/channels', {
    ...hook,
    channel_id: 'long',
    name: LONG,
    enabled: false,
  });
  const params = { threshold: 100 };
  const rule = { kind: 'queue_size', severity: 'ERROR', for_ms: 0, enabled: true, params };
  await put('POST', '/api/v1/rules', { ...rule, rule_id: 'queues', name: 'Long queues' });
  await put('POST', '/api/v1/rules', { ...rule, rule_id: 'long', name: LONG, enabled: false });
  const matchers = [{ field: 'rule', op: '=', value: 'nothing-yet' }];
  for (const comment of ['Known until the new disk is there', LONG])
    await put('POST', '/api/v1/silences', { matchers, for_ms: 3_600_000, comment });
  const alert = {
    type: 'alert.raised',
    component: 'host',
    description: 'It will be full in an hour.',
  };
  await send(service, [
    { type: 'job.started', job_id: 'nightly-482', name: 'nightly-report', pipeline: 'nightly' },
    { type: 'phase.started', job_id: 'nightly-482', phase_id: 'P06', name: 'Clustering' },
    {
      type: 'phase.failed',
      job_id: 'nightly-482',
      phase_id: 'P06',
      error: { type: 'ValueError', message: 'No row has a price' },
    },
    { type: 'queue.sampled', queue: 'gpu', pending: 900 },
    { ...alert, severity: 'CRITICAL', title: 'Disk full' },
    { ...alert, severity: 'WARNING', title: LONG, description: LONG, job_id: 'nightly-482' },
    { ...alert, severity: 'INFO', title: 'A worker has joined', component_id: 'gpu-1' },
    { ...alert, severity: 'ERROR', title: 'Seen by somebody', component_id: 'gpu-2' },
  ]);
  const known = await getJson<{ alerts: { alert_id: string; title: string }[] }>(
    service,
    '/api/v1/alerts',
  );
  const seen = known.alerts.find(({ title }) => title === 'Seen by somebody')?.alert_id ?? '';
  await put('POST', `/api/v1/monitoring/alerts/${seen}/acknowledge`, {
    note: 'Ann looks at it',
    for_ms: 3_600_000,
  });
}

async function picturesIn(
  browser: Browser,
  service: TestService,
  { folder, theme, width }: { folder: string; theme: string; width: number },
): Promise<void> {
  const context = await browser.newContext({
    ...{
      ...THEMES[theme],
      viewport: { width, height: 1500 },
      reducedMotion: 'reduce',
      locale: 'en-GB',
    },
  });
  const page = await context.newPage();
  page.on('console', (message) => console.error(`${theme} ${width}: ${message.text()}`));
  page.on('pageerror', (error) => console.error(error));
  await page.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
  const frame = page.locator('[data-region="Alerts"]');
  await frame.evaluate((one) => one.scrollIntoView());
  const region = page.getByRole('region', { name: 'Alerts', exact: true });
  await region.waitFor();
  const shoot = async (what: string): Promise<void> => {
    await settled(region, page);
    await frame.screenshot({
      path: join(folder, `${what}-${theme.replaceAll(' ', '-')}-${width}.png`),
    });
  };
  const tab = (name: string): Promise<void> =>
    region.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  for (const name of TABS) {
    await tab(name);
    await shoot(name.toLowerCase());
  }
  await tab('Active');
  await region.locator('.alert .head').first().click();
  await region
    .getByRole('button', { name: /with a note/ })
    .first()
    .click();
  await region.getByRole('checkbox').first().check();
  await shoot('open');
  await region.getByRole('button', { name: 'Select None' }).click();
  for (const [name, button] of FORMS) {
    await tab(name);
    await region.getByRole('button', { name: button, exact: true }).click();
    await shoot(`form-${name.toLowerCase()}`);
    await region.getByRole('button', { name: 'Save', exact: true }).click();
    await region.locator('[aria-invalid=true]:visible').first().waitFor();
    await shoot(`wrong-${name.toLowerCase()}`);
  }
  await context.close();
}

/** Nothing in it loads any more, and it has been drawn since. */
async function settled(part: Locator, page: Page): Promise<void> {
  const loading = part.locator('.skeleton:visible, [aria-busy="true"]:visible');
  for (let tries = 0; tries < 100 && (await loading.count()) > 0; tries++)
    await page.waitForTimeout(50);
  await page.waitForTimeout(200);
}
