import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** What has the focus, inside of all shadow roots. */
export interface Focused {
  id: string;
  /** As a screen reader calls it. */
  name: string;
  /** Pixels from the top of all that scrolls around it. */
  top: number;
  bottom: number;
  /** The region of the dashboard that it stands in; empty outside of all. */
  region: string;
}

/** Waits until an element has the focus, by its id or by its name: a key that is pressed before goes to another one. */
export async function focusIs(page: Page, wanted: string | RegExp): Promise<void> {
  const found = ({ id, name }: Focused): boolean =>
    typeof wanted === 'string' ? id === wanted : wanted.test(name);
  for (let tries = 0; tries < 100; tries++) {
    if (found(await focused(page))) return;
    await page.waitForTimeout(50);
  }
  const { id, name } = await focused(page);
  assert.fail(`The focus is not on ${wanted} but on "${name}" (${id})`);
}

export function focused(page: Page): Promise<Focused> {
  return page.evaluate(() => {
    let element: Element | null = document.activeElement;
    let region = '';
    while (element) {
      region ||= element.closest('[data-region]')?.getAttribute('data-region') ?? '';
      const inner: Element | null | undefined = element.shadowRoot?.activeElement;
      // A control of the toolkit has its name, and its real control inside.
      if (!inner || element.localName.startsWith('vscode-')) break;
      element = inner;
    }
    const { top = 0, bottom = 0 } = element?.getBoundingClientRect() ?? {};
    const labels = (element as HTMLInputElement | null)?.labels;
    const texts = [
      element?.getAttribute('aria-label'),
      labels?.[0]?.textContent,
      element?.localName === 'body' ? '' : element?.textContent,
    ];
    const text = texts.find((one) => one !== null && one !== undefined && one.trim() !== '');
    let scrolled = 0;
    for (let one: Node | null | undefined = element; one;) {
      scrolled += one instanceof Element ? one.scrollTop : 0;
      one = one instanceof ShadowRoot ? one.host : one.parentNode;
    }
    const name = (text ?? '').replace(/\s+/g, ' ').trim();
    return { id: element?.id ?? '', name, top: top + scrolled, bottom: bottom + scrolled, region };
  });
}
