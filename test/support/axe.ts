import type { AxeResults, RunOptions } from 'axe-core';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Frame, Page } from 'playwright-core';

const source = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const rules: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
};

/**
 * What axe finds against WCAG 2.2 A and AA and good practice: one text for each rule and element. `path` leads through
 * shadow roots to the element that is looked at; all of the page without it.
 */
export async function axeViolations(
  page: Page | Frame,
  path?: readonly string[],
): Promise<string[]> {
  const there = await page.evaluate('typeof axe');
  if (there === 'undefined') await page.evaluate(`${source};0`);
  const where = path ? JSON.stringify({ include: [{ fromShadowDom: path }] }) : 'document';
  const results = await page.evaluate<AxeResults>(`axe.run(${where}, ${JSON.stringify(rules)})`);
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`,
    ),
  );
}
