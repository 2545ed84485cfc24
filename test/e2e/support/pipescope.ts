import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { RegionName } from '../../../webview/regionNames.ts';
import { until } from '../../src/wire/until.ts';
import type { Session } from '../../support/vscode/session.ts';
import {
  quickInput,
  runCommand,
  statusBar,
  webview,
  type StatusItem,
} from '../../support/vscode/ui/index.ts';

/** The regions of the dashboard in reading order, where no worker, request, model or cache was reported. */
export const REGIONS: readonly RegionName[] = [
  ...(['Overview', 'Pipeline flow', 'Timeline', 'Phases', 'Resources', 'Performance'] as const),
  ...(['Bottlenecks', 'Alerts', 'History', 'Compare'] as const),
];

export interface StatusWanted {
  text: RegExp;
  /** What a screen reader says. */
  name?: RegExp;
  kind?: StatusItem['kind'];
}

/** Waits until the product's own item in the status bar is as wanted. */
export function statusReads(page: Page, { text, name, kind }: StatusWanted): Promise<StatusItem> {
  let seen = 'no item';
  const check = async (): Promise<StatusItem | false> => {
    const items = await statusBar.read(page);
    const item = items.find(({ id }) => id.endsWith('pipescope.status'));
    if (!item) return false;
    seen = JSON.stringify(item);
    const said = text.test(item.text) && (name ?? /^/).test(item.name);
    return said && (kind ?? item.kind) === item.kind && item;
  };
  return until(`${text} in the status bar`, check, 20_000).catch((error: Error) => {
    throw new Error(`${error.message}; it shows ${seen}`);
  });
}

/** The dashboard in front. */
export function dashboard(page: Page): FrameLocator {
  return webview(page);
}

export function region(page: Page, name: string): Locator {
  return dashboard(page).getByRole('region', { name, exact: true });
}

/** Scrolls a region into view: its code and its data come only then. */
export async function bringUp(page: Page, name: RegionName | `widget:${string}`): Promise<Locator> {
  const frame = dashboard(page).locator(`[data-region="${name}"]`);
  await frame.waitFor({ state: 'attached' });
  await frame.evaluate((one) => one.scrollIntoView());
  await frame.getByRole('region').first().waitFor();
  return frame;
}

export async function runDemo(
  page: Page,
  choice: 'Run to the end' | 'Let phase P06 fail',
): Promise<void> {
  await runCommand(page, 'Pipescope: Run Demo Pipeline');
  await quickInput.rows(page).filter({ hasText: choice }).first().waitFor();
  await quickInput.pick(page, choice);
}

/** What a page has to complain about, or its policy about it. */
export function complaints({ log }: Session): string[] {
  return log.filter(
    (line) =>
      /Content Security Policy/.test(line) ||
      /^pageerror|^(error|warning) .*\(https:\/\/[^/]*vscode-resource[^)]*\)$/.test(line),
  );
}
