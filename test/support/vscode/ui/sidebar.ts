import type { Locator, Page } from 'playwright-core';

const startsWith = (name: string): string => `[aria-label^="${name}"]`;

const containerTab = (page: Page, name: string): Locator =>
  page.locator(`.part.activitybar .action-item:has(.action-label${startsWith(name)})`).first();

/** Opens a view container by its name in the activity bar. */
export async function openContainer(page: Page, name: string): Promise<void> {
  const tab = containerTab(page, name);
  await tab.waitFor();
  // The item and not its label: a badge covers the label.
  if (!(await tab.getAttribute('class'))?.includes('checked')) await tab.click();
  const title = page.locator('.part.sidebar .composite.title, .part.sidebar .title-label');
  await title
    .filter({ hasText: new RegExp(name, 'i') })
    .first()
    .waitFor();
}

/** Text of a container's badge; null when it has none. */
export async function activityBadge(page: Page, name: string): Promise<string | null> {
  // A badge that is gone stays in the document, hidden, with its last number.
  const badge = containerTab(page, name).locator('.badge-content').first();
  return (await badge.isVisible()) ? badge.textContent() : null;
}

/** A button in the title of the side bar or of a view. */
export function viewAction(page: Page, title: string): Locator {
  const labels = ['.title-actions', '.pane-header'].map(
    (place) => `.part.sidebar ${place} .action-label${startsWith(title)}`,
  );
  return page.locator(labels.join(', ')).first();
}

/** One row of a tree as a person sees it. */
export interface TreeRow {
  label: string;
  description: string;
  /** 1 for the roots. */
  level: number;
  expanded: boolean | null;
  /** What a screen reader says. */
  name: string;
  /** File decoration. */
  badge: string;
}

const name = '.monaco-icon-name-container';
/** 1.139 shows the suffix of a file's name in an element of its own. */
const suffix = '.monaco-icon-suffix-container';

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`);
}

/** Tree views of the side bar. `view` is the title of one of them; without it the whole side bar is meant. */
export const tree = {
  rows(page: Page, view?: string): Locator {
    const header = page.locator('.pane-header', { hasText: view ?? '' });
    const place = view ? page.locator('.pane', { has: header }) : page.locator('.part.sidebar');
    return place.locator('.monaco-list-row[role="treeitem"]');
  },

  row(page: Page, label: string, view?: string): Locator {
    const named = (text: string): Locator => page.locator(name).filter({ hasText: exactly(text) });
    const ending = /\.\w+$/.exec(label)?.[0] ?? '';
    const split = page
      .locator('.monaco-icon-label-container')
      .filter({ has: named(label.slice(0, label.length - ending.length)) })
      .filter({ has: page.locator(suffix).filter({ hasText: exactly(ending) }) });
    const either = named(label).or(split);
    return tree.rows(page, view).filter({ has: either }).first();
  },

  /** The rows on screen, from top to bottom. */
  read(page: Page, view?: string): Promise<TreeRow[]> {
    return tree.rows(page, view).evaluateAll(
      (rows, [name, suffix]) =>
        rows.map((row) => {
          const text = (selector: string): string => row.querySelector(selector)?.textContent ?? '';
          const icon = row.querySelector('.monaco-icon-label');
          // A file decoration is drawn as generated content behind the label.
          const badge = icon ? getComputedStyle(icon, '::after').content : '';
          const expanded = row.getAttribute('aria-expanded');
          return {
            label: text(name) + text(suffix),
            description: text('.label-description'),
            level: Number(row.getAttribute('aria-level')),
            expanded: expanded === null ? null : expanded === 'true',
            name: row.getAttribute('aria-label') ?? '',
            badge: /^(none|normal)$/.test(badge) ? '' : badge.replace(/^"|"$/g, ''),
          };
        }),
      [name, suffix] as const,
    );
  },

  async expand(page: Page, label: string, view?: string): Promise<void> {
    const row = tree.row(page, label, view);
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === 'false') {
      await row.locator('.monaco-tl-twistie').click();
    }
    await row.and(page.locator('[aria-expanded="true"]')).waitFor();
  },

  /** Clicks a button that a row shows under the pointer. */
  async inlineAction(page: Page, label: string, action: string): Promise<void> {
    const row = tree.row(page, label);
    await row.hover();
    await row.locator(`.actions .action-label${startsWith(action)}`).click();
  },

  /** Clicks an entry of a row's context menu. */
  async contextAction(page: Page, label: string, action: string): Promise<void> {
    await tree.row(page, label).click({ button: 'right' });
    const item = page.locator('.monaco-menu .action-item', { hasText: action }).first();
    await item.waitFor();
    // A menu ignores the mouse for a moment after it has opened, and shows no sign of it.
    await page.waitForTimeout(250);
    await item.click();
  },
};
