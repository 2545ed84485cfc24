import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { makeTempDir, removeTempDir } from '../tempDir.ts';
import { makeDemoWorkspace } from '../vscode/demoWorkspace.ts';
import { openSession, type Session } from '../vscode/session.ts';
import type { ThemeName } from '../vscode/settings.ts';
import {
  notifications,
  openContainer,
  openProblems,
  runCommand,
  screenshot,
  tree,
} from '../vscode/ui/index.ts';
import { bringUp, dashboard, runDemo } from '../../e2e/support/pipescope.ts';

const WIDE = { width: 1400, height: 900 };
const THEMES: ThemeName[] = ['dark', 'light', 'highContrast'];
/** Long enough to be seen running, in seconds. */
const DEMO_SECONDS = '45';

/** The installed extension in VS Code: the demo pipeline running and failed, in three themes, wide and beside an editor. */
export async function workbenchPictures(folder: string): Promise<void> {
  const parent = makeTempDir('screenshots');
  const config = join(parent, 'config.json');
  // How busy this machine is with taking them is no part of the pictures.
  writeFileSync(config, JSON.stringify({ sampling: { host_interval_ms: 0 } }));
  const session = await openSession({
    folder: makeDemoWorkspace(parent),
    env: { PIPESCOPE_DEMO_SECONDS: DEMO_SECONDS, PIPESCOPE_CONFIG: config },
    viewport: WIDE,
  });
  try {
    await openContainer(session.page, 'Pipescope');
    await session.service();
    await dragEdge(session.page, '.part.sidebar', 'right', 90);
    await runningPictures(session, folder);
    await failedPictures(session, folder);
  } finally {
    await session.close();
    removeTempDir(parent);
  }
}

async function runningPictures(session: Session, folder: string): Promise<void> {
  const { page } = session;
  await runDemo(page, 'Run to the end');
  await runCommand(page, 'Pipescope: Open Dashboard');
  const phases = await bringUp(page, 'Phases');
  await phases.getByRole('button', { name: 'P05 Near-duplicate detection' }).waitFor();
  await bringUp(page, 'Overview');
  await page.waitForTimeout(6000);
  await inThemes(session, folder, 'running');
  await tree
    .rows(page, 'Jobs')
    .filter({ hasText: 'completed' })
    .first()
    .waitFor({ timeout: 60_000 });
  await inThemes(session, folder, 'completed', ['dark']);
}

async function failedPictures(session: Session, folder: string): Promise<void> {
  const { page } = session;
  await runDemo(page, 'Let phase P06 fail');
  await notifications.toast(page, 'Phase P06 Clustering').waitFor({ timeout: 60_000 });
  await tree.expand(page, 'P03 Tokenising', 'Jobs');
  await inThemes(session, folder, 'notification', ['light']);
  await page.locator('.notifications-toasts .codicon-notifications-clear').first().click();
  await openProblems(page);
  await dragEdge(page, '.part.panel', 'top', 150);
  await inThemes(session, folder, 'failed');
  await runCommand(page, 'View: Toggle Panel Visibility');
  await tree.inlineAction(page, 'P06 Clustering', 'Open Error');
  await page.locator('.part.editor .squiggly-error').first().waitFor();
  await runCommand(page, 'View: Move Editor into Left Group');
  await runCommand(page, 'Notifications: Clear All Notifications');
  await inThemes(session, folder, 'beside');
}

/** Moves the edge of a part of the workbench to the right or down, as far as it goes. */
async function dragEdge(
  page: Page,
  part: string,
  edge: 'right' | 'top',
  by: number,
): Promise<void> {
  const box = await page.locator(part).boundingBox();
  if (!box) throw new Error(`${part} is not on screen`);
  const from =
    edge === 'right' ? { x: box.x + box.width, y: box.y + 300 } : { x: box.x + 400, y: box.y - 3 };
  const to = edge === 'right' ? { x: from.x + by, y: from.y } : { x: from.x, y: from.y + by };
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 5 });
  await page.mouse.up();
  // Off the edge, which is highlighted under the pointer.
  await page.mouse.move(700, 890);
}

async function inThemes(
  session: Session,
  folder: string,
  what: string,
  names = THEMES,
): Promise<void> {
  for (const theme of names) {
    await session.setTheme(theme);
    await take(session, folder, `${what}-${theme}`);
  }
}

async function take({ page }: Session, folder: string, name: string): Promise<void> {
  await dashboard(page).getByText('Live', { exact: true }).waitFor();
  // Charts follow a new theme with their next frame.
  await page.waitForTimeout(700);
  const file = join(folder, `vscode-${name}.png`);
  await screenshot(page, file);
  console.log(file);
}
