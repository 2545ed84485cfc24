import type { Locator, Page } from 'playwright-core';

export const notifications = {
  toast: (page: Page, text: string | RegExp): Locator =>
    page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text }).first(),

  /** Messages of the toasts on screen. */
  texts: (page: Page): Promise<string[]> =>
    page.locator('.notifications-toasts .notification-list-item-message').allTextContents(),

  /** Clicks a button of the toast with this message. */
  async click(page: Page, text: string | RegExp, button: string): Promise<void> {
    const toast = notifications.toast(page, text);
    await toast.waitFor();
    await toast.locator('.monaco-button', { hasText: button }).first().click();
  },

  /** Opens the notification centre, where toasts go when their time is over; the entry with this message. */
  async inCenter(page: Page, text: string | RegExp): Promise<Locator> {
    const center = page.locator('.notifications-center.visible');
    if ((await center.count()) === 0) await page.locator('#status\\.notifications').click();
    return center.locator('.notification-list-item').filter({ hasText: text }).first();
  },
};
