import type { FrameLocator, Locator, Page } from 'playwright-core';

/** Content of the n-th visible webview, whether editor, panel or view. */
export function webview(page: Page, n = 0): FrameLocator {
  return page
    .frameLocator(`iframe.webview.ready >> visible=true >> nth=${n}`)
    .frameLocator('#active-frame');
}

/** Opens the Problems panel; its rows, files and problems alike. */
export async function openProblems(page: Page): Promise<Locator> {
  const panel = page.locator('.markers-panel').first();
  // The keys close an open panel.
  if (!(await panel.isVisible())) await page.keyboard.press('Control+Shift+M');
  await panel.waitFor();
  return page.locator('.markers-panel .monaco-list-row');
}

/** Title of the editor in front, such as `report.py`; null when none is open. */
export async function activeEditor(page: Page): Promise<string | null> {
  const tab = page.locator('.part.editor .tab.active').first();
  if ((await tab.count()) === 0) return null;
  // 1.139 shows the suffix of a file's name in an element of its own.
  const parts = tab.locator('.monaco-icon-name-container, .monaco-icon-suffix-container');
  return (await parts.allTextContents()).join('');
}

/** The lines of the text editor in front that are on screen. */
export function editorLines(page: Page): Promise<string[]> {
  return page.locator('.part.editor .monaco-editor .view-line').allTextContents();
}

/** Line and column of the cursor, from the status bar: `Ln 4, Col 7`. */
export async function cursorPosition(page: Page): Promise<{ line: number; column: number }> {
  const item = page.locator('#status\\.editor\\.selection');
  await item.waitFor();
  const [, line, column] = /Ln (\d+), Col (\d+)/.exec((await item.textContent()) ?? '') ?? [];
  return { line: Number(line), column: Number(column) };
}
