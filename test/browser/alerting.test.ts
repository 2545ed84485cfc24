import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator } from 'playwright-core';
import type { NotificationRecord } from '../../service/protocol/notification.ts';
import type { AlertRecord } from '../../service/protocol/record.ts';
import type { RuleRecord } from '../../service/protocol/rule.ts';
import { needsChromium } from '../support/skip.ts';
import { getJson } from '../support/service.ts';
import { focusIs } from './support/focus.ts';
import { IN_EACH_THEME_MS, inEachTheme } from './support/themes.ts';
import { bringIntoView, useLive, violationsIn } from './support/livePages.ts';

/** A receiver of webhooks that answers as it is told. */
class Receiver {
  status = 204;
  readonly bodies: string[] = [];
  #server: Server | undefined;

  async start(): Promise<string> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        this.bodies.push(Buffer.concat(parts).toString('utf8'));
        response.writeHead(this.status).end();
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}

describe('alerting on the dashboard, of a real service', () => {
  needsChromium();
  // Without any job the page says how to report one, and has no regions.
  const live = useLive((now) => [
    {
      type: 'job.started',
      job_id: 'first',
      name: 'first',
      pipeline: 'nightly',
      time: now - 90_000,
    },
  ]);
  const receiver = new Receiver();
  let url = '';
  let time = Date.now() - 60_000;
  before(async () => {
    url = await receiver.start();
  });
  after(() => receiver.stop());

  const tab = (region: Locator, name: string | RegExp) => region.getByRole('tab', { name }).click();
  const button = (region: Locator, name: string | RegExp) =>
    region.getByRole('button', { name, exact: typeof name === 'string' });
  const field = (region: Locator, name: string) => region.getByLabel(name, { exact: true });
  const problem = (region: Locator, id: string) => region.locator(`#${id}-problem`);

  /** A run of the pipeline `reports` whose phase reports so many errors. */
  async function run(job_id: string, errors: number): Promise<void> {
    time += 100;
    const phase = { job_id, phase_id: 'P1', time };
    await live().tell([
      { type: 'job.started', job_id, name: job_id, pipeline: 'reports', time },
      { type: 'phase.started', name: 'Read', ...phase },
      ...Array.from({ length: errors }, (_, n) => ({
        ...{ type: 'log.recorded', level: 'error', message: `wrong ${n}`, ...phase },
      })),
    ]);
  }

  it('says at each field of a rule what is wrong with it, and goes to the first', async () => {
    const [region, page] = await live().open('Alerts');
    await tab(region, 'Rules');
    await button(region, 'New Rule').click();
    await field(region, 'Kind').selectOption('threshold');
    await field(region, 'Metric').fill('');
    await field(region, 'Bound').fill('many');
    await field(region, 'Looks back').fill('40');
    await field(region, 'Unit of Looks back').selectOption({ label: 'days' });
    await field(region, 'For at least').fill('-1');
    await field(region, 'Resolves at').fill('few');
    await field(region, 'Pause between notifications').fill('x');
    await region.locator('#params-labels').fill('no pair');
    await region.locator('#scope-labels').fill('no pair');
    await button(region, 'Save').click();
    await region.getByText(/\d+ fields are not right\./).waitFor();
    for (const [id, text] of [
      ['name', /Fill this in/],
      ['rule_id', /Fill this in/],
      ['params-metric', /Fill this in/],
      ['params-value', /Write a number/],
      ['params-range_ms', /1000 to 2592000000/],
      ['params-labels', /name=value/],
      ['for_ms', /0 to 604800000/],
      ['recovery', /Write a number/],
      ['cooldown_ms', /Write a number/],
      ['scope-labels', /name=value/],
    ] as const)
      assert.match((await problem(region, id).textContent()) ?? '', text, id);
    await focusIs(page, 'name');
    const { rules } = await getJson<{ rules: RuleRecord[] }>(live().service, '/api/v1/rules');
    assert.ok(
      rules.every(({ builtin }) => builtin),
      'nothing is half-saved',
    );
    await button(region, 'Cancel').click();
    await region.getByText('Your changes are not saved.').waitFor();
    await button(region, 'Discard Changes').click();
    await button(region, 'New Rule').waitFor();
  });

  it('says what else can be wrong with a rule, one after the other', async () => {
    const [region] = await live().open('Alerts');
    await tab(region, 'Rules');
    await button(region, 'New Rule').click();
    /** Writes this, saves, and waits for what is said at each field. */
    const refused = async (
      written: Record<string, string>,
      wanted: Record<string, RegExp>,
    ): Promise<void> => {
      for (const [id, text] of Object.entries(written))
        if (id === 'kind') await field(region, 'Kind').selectOption(text);
        else await region.locator(`[id="${id}"]`).fill(text);
      await button(region, 'Save').click();
      for (const [id, text] of Object.entries(wanted))
        await problem(region, id).filter({ hasText: text }).waitFor();
    };
    const kind = 'missed_schedule';
    await refused(
      { kind, 'params-schedule': '0 6 * * *', name: 'n'.repeat(129), rule_id: 'No Good!' },
      { name: /128/, rule_id: /lower-case letters/i },
    );
    await refused({ name: 'a\u0007b', rule_id: 'fine' }, { name: /Leave out control characters/ });
    await refused(
      { name: 'Fine', rule_id: 'job_failed' },
      { rule_id: /There is a rule with this/ },
    );
    await refused(
      { rule_id: 'fine', 'params-timezone': 'Mars/Base' },
      { 'scope-pipeline': /Name the pipeline/, 'params-timezone': /no time zone/ },
    );
    const plan = { 'params-timezone': '', 'scope-pipeline': 'nightly' };
    const few = { 'params-schedule': /minute, hour, day/ };
    await refused({ ...plan, 'params-schedule': '0 6 * *' }, few);
    await refused({ 'params-schedule': '10,20 6 * *' }, few);
    await refused({ 'params-schedule': '0 61 * * *' }, few);
    await refused({ 'params-schedule': '0 0 31 2 *' }, { 'params-schedule': /no such day/ });
    await refused(
      { kind: 'queue_size', 'params-threshold': '100', recovery: '200' },
      { recovery: /at or below the threshold of 100/ },
    );
    await refused(
      { kind: 'slow_phase', 'params-threshold_ms': '', 'params-times_usual': '' },
      { 'params-threshold_ms': /Give a "threshold_ms"/ },
    );
    await button(region, 'Cancel').click();
    await button(region, 'Discard Changes').click();
    await button(region, 'New Rule').waitFor();
    const { rules } = await getJson<{ rules: RuleRecord[] }>(live().service, '/api/v1/rules');
    assert.ok(
      rules.every(({ builtin }) => builtin),
      'nothing is half-saved',
    );
  });

  it('makes a rule that fires, and leads its alert through acknowledgement to its end', async () => {
    const [region] = await live().open('Alerts');
    await tab(region, 'Rules');
    await button(region, 'New Rule').click();
    await field(region, 'Name').fill('Three errors');
    await field(region, 'Kind').selectOption('error_count');
    await field(region, 'From').fill('3');
    await field(region, 'Pipeline').fill('rep*');
    await button(region, 'Preview').click();
    await region.getByText('Would have fired 0 times in the last 24 hours.').waitFor();
    await button(region, 'Save').click();
    await region.locator('[data-id="three-errors"]').waitFor();

    await run('r1', 3);
    await tab(region, /^Active/);
    const row = region.locator('.alert').filter({ hasText: 'r1' });
    await row.waitFor();
    await row.getByRole('button', { name: /with a note/ }).click();
    await region.getByRole('textbox', { name: /^Note on/ }).fill('Ann looks at it');
    await region.locator('.noting select').selectOption({ label: 'for 1 hour' });
    await region.locator('.noting').getByRole('button', { name: 'Acknowledge' }).click();
    await tab(region, /^Acknowledged 1/);
    await region.getByText(/acknowledged .*: Ann looks at it/).waitFor();
    await region.getByText(/counts again in (59m|1h)/).waitFor();
    const { alerts } = await getJson<{ alerts: AlertRecord[] }>(
      ...([live().service, '/api/v1/alerts?acknowledged=true'] as const),
    );
    assert.equal(alerts[0]?.rule, 'three-errors');

    await row.locator('.head').click();
    await region.getByText('Acknowledged since').waitFor();
    await button(region, 'Edit Rule').click();
    await region.getByRole('heading', { name: 'Three errors' }).waitFor();
    await button(region, 'Cancel').click();
    await tab(region, /^Acknowledged/);
    await row.getByRole('button', { name: /^Resolve/ }).click();
    await tab(region, 'History');
    await region
      .getByText(/resolved/)
      .first()
      .waitFor();
  });

  it('sends a test to a channel, keeps its secret to itself, and sends again what was given up', async () => {
    const [region] = await live().open('Alerts');
    await tab(region, 'Channels');
    await button(region, 'New Channel').click();
    await field(region, 'Kind').selectOption('webhook');
    await field(region, 'Name').fill('Own hook');
    await button(region, 'Save').click();
    await region.getByText(/\d+ fields? (is|are) not right\./).waitFor();
    assert.notEqual(await problem(region, 'settings-url').textContent(), '');
    await field(region, 'Address').fill(url);
    await field(region, 'May be an address of this machine or of a private network').check();
    const key = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
    await field(region, 'Signing key').fill(key);
    await button(region, 'Save').click();
    const row = region.locator('[data-id="own-hook"]');
    await row.getByRole('button', { name: /Send Test Alert/ }).click();
    await row.getByText(/The test alert was taken/).waitFor();
    assert.equal(receiver.bodies.length, 1);

    await row.getByRole('button', { name: 'Own hook', exact: true }).click();
    await region.getByText(/Set, in the file of the service/).waitFor();
    assert.equal(await field(region, 'Signing key').inputValue(), '');
    await button(region, 'Cancel').click();

    receiver.status = 400;
    await run('r2', 3);
    await tab(region, 'Deliveries');
    const again = region.getByRole('button', { name: /^Send Again/ }).first();
    await again.waitFor({ timeout: 20_000 });
    receiver.status = 204;
    await again.click();
    await region.locator('.row').getByText('sent', { exact: true }).first().waitFor();
    const { notifications } = await getJson<{ notifications: NotificationRecord[] }>(
      ...([live().service, '/api/v1/outbox?channel_id=own-hook'] as const),
    );
    assert.ok(notifications.some(({ state }) => state === 'SENT'));
  });

  it('silences an alert and those like it from its row, and ends the silence', async () => {
    await run('r3', 3);
    const [region] = await live().open('Alerts');
    await tab(region, /^Active/);
    await region.locator('.alert').filter({ hasText: 'r3' }).locator('.head').click();
    await button(region, 'Silence…').click();
    await field(region, 'Comment').fill('Known');
    await button(region, 'Save').click();
    const row = region.locator('.row').filter({ hasText: 'Known' });
    await row.getByText(/59m|1h 00m/).waitFor();
    await row.getByRole('button', { name: /^End Now/ }).click();
    await row.getByText('Over', { exact: true }).waitFor();
  });

  it('loads what somebody else has saved meanwhile instead of writing over it', async () => {
    const [region, page] = await live().open('Alerts');
    await tab(region, 'Rules');
    await region.locator('[data-id="job_failed"] .head button').click();
    await field(region, 'Name').fill('Mine');
    await page.evaluate(
      ([token]) =>
        fetch('/api/v1/rules/job_failed', {
          method: 'PUT',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            'if-match': '"0"',
          },
          body: JSON.stringify({ name: 'Theirs' }),
        }).then((answer) => answer.text()),
      [live().service.tokens.admin],
    );
    await region.getByText(/Somebody else has changed it/).waitFor();
    await button(region, 'Load Theirs').click();
    assert.equal(await field(region, 'Name').inputValue(), 'Theirs');
    await button(region, 'Reset to Default').click();
    await region.locator('.note .yes').click();
    await region.locator('[data-id="job_failed"]').getByText('Job failed').waitFor();
  });

  it('says at the message that a placeholder is none, and asks before Escape leaves a form', async () => {
    const [region, page] = await live().open('Alerts');
    await tab(region, 'Rules');
    const opener = region.locator('[data-id="phase_failed"] .head button');
    await opener.click();
    await focusIs(page, 'heading');
    await page.keyboard.press('Escape');
    await focusIs(page, /^Phase failed$/);
    await opener.click();
    await field(region, 'Text of its alerts').fill('{{nobody}} failed');
    await button(region, 'Save').click();
    await region.getByText('1 field is not right.').waitFor();
    assert.match((await problem(region, 'message').textContent()) ?? '', /nobody/);
    await focusIs(page, 'message');
    await page.keyboard.press('Escape');
    await region.getByText('Your changes are not saved.').waitFor();
    await focusIs(page, /^Discard Changes$/);
    await page.keyboard.press('Escape');
    await focusIs(page, /^Save$/);
    assert.equal(await field(region, 'Text of its alerts').inputValue(), '{{nobody}} failed');
    await page.keyboard.press('Escape');
    await button(region, 'Discard Changes').click();
    await opener.waitFor();
  });

  it('names the channels of an alert, and takes a note while it is open', async () => {
    await run('r4', 3);
    const [region, page] = await live().open('Alerts');
    await tab(region, /^Active/);
    const row = region.locator('.alert').filter({ hasText: 'r4' });
    await row.locator('.head').click();
    await row.getByText(/^Log of the service: /).waitFor();
    await row.locator('dd', { hasText: 'Three errors' }).waitFor();
    const note = row.getByRole('button', { name: /with a note/ });
    await note.click();
    await focusIs(page, /^Note on/);
    await page.keyboard.press('Escape');
    await region.getByRole('textbox', { name: /^Note on/ }).waitFor({ state: 'detached' });
    await focusIs(page, /^Acknowledge with a note/);
  });

  it('has nothing that axe finds, in any list and form, in each theme', async function () {
    this.timeout(IN_EACH_THEME_MS);
    const [region, page] = await live().open('Alerts', { bypassCSP: true });
    const look = async (what: string): Promise<void> =>
      assert.deepEqual(await inEachTheme(page, () => violationsIn(page, 'Alerts')), [], what);
    for (const name of [/^Active/, /^Acknowledged/, 'History', 'Deliveries']) {
      await tab(region, name);
      await region.locator('.row:visible, .alert:visible, .empty:visible').first().waitFor();
      await look(String(name));
    }
    for (const [name, open] of [
      ['Rules', 'New Rule'],
      ['Channels', 'New Channel'],
      ['Silences', 'New Silence'],
    ] as const) {
      await tab(region, name);
      await button(region, open).waitFor();
      await look(name);
      await button(region, open).click();
      await button(region, 'Save').click();
      await region.locator('[aria-invalid=true]:visible').first().waitFor();
      await look(open);
    }
    await bringIntoView(page, 'Alerts');
  });
});
