import type { Locator, Page } from 'playwright-core';

export interface StatusItem {
  /** `publisher.name.itemId` */
  id: string;
  text: string;
  /** Text and tooltip, as a screen reader says them. */
  name: string;
  /** Background colour. High contrast themes do not paint it. */
  kind: 'error' | 'warning' | 'plain';
}

export const statusBar = {
  item: (page: Page, text: string | RegExp): Locator =>
    page.locator('.part.statusbar .statusbar-item').filter({ hasText: text }).first(),

  read: (page: Page): Promise<StatusItem[]> =>
    page.locator('.part.statusbar .statusbar-item').evaluateAll((items) =>
      items.map((item) => ({
        id: item.id,
        text: item.textContent?.trim() ?? '',
        name:
          item.getAttribute('aria-label') ??
          item.querySelector('[aria-label]')?.getAttribute('aria-label') ??
          '',
        kind: item.classList.contains('error-kind')
          ? 'error'
          : item.classList.contains('warning-kind')
            ? 'warning'
            : 'plain',
      })),
    ),
};
