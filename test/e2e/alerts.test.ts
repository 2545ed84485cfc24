import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../src/wire/until.ts';
import { needsVscode } from '../support/skip.ts';
import { readRest } from '../support/vscode/service.ts';
import { openSession, type Session } from '../support/vscode/session.ts';
import {
  activityBadge,
  notifications,
  openContainer,
  quickInput,
  runCommand,
  tree,
} from '../support/vscode/ui/index.ts';
import { region, statusReads } from './support/pipescope.ts';

interface Alert {
  rule: string | null;
  active: boolean;
  note: string | null;
  acknowledged_by: string | null;
  resolved_at: string | null;
  component_id: string | null;
}

const LIMIT = 20_000;
/** Alerts are gathered for 2 s before they are told, and the service waits as long for others of the same job. */
const TOLD_MS = 6000;
const RULE = 'Long queues';
const KEY = `whsec_${Buffer.from('a key that nobody else may read').toString('base64')}`;

describe('alerts in VS Code', function () {
  needsVscode();
  this.timeout(90_000);
  let session: Session;
  before(async () => {
    session = await openSession();
    await openContainer(session.page, 'Pipescope');
    await statusReads(session.page, { text: /^Pipescope$/, kind: 'plain' });
  });
  after(() => session?.close());

  const shown = () => region(session.page, 'Alerts');
  const rest = async <T>(path: string): Promise<T> =>
    JSON.parse((await readRest(session.dataFolder, path)).toString()) as T;
  const queueIs = (queue: string, pending: number) =>
    session.postEvents([{ type: 'queue.sampled', queue, pending }]);
  /** The row of the alert of a queue, as a person reads it. */
  const rowOf = async (queue: string) =>
    (await tree.read(session.page, 'Alerts')).find(
      ({ level, label }) => level === 2 && label.includes(queue),
    );
  const alertOf = async (queue: string) => {
    const { alerts } = await rest<{ alerts: Alert[] }>('/api/v1/alerts');
    return alerts.find(({ component_id: id }) => id === queue);
  };
  const openTab = async (name: string) => {
    await runCommand(session.page, 'Pipescope: Configure Alerts');
    await shown().getByRole('tab', { name: 'Rules' }).waitFor();
    await shown()
      .getByRole('tab', { name: new RegExp(`^${name}`) })
      .click();
  };

  it('come from a rule that a person makes in the form that "Configure Alerts" opens', async () => {
    await runCommand(session.page, 'Pipescope: Configure Alerts');
    await shown().getByRole('button', { name: 'New Rule' }).click();
    await shown().locator('#kind').selectOption('queue_size');
    await shown().locator('input#name').fill(RULE);
    await shown().locator('#severity').selectOption('ERROR');
    await shown().locator('#params-threshold').fill('100');
    await shown().locator('#for_ms').fill('0');
    await shown().getByRole('button', { name: 'Save' }).click();
    await shown().getByRole('button', { name: RULE }).waitFor();
    const { rules } = await rest<{ rules: { rule_id: string; name: string; severity: string }[] }>(
      '/api/v1/rules?limit=1000',
    );
    const made = rules.find(({ name }) => name === RULE);
    assert.deepEqual([made?.rule_id, made?.severity], ['long-queues', 'ERROR']);
  });

  it('show an event that breaks it in the tree, the badge, the status bar and one notification', async () => {
    await queueIs('gpu', 900);
    await statusReads(session.page, { text: /^1 alert$/, kind: 'error' });
    const row = await until('the row', () => rowOf('gpu'), LIMIT);
    assert.match(row.description, /^error · /);
    const [group] = await tree.read(session.page, 'Alerts');
    assert.deepEqual([group?.label, group?.description], ['Error', '1 alert']);
    await until('the badge', async () => (await activityBadge(session.page, 'Pipescope')) === '1');
    const toast = notifications.toast(session.page, /gpu/);
    await toast.waitFor();
    assert.deepEqual(await toast.locator('.monaco-button').allTextContents(), [
      'Show in Dashboard',
      'Acknowledge',
      'Do Not Show Again for This Rule',
    ]);
  });

  it('are told once, a reload of the window included', async () => {
    await session.reload();
    await openContainer(session.page, 'Pipescope');
    await statusReads(session.page, { text: /^1 alert$/, kind: 'error' });
    await session.page.waitForTimeout(TOLD_MS);
    assert.deepEqual(await notifications.texts(session.page), []);
  });

  it('are acknowledged with a note, which everybody can read', async () => {
    const row = await until('the row', () => rowOf('gpu'), LIMIT);
    await tree.contextAction(session.page, row.label, 'Acknowledge with Note...');
    await quickInput.input(session.page).waitFor();
    await quickInput.answer(session.page, 'More workers are starting');
    await statusReads(session.page, { text: /^Pipescope$/, kind: 'plain' });
    const known = await until(
      'an acknowledged row',
      async () => {
        const now = await rowOf('gpu');
        return now?.description.includes('acknowledged') ? now : undefined;
      },
      LIMIT,
    );
    assert.match(known.description, /^error · acknowledged by \S+ since just now$/);
    const alert = await alertOf('gpu');
    assert.deepEqual(
      [alert?.rule, alert?.note, alert?.acknowledged_by !== null],
      ['long-queues', 'More workers are starting', true],
    );
    await until('no badge', async () => (await activityBadge(session.page, 'Pipescope')) === null);
  });

  it('resolve by themselves with a later event, and leave the tree', async () => {
    await queueIs('gpu', 2);
    await until('no row', async () => (await rowOf('gpu')) === undefined, LIMIT);
    const resolved = await until(
      'the end in the history',
      async () => {
        const alert = await alertOf('gpu');
        return alert?.active === false ? alert : undefined;
      },
      LIMIT,
    );
    assert.notEqual(resolved.resolved_at, null);
  });

  it('are not told of any more after "Do Not Show Again for This Rule", and are shown all the same', async () => {
    await queueIs('cpu', 900);
    await notifications.click(session.page, /cpu/, 'Do Not Show Again for This Rule');
    await notifications.toast(session.page, /No more notifications in VS Code/).waitFor();
    await queueIs('fallback', 900);
    await until('the row', () => rowOf('fallback'), LIMIT);
    await session.page.waitForTimeout(TOLD_MS);
    const texts = await notifications.texts(session.page);
    assert.deepEqual(
      texts.filter((text) => text.includes('fallback')),
      [],
    );
  });

  it('are told of again when that is taken back in the tree', async () => {
    const row = await until('the row', () => rowOf('fallback'), LIMIT);
    await tree.contextAction(session.page, row.label, 'Notify Again for This Rule');
    await queueIs('spare', 900);
    await notifications.toast(session.page, /spare/).waitFor();
  });

  it('make no problem', async () => {
    const count = await session.host.eval(
      (_, { languages }) =>
        languages
          .getDiagnostics()
          .flatMap(([, all]) => all)
          .filter(({ source }) => source === 'Pipescope').length,
      undefined,
    );
    assert.equal(count, 0);
  });

  it('keep the secrets of a channel in VS Code and out of the data directory, also for a service started anew', async () => {
    await openTab('Channels');
    await shown().getByRole('button', { name: 'New Channel' }).click();
    await shown().locator('#kind').selectOption('webhook');
    await shown().locator('input#name').fill('On call');
    await shown().locator('#settings-url').fill('https://hooks.example.org/on-call');
    await shown().getByLabel('Signing key', { exact: true }).fill(KEY);
    await shown().getByRole('button', { name: 'Save' }).click();
    const source = async () => {
      const { channels } = await rest<{
        channels: { channel_id: string; secrets: Record<string, string | null> }[];
      }>('/api/v1/channels?limit=1000');
      return channels.find(({ channel_id: id }) => id === 'on-call')?.secrets['signing_key'];
    };
    await until('the secret', async () => (await source()) === 'window', LIMIT);
    const { pid } = await session.service();
    await runCommand(session.page, 'Pipescope: Restart Service');
    await until('another process', async () => (await session.service()).pid !== pid, LIMIT);
    await until('the secret again', async () => (await source()) === 'window', LIMIT);
    const secret = KEY.slice('whsec_'.length);
    const holding = filesOf(session.dataFolder).filter((file) =>
      readFileSync(file).includes(secret),
    );
    assert.deepEqual(holding, []);
  });
});

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}
