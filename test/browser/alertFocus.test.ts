import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import type { AlertRecord } from '../../service/protocol/record.ts';
import { call, getJson } from '../support/service.ts';
import { needsChromium } from '../support/skip.ts';
import { focused, type Focused, focusIs } from './support/focus.ts';
import { useLive } from './support/livePages.ts';

describe('the alerts by keyboard alone', () => {
  needsChromium();
  const live = useLive((now) => [
    { type: 'job.started', job_id: 'first', name: 'first', time: now - 90_000 },
    ...['One', 'Two', 'Three', 'Four', 'Five'].map((title) => ({
      ...{ type: 'alert.raised', component: 'host', severity: 'ERROR', title, time: now },
      description: 'It says what is wrong.',
    })),
  ]);
  const tab = (region: Locator, name: string) =>
    region.getByRole('tab', { name: new RegExp(`^${name}`) });
  const button = (region: Locator, name: string | RegExp) =>
    region.getByRole('button', { name, exact: typeof name === 'string' });
  const put = async (path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await call(live().service, path, init);
    assert.ok(answer.ok, await answer.text());
  };

  before(async () => {
    const { alerts } = await getJson<{ alerts: AlertRecord[] }>(
      ...([live().service, '/api/v1/alerts'] as const),
    );
    const five = alerts.find(({ title }) => title === 'Five')?.alert_id ?? '';
    await put(`/api/v1/monitoring/alerts/${five}/acknowledge`, {});
  });

  /** Tab by Tab from the chosen tab to the end of the region. */
  async function walk(region: Locator, page: Page): Promise<Focused[]> {
    await region.getByRole('tab', { selected: true }).focus();
    const all: Focused[] = [];
    for (let steps = 0; steps < 200; steps++) {
      await page.keyboard.press('Tab');
      const one = await focused(page);
      if (one.region !== 'Alerts') return all;
      all.push(one);
    }
    throw new Error('The region never ends.');
  }

  for (const [name, form] of [
    ['Active'],
    ['Acknowledged'],
    ['History'],
    ['Rules', 'New Rule'],
    ['Channels', 'New Channel'],
    ['Silences', 'New Silence'],
    ['Deliveries'],
  ] as const)
    it(`goes through ${name} in reading order, and names each stop`, async () => {
      const [region, page] = await live().open('Alerts', { viewport: { width: 760, height: 900 } });
      await tab(region, name).click();
      await region.locator('.panel').locator('button, .empty, [role=search]').first().waitFor();
      inReadingOrder(await walk(region, page));
      if (form === undefined) return;
      await button(region, form).press('Enter');
      await region.locator('h3:focus').waitFor();
      const stops = await walk(region, page);
      inReadingOrder(stops);
      assert.deepEqual(
        stops.slice(-2).map((one) => one.name),
        ['Save', 'Cancel'],
      );
      await button(region, 'Cancel').press('Enter');
      await focusIs(page, new RegExp(`^${form}$`));
    });

  it('stays in the list when an alert is acknowledged, resolved, or all of them', async () => {
    const [region, page] = await live().open('Alerts');
    await tab(region, 'Active').click();
    await button(region, 'Acknowledge Two').press('Enter');
    await button(region, 'Acknowledge Two').waitFor({ state: 'detached' });
    await focusIs(page, /^Error (One|Three|Four)/);
    await button(region, 'Acknowledge with a note: Three').press('Enter');
    await focusIs(page, /^Note on Three/);
    await page.keyboard.type('Ann');
    await page.keyboard.press('Enter');
    await button(region, 'Acknowledge Three').waitFor({ state: 'detached' });
    await focusIs(page, /^Error (One|Four)/);
    await region.getByRole('checkbox', { name: 'Select Four' }).press('Space');
    await button(region, 'Resolve Selected').press('Enter');
    await button(region, 'Resolve Four').waitFor({ state: 'detached' });
    await focusIs(page, /^Active/);
    await button(region, 'Acknowledge All').press('Enter');
    await region.getByText('No active alerts.').waitFor();
    await focusIs(page, /^Active/);
    await page.keyboard.press('ArrowRight');
    await button(region, 'Clear Acknowledged').press('Enter');
    await region.getByText('Nothing is acknowledged.').waitFor();
    await focusIs(page, /^Acknowledged/);
  });

  it('goes back to the list when a rule, a channel or a silence is saved, removed or ended', async () => {
    const rule = { rule_id: 'mine', name: 'Mine', kind: 'error_count', enabled: true };
    await put('/api/v1/rules', { ...rule, severity: 'ERROR', params: { threshold: 3 } });
    const matchers = [{ field: 'rule', op: '=', value: 'mine' }];
    await put('/api/v1/silences', { matchers, for_ms: 3_600_000, comment: 'Known' });
    const [region, page] = await live().open('Alerts');
    await tab(region, 'Rules').click();
    await button(region, 'Mine').press('Enter');
    await region.locator('h3:focus').waitFor();
    await region.locator('input#name').fill('Yours');
    await region.locator('input#name').press('Enter');
    await focusIs(page, /^Yours$/);
    await page.keyboard.press('Enter');
    await region.locator('h3:focus').waitFor();
    await button(region, 'Remove').press('Enter');
    await focusIs(page, /^Remove$/);
    await page.keyboard.press('Enter');
    await button(region, 'Yours').waitFor({ state: 'detached' });
    await focusIs(page, /^New Rule$/);
    await tab(region, 'Silences').click();
    await button(region, /^End Now/).press('Enter');
    await region.getByText('Over', { exact: true }).waitFor();
    await focusIs(page, /^New Silence$/);
    await page.keyboard.press('Enter');
    await region.locator('h3:focus').waitFor();
    await button(region, 'Add a Condition').press('Enter');
    await button(region, 'Remove condition 2').press('Enter');
    await focusIs(page, /^Add a Condition$/);
  });
});

function inReadingOrder(stops: readonly Focused[]): void {
  assert.ok(stops.length > 0, 'nothing can be reached');
  for (const [index, { name, bottom }] of stops.entries()) {
    assert.notEqual(name, '', `stop ${index} has no name`);
    const before = stops[index - 1];
    if (before) assert.ok(bottom > before.top, `${name} stands above ${before.name}`);
  }
}
