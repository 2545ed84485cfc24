import type { BrowserContextOptions, Page } from 'playwright-core';

/** The themes of VS Code, as a browser asks for them. */
export const THEMES: Record<string, Pick<BrowserContextOptions, 'colorScheme' | 'contrast'>> = {
  light: { colorScheme: 'light', contrast: 'no-preference' },
  dark: { colorScheme: 'dark', contrast: 'no-preference' },
  'dark high contrast': { colorScheme: 'dark', contrast: 'more' },
  'light high contrast': { colorScheme: 'light', contrast: 'more' },
};

/** What a test may take that looks at a page again and again in each theme. */
export const IN_EACH_THEME_MS = 180_000;

/**
 * Puts an open page into each of the four themes, as a person does who changes theirs, and looks at it there. All that was found, each with
 * its theme before it: empty when all is well.
 */
export async function inEachTheme(page: Page, look: () => Promise<string[]>): Promise<string[]> {
  const all: string[] = [];
  for (const [theme, media] of Object.entries(THEMES)) {
    await page.emulateMedia(media);
    // What is drawn by script follows in the next frame.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
    if (dark !== (media.colorScheme === 'dark')) throw new Error(`The page is not in ${theme}.`);
    all.push(...(await look()).map((found) => `${theme}: ${found}`));
  }
  return all;
}
