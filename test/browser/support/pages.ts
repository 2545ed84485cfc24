import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { dashboardFrame } from '../../fixtures/frames.ts';
import { launchChromium } from '../../support/chromium.ts';
import { DashboardServer, TOKEN } from './dashboardServer.ts';

/** One browser for all tests of this process: each page has a context of its own, with nothing kept from others. */
let browser: Browser | undefined;
after(() => browser?.close());

/** A server and pages for the tests of one `describe`; every page reports what it complained about. */
export class Pages {
  server!: DashboardServer;
  /** Errors, warnings and policy violations of all pages of this test. */
  complaints: string[] = [];
  #open: Page[] = [];

  async start(): Promise<void> {
    // A browser that has crashed fails its test only.
    if (!browser?.isConnected()) browser = await launchChromium();
  }

  async stop(): Promise<void> {
    await this.#closeAll();
  }

  /** A fresh server with the records of the fixture, for one test. */
  async reset(): Promise<void> {
    this.complaints = [];
    this.server = await new DashboardServer(() => dashboardFrame(Date.now())).start();
    this.server.topic = () => ({ ...dashboardFrame(Date.now()), reset: false });
  }

  async close(): Promise<void> {
    await this.#closeAll();
    await this.server.stop();
  }

  async #closeAll(): Promise<void> {
    for (const page of this.#open.splice(0)) await page.context().close();
  }

  async blank(options: BrowserContextOptions = {}): Promise<Page> {
    const viewport = { width: 1280, height: 900 };
    if (browser === undefined) throw new Error('The browser is started before the tests.');
    const context = await browser.newContext({
      viewport,
      reducedMotion: 'reduce',
      ...options,
    });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    this.#open.push(page);
    return page;
  }

  /** The dashboard in a browser, connected, with the phases of the running job on the screen. */
  async dashboard(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.blank(options);
    await page.goto(`${this.server.url}#token=${TOKEN}`);
    await page.getByRole('region', { name: 'Timeline' }).getByRole('option').first().waitFor();
    return page;
  }
}
