import type { Page } from 'playwright-core';

/** Resolves when the workbench is up. */
export async function workbenchReady(page: Page, timeout = 60_000): Promise<void> {
  await page.waitForSelector('.monaco-workbench .part.statusbar .statusbar-item', { timeout });
}

/** Without animations and caret, so that two pictures of the same state are the same. */
export async function screenshot(page: Page, path: string): Promise<void> {
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
}
