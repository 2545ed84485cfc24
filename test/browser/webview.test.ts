import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import type { HostMessage, HostRequest, ServiceFrame } from '../../service/protocol/frame.ts';
import { dashboardFrame, emptyFrame, FAILED_JOB, RUNNING_JOB } from '../fixtures/frames.ts';
import { call, useSharedService } from '../support/service.ts';
import { needsChromium } from '../support/skip.ts';
import { Pages } from './support/pages.ts';

interface Window_ {
  posted: { type: string; topics?: string[] }[];
  state: unknown;
}

/** What VS Code gives a webview; the test is the extension at the other end. */
const API = `window.posted = []; window.acquireVsCodeApi = () => ({
  postMessage: (message) => window.posted.push(message),
  getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null'),
  setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
});`;

describe('the dashboard in a webview', () => {
  needsChromium();
  const pages = new Pages();
  before(() => pages.start());
  after(() => pages.stop());
  beforeEach(() => pages.reset());
  afterEach(async () => {
    await pages.close();
    assert.deepEqual(pages.complaints, [], 'the page complained');
  });

  async function open(): Promise<Page> {
    const page = await pages.blank();
    await page.addInitScript(API);
    await page.goto(pages.server.webviewUrl);
    await page.locator('pipescope-dashboard').waitFor();
    return page;
  }
  const say = (page: Page, message: ServiceFrame | HostMessage): Promise<void> =>
    page.evaluate((data) => window.postMessage(data, '*'), message as unknown);
  const posted = (page: Page) => page.evaluate(() => (window as unknown as Window_).posted);
  const connected: HostMessage = { type: 'connection', state: 'connected', since: 1 };

  it('says hello once, though the line breaks and comes back, and opens no line of its own', async () => {
    const page = await open();
    for (const state of ['connecting', 'connected', 'connecting', 'connected'] as const)
      await say(page, { type: 'connection', state, since: 1 });
    await say(page, dashboardFrame(Date.now()));
    await page.waitForTimeout(300);
    const types = new Set((await posted(page)).map(({ type }) => type));
    const hellos = (await posted(page)).filter(({ type }) => type === 'hello');
    assert.equal(hellos.length, 1);
    // Its topics as commands, its questions as GETs for the window to ask.
    for (const type of types) assert.ok(['hello', 'command', 'get', 'get_cancel'].includes(type));
    assert.equal(pages.server.hellos.length, 0);
  });

  it('asks the window to open an error, to export, and to run the demo', async () => {
    const page = await open();
    await say(page, connected);
    await say(page, emptyFrame({ reset: true }));
    await page.getByRole('button', { name: 'Run the demo pipeline' }).click();
    await say(page, { type: 'show_job', job_id: FAILED_JOB, phase_id: 'P06' });
    await say(page, { ...dashboardFrame(Date.now()), seq: 1e9 });
    await page.getByRole('button', { name: 'Open error of P06 Clustering' }).click();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('menuitem', { name: /^Export as JSON/ }).click();
    const requests = (await posted(page)).filter(({ type }) => type === 'host');
    const expected: HostRequest[] = [
      { type: 'host', action: 'run_demo' },
      { type: 'host', action: 'open_error', job_id: FAILED_JOB, phase_id: 'P06' },
      { type: 'host', action: 'export_job', job_id: FAILED_JOB, format: 'json' },
    ];
    assert.deepEqual(requests, expected);
  });

  it('offers to start the service when it is off', async () => {
    const page = await open();
    await say(page, { type: 'connection', state: 'disconnected', since: Date.now() });
    await page.getByRole('button', { name: 'Start the service' }).click();
    assert.deepEqual((await posted(page)).at(-1), { type: 'host', action: 'start_service' });
  });

  it('keeps what was known while the line is down, and what was picked over a reload', async () => {
    const page = await open();
    await say(page, connected);
    await say(page, { type: 'show_job', job_id: RUNNING_JOB });
    await say(page, dashboardFrame(Date.now()));
    await say(page, { type: 'connection', state: 'connecting', since: Date.now() });
    await page.getByText(/^Not connected since/).waitFor();
    await page.getByText('5 of 10 phases done').waitFor();
    await page.reload();
    const [hello] = await posted(page);
    assert.deepEqual(hello?.topics, ['jobs', 'alerts', `job:${RUNNING_JOB}`]);
  });

  describe('whose window has a service', () => {
    const service = useSharedService();
    const told: Record<string, unknown>[] = [];
    beforeEach(() => told.splice(0));

    /** The test is the window: it asks the service in the name of the page. */
    async function relayed(): Promise<[Locator, Page]> {
      const page = await pages.blank();
      await page.addInitScript(API);
      await page.exposeFunction('relay', async (message: Record<string, unknown>) => {
        told.push(message);
        const { type, ref, command, channel } = message;
        if (type === 'get') return { type: 'got', ref, ...(await asked(String(message['path']))) };
        if (command !== 'channel.set') return { type: 'result', ref, ok: true, seq: 1 };
        const answer = await call(service(), '/api/v1/channels', {
          ...{ method: 'POST', body: JSON.stringify(channel) },
          headers: { 'content-type': 'application/json' },
        });
        return {
          type: 'result',
          ref,
          seq: 1,
          ok: answer.ok,
          body: (await answer.json()) as unknown,
        };
      });
      await page.addInitScript(`window.acquireVsCodeApi = ((api) => () => ({ ...api(),
        postMessage: (message) => relay(message).then((answer) => postMessage(answer, '*')) }))(window.acquireVsCodeApi);`);
      await page.goto(pages.server.webviewUrl);
      await page.locator('pipescope-dashboard').waitFor();
      await say(page, connected);
      await say(page, dashboardFrame(Date.now()));
      return [page.getByRole('region', { name: 'Alerts', exact: true }), page];
    }
    const asked = async (path: string): Promise<object> => {
      const answer = await call(service(), path);
      return answer.ok
        ? { ok: true, body: (await answer.json()) as unknown }
        : { ok: false, code: 'NOT_FOUND', message: 'None.' };
    };

    it('opens the tab and the rule that the window leads to', async () => {
      const [region, page] = await relayed();
      await say(page, { type: 'show_alerts', tab: 'rules', rule_id: 'slow_phase' });
      await region.getByRole('heading', { name: 'Slow phase' }).waitFor();
      const tab = region.getByRole('tab', { name: 'Rules' });
      assert.equal(await tab.getAttribute('aria-selected'), 'true');
      assert.equal(await region.getByLabel('Longer than', { exact: true }).inputValue(), '10');
      await say(page, { type: 'show_alerts', tab: 'outbox' });
      await region.getByText('Nothing was sent.').waitFor();
    });

    it('hands secrets to the window, which keeps them, and not to the service', async () => {
      const [region, page] = await relayed();
      await say(page, { type: 'show_alerts', tab: 'channels' });
      await region.getByRole('button', { name: 'New Channel' }).click();
      await region.getByLabel('Kind', { exact: true }).selectOption('slack');
      const address = 'https://hooks.slack.com/services/T0/B0/x';
      await region.getByLabel('Webhook address', { exact: true }).fill(address);
      await region.getByRole('button', { name: 'Save' }).click();
      await region.locator('[data-id="slack"]').waitFor();
      const saved = told.filter(({ action }) => action === 'save_secrets');
      assert.deepEqual(saved, [
        {
          ...{ type: 'host', action: 'save_secrets', channel_id: 'slack' },
          secrets: { url: address },
        },
      ]);
      const command = told.find((one) => one['command'] === 'channel.set');
      assert.ok(command !== undefined && !JSON.stringify(command).includes(address));
    });
  });
});
