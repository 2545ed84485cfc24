import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { until } from '../src/wire/until.ts';
import { needsVscode } from '../support/skip.ts';
import { findService, readRest } from '../support/vscode/service.ts';
import { openSession, type Session } from '../support/vscode/session.ts';
import { notifications, openContainer, runCommand, tree } from '../support/vscode/ui/index.ts';
import { statusReads } from './support/pipescope.ts';
import { failedJob, progressEvent, runningJob } from './support/reports.ts';

const LIMIT = 20_000;
/** Failures are gathered for 2 s before they are told. */
const TOLD_MS = 3000;

describe('one service behind windows that come and go', function () {
  needsVscode();
  this.timeout(60_000);
  let session: Session;
  before(async () => {
    session = await openSession();
    await openContainer(session.page, 'Pipescope');
    await session.postEvents(runningJob('nightly-9', 'nightly'));
    await tree.row(session.page, 'nightly', 'Jobs').waitFor();
  });
  after(() => session?.close());

  const pid = () => findService(session.dataFolder)?.pid;
  const anotherService = async (than: number | undefined) => {
    await until('another process', () => pid() !== undefined && pid() !== than, LIMIT);
    return session.service();
  };
  /** Posts progress and waits until the window shows it: it is connected and live. */
  const isLive = async (page: Page, percent: number) => {
    await session.postEvents([progressEvent('nightly-9', percent / 100)]);
    await statusReads(page, { text: new RegExp(`1 running ${percent} %(,|$)`) });
  };
  const failuresTold = async (page: Page) =>
    (await notifications.texts(page)).filter((text) => /failed/.test(text));

  it('is live again after the extension host was killed', async () => {
    const { generation, pid: host } = session.host;
    const service = pid();
    assert.ok(host);
    process.kill(host, 'SIGKILL');
    await session.host.connected(generation);
    await isLive(session.page, 43);
    await tree.row(session.page, 'nightly', 'Jobs').waitFor();
    assert.equal(pid(), service);
  });

  it('starts the service anew by "Restart Service", with its jobs', async () => {
    const before = pid();
    await runCommand(session.page, 'Pipescope: Restart Service');
    await anotherService(before);
    await tree.row(session.page, 'nightly', 'Jobs').waitFor();
    await isLive(session.page, 44);
  });

  it('asks before it stops the service while a job runs', async () => {
    await runCommand(session.page, 'Pipescope: Stop Service');
    const dialog = session.page.locator('.monaco-dialog-box');
    await dialog.getByText('Stop the Pipescope service for all windows?').waitFor();
    await dialog.getByText(/^1 job is running\./).waitFor();
    await dialog.locator('.monaco-button', { hasText: 'Stop Service' }).click();
    await statusReads(session.page, { text: /^Pipescope off$/ });
    assert.equal(pid(), undefined);
    await runCommand(session.page, 'Pipescope: Start Service');
    await isLive(session.page, 45);
  });

  it('brings back a service that was killed, for all windows one and the same', async () => {
    const second = await session.openWindow();
    await statusReads(second, { text: /^1 running 45 %(,|$)/ });
    const before = (await session.service()).pid;
    process.kill(before, 'SIGKILL');
    await anotherService(before);
    for (const page of [session.page, second])
      await statusReads(page, { text: /1 running 45 %(,|$)/ });
    await isLive(session.page, 46);
    await statusReads(second, { text: /1 running 46 %(,|$)/ });
    const after = await session.service();
    await session.page.waitForTimeout(1000);
    assert.equal(pid(), after.pid, 'no second service');
    const jobs = JSON.parse((await readRest(session.dataFolder, '/api/v1/jobs')).toString()) as {
      total: number;
    };
    assert.equal(jobs.total, 1);
    await second.close();
  });

  it('tells of a failure once, a reload of the window included', async () => {
    await session.postEvents(failedJob('orders-7', 'orders'));
    await notifications.toast(session.page, 'Phase P00 Check of orders failed').waitFor();
    assert.equal((await failuresTold(session.page)).length, 1);
    await session.reload();
    await statusReads(session.page, { text: /^1 failed/, kind: 'error' });
    await session.page.waitForTimeout(TOLD_MS);
    assert.deepEqual(await failuresTold(session.page), []);
  });

  it('tells of what failed while the window was away, and of nothing before it', async () => {
    await session.page.goto('about:blank');
    await session.postEvents(
      failedJob('invoices-3', 'invoices').map((event) => ({ ...event, time: undefined })),
    );
    const page = await session.openWindow();
    await notifications.toast(page, 'Phase P00 Check of invoices failed').waitFor();
    assert.equal((await failuresTold(page)).length, 1);
    await statusReads(page, { text: /^2 failed/, kind: 'error' });
  });
});
