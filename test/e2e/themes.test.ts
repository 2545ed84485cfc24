import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import { until } from '../src/wire/until.ts';
import { axeViolations } from '../support/axe.ts';
import { needsVscode } from '../support/skip.ts';
import { openSession, type Session } from '../support/vscode/session.ts';
import { themes, type ThemeName } from '../support/vscode/settings.ts';
import { openContainer, tree } from '../support/vscode/ui/index.ts';
import { bringUp, dashboard } from './support/pipescope.ts';
import { failedJob, runningJob } from './support/reports.ts';

describe('the dashboard in the themes of VS Code', function () {
  needsVscode();
  this.timeout(60_000);
  let session: Session;
  let frame: Frame;
  before(async () => {
    session = await openSession();
    await openContainer(session.page, 'Pipescope');
    await session.postEvents([
      ...failedJob('orders-7', 'orders'),
      ...runningJob('nightly-9', 'nightly'),
    ]);
    await tree.inlineAction(session.page, 'nightly', 'Show Job in Dashboard');
    const phases = await bringUp(session.page, 'Phases');
    await phases.getByRole('button', { name: 'P01 Transform' }).waitFor();
    frame = await dashboardFrame(session);
  });
  after(() => session?.close());

  it('has nothing that axe complains about while a job runs, the picker open', async () => {
    assert.deepEqual(await axeViolations(frame), []);
    await dashboard(session.page)
      .getByRole('button', { name: /Choose another job/ })
      .click();
    assert.deepEqual(await axeViolations(frame), []);
  });

  it('shows a failed job with its error', async () => {
    await dashboard(session.page)
      .getByRole('option', { name: /orders failed/ })
      .click();
    const phases = await bringUp(session.page, 'Phases');
    await phases.getByRole('button', { name: /^P00 Check/ }).click();
    await phases.getByText('No row has a price').nth(1).waitFor();
  });

  for (const name of Object.keys(themes) as ThemeName[]) {
    it(`stands on the ground of ${themes[name].id}, with nothing that axe complains about`, async () => {
      await session.setTheme(name);
      const body = frame.locator('body');
      await until('the theme', async () =>
        (await body.getAttribute('class'))?.split(' ').includes(themes[name].webview),
      );
      const editor = session.page.locator('.part.editor > .content');
      assert.equal(await ground(body), await ground(editor));
      assert.deepEqual(await axeViolations(frame), []);
    });
  }
});

async function dashboardFrame({ page }: Session): Promise<Frame> {
  for (const frame of page.frames())
    if ((await frame.locator('pipescope-dashboard').count()) > 0) return frame;
  throw new Error('No frame of the window holds the dashboard');
}

function ground(element: Locator): Promise<string> {
  return element.evaluate((one) => getComputedStyle(one).backgroundColor);
}
