import type { Locator, Page } from 'playwright-core';

const widget = '.quick-input-widget';

/** The box that drops from the top: command palette, quick picks, input boxes, file dialogs. */
export const quickInput = {
  input: (page: Page): Locator => page.locator(`${widget} .quick-input-box input`),

  rows: (page: Page): Locator => page.locator(`${widget} .quick-input-list .monaco-list-row`),

  /** Texts of the choices on screen, without the second line that some have. */
  labels: (page: Page): Promise<string[]> =>
    page
      .locator(`${widget} .quick-input-list .quick-input-list-row:first-child .label-name`)
      .allTextContents(),

  pick: (page: Page, text: string): Promise<void> =>
    quickInput.rows(page).filter({ hasText: text }).first().click(),

  /** The prompt or the validation error below the input. */
  message: (page: Page): Locator => page.locator(`${widget} .quick-input-message`),

  async answer(page: Page, text: string): Promise<void> {
    await quickInput.input(page).fill(text);
    await quickInput.input(page).press('Enter');
  },
};

/** Runs a command through the palette, by its title with its category: `Pipescope: Open Dashboard`. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await openPalette(page, `>${title}`);
  const row = quickInput.rows(page).filter({ hasText: title }).first();
  await row.waitFor({ timeout: 10_000 });
  await row.click();
}

/** An open menu or dialog eats the first F1, and the palette of the command before may just be closing. */
async function openPalette(page: Page, text: string): Promise<void> {
  const input = quickInput.input(page);
  for (let tries = 0; tries < 5; tries++) {
    await page.keyboard.press('F1');
    const typed = await input.fill(text, { timeout: 1_500 }).then(
      () => true,
      () => false,
    );
    if (typed && (await input.isVisible())) return;
    await page.keyboard.press('Escape');
  }
  throw new Error('The command palette did not open');
}

/** Answers an open or save dialog with an absolute path. */
export async function answerFileDialog(page: Page, path: string): Promise<void> {
  const ok = page.locator(`${widget} .quick-input-action .monaco-button`).first();
  await ok.waitFor();
  // The dialog fills in its default path late and would overwrite ours; nothing on screen says when it has.
  await page.waitForTimeout(400);
  await quickInput.input(page).fill(path);
  for (let tries = 0; tries < 10 && (await ok.isVisible()); tries++) {
    await ok.click({ timeout: 1_000 }).catch(() => undefined);
    await page.waitForTimeout(300);
  }
}
