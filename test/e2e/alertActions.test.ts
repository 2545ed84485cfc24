import assert from 'node:assert/strict';
import { until } from '../src/wire/until.ts';
import { answers, Receiver } from '../support/receiver.ts';
import { needsVscode } from '../support/skip.ts';
import { readRest } from '../support/vscode/service.ts';
import { openSession, type Session } from '../support/vscode/session.ts';
import {
  notifications,
  openContainer,
  quickInput,
  runCommand,
  tree,
} from '../support/vscode/ui/index.ts';
import { region, statusReads } from './support/pipescope.ts';

interface Alert {
  title: string;
  active: boolean;
  resolve_reason: string | null;
  acknowledged: boolean;
  acknowledged_at: string | null;
  acknowledged_until: string | null;
}
interface Silence {
  state: string;
  comment: string;
  matchers: { field: string; value: string }[];
  starts_at: string;
  ends_at: string;
}

const LIMIT = 20_000;
const HOUR = 3_600_000;

describe('what can be done with an alert in VS Code', function () {
  needsVscode();
  this.timeout(90_000);
  let session: Session;
  let receiver: Receiver;
  before(async () => {
    receiver = await Receiver.start(answers(204));
    session = await openSession();
    await openContainer(session.page, 'Pipescope');
    await statusReads(session.page, { text: /^Pipescope$/, kind: 'plain' });
    const alert = { type: 'alert.raised', component: 'host', severity: 'ERROR' };
    await session.postEvents(
      ['Disk full', 'Fan loud'].map((title) => ({ ...alert, title, description: 'Look at it.' })),
    );
    const settings = { url: `http://127.0.0.1:${receiver.port}/hook`, allow_private: true };
    await readRest(session.dataFolder, '/api/v1/channels', {
      ...{ channel_id: 'on-call', name: 'On call', kind: 'webhook', enabled: true },
      ...{ min_severity: 'CRITICAL', settings },
    });
    await tree.row(session.page, 'Disk full', 'Alerts').waitFor();
  });
  after(async () => {
    await session?.close();
    await receiver?.close();
  });

  const rest = async <T>(path: string): Promise<T> =>
    JSON.parse((await readRest(session.dataFolder, path)).toString()) as T;
  const alertOf = async (title: string): Promise<Alert | undefined> =>
    (await rest<{ alerts: Alert[] }>('/api/v1/alerts')).alerts.find((one) => one.title === title);
  /** Picks in the box that asks this. */
  const pick = async (title: RegExp, choice: string): Promise<void> => {
    await asked(title);
    await quickInput.pick(session.page, choice);
  };
  const asked = (title: RegExp): Promise<void> =>
    session.page.locator('.quick-input-title', { hasText: title }).waitFor();

  it('is acknowledged for a time, which the row says', async () => {
    await tree.contextAction(session.page, 'Disk full', 'Acknowledge for...');
    await pick(/^Acknowledge Disk full for how long\?$/, '1 hour');
    const alert = await until(
      'acknowledged',
      async () => {
        const now = await alertOf('Disk full');
        return now?.acknowledged ? now : undefined;
      },
      LIMIT,
    );
    const { acknowledged_at: from, acknowledged_until: to } = alert;
    assert.equal(Date.parse(to ?? '') - Date.parse(from ?? ''), HOUR);
    await until(
      'the end in the row',
      async () => {
        const rows = await tree.read(session.page, 'Alerts');
        const row = rows.find(({ label }) => label === 'Disk full');
        return /acknowledged by .* until/.test(row?.description ?? '');
      },
      LIMIT,
    );
  });

  it('is left as it is when a question is left by Escape', async () => {
    await tree.contextAction(session.page, 'Fan loud', 'Acknowledge for...');
    await asked(/^Acknowledge Fan loud/);
    await session.page.keyboard.press('Escape');
    await tree.contextAction(session.page, 'Fan loud', 'Resolve Alert...');
    await asked(/^Resolve Fan loud$/);
    await session.page.keyboard.press('Escape');
    await session.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    const alert = await alertOf('Fan loud');
    assert.deepEqual([alert?.acknowledged, alert?.active], [false, true]);
  });

  it('is silenced for a time with a reason, and leads to the list of silences', async () => {
    const began = Date.now();
    await tree.contextAction(session.page, 'Fan loud', 'Silence This...');
    await pick(/^Silence what\?$/, 'This alert, and when it comes again');
    await pick(/^Silence for how long\?$/, '8 hours');
    await asked(/^Why is it silenced\?$/);
    await quickInput.answer(session.page, 'A new fan comes tomorrow');
    await notifications.click(session.page, /Nobody is told of it until/, 'Show Silences');
    const { silences } = await rest<{ silences: Silence[] }>('/api/v1/silences');
    const [silence] = silences;
    assert.deepEqual(
      [silences.length, silence?.state, silence?.comment],
      [1, 'ACTIVE', 'A new fan comes tomorrow'],
    );
    assert.ok(
      silence?.matchers.some(({ field, value }) => field === 'title' && value === 'Fan loud'),
    );
    assert.equal(
      Date.parse(silence?.ends_at ?? '') - Date.parse(silence?.starts_at ?? ''),
      8 * HOUR,
    );
    assert.ok(Date.parse(silence?.starts_at ?? '') >= began - 1000);
    await region(session.page, 'Alerts').getByText('A new fan comes tomorrow').waitFor();
  });

  it('is resolved with the reason, and leaves the tree', async () => {
    await tree.contextAction(session.page, 'Fan loud', 'Resolve Alert...');
    await asked(/^Resolve Fan loud$/);
    await quickInput.answer(session.page, 'It is quiet again');
    await tree.row(session.page, 'Fan loud', 'Alerts').waitFor({ state: 'detached' });
    const alert = await alertOf('Fan loud');
    assert.deepEqual([alert?.active, alert?.resolve_reason], [false, 'It is quiet again']);
  });

  it('can be tried: a test alert to a channel says that it arrived, and how long that took', async () => {
    await runCommand(session.page, 'Pipescope: Send Test Alert...');
    await pick(/^Send a test alert where\?$/, 'On call');
    await notifications.toast(session.page, /The test alert reached On call after/).waitFor();
    assert.equal(receiver.received.length, 1);
    await runCommand(session.page, 'Notifications: Clear All Notifications');
  });

  it('can be tried: says what the channel answered, and leads to the channels', async () => {
    receiver.answer = answers(404);
    await runCommand(session.page, 'Pipescope: Send Test Alert...');
    await pick(/^Send a test alert where\?$/, 'On call');
    const failed = /The test alert did not reach On call: .*404/;
    await notifications.click(session.page, failed, 'Show Channels');
    await region(session.page, 'Alerts')
      .getByRole('button', { name: 'Send Test Alert to On call' })
      .waitFor();
  });

  it('can be tried: waits no longer for a channel that hangs when a person cancels', async () => {
    receiver.answer = () => undefined;
    const before = receiver.received.length;
    await runCommand(session.page, 'Pipescope: Send Test Alert...');
    await pick(/^Send a test alert where\?$/, 'On call');
    await until('the request', () => receiver.received.length > before, LIMIT);
    await notifications.click(session.page, /Sending a test alert to On call/, 'Cancel');
    await notifications
      .toast(session.page, /Sending a test alert to On call/)
      .waitFor({ state: 'detached' });
    assert.deepEqual(await notifications.texts(session.page), []);
  });

  it('can be tried: a test alert on all surfaces stands in the tree', async () => {
    await runCommand(session.page, 'Pipescope: Send Test Alert...');
    await pick(/^Send a test alert where\?$/, 'All surfaces of Pipescope');
    await tree.rows(session.page, 'Alerts').filter({ hasText: 'Test alert' }).first().waitFor();
  });
});
