import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { call, type TestService } from '../support/service.ts';
import { useLive } from './support/livePages.ts';

async function codeFrom(to: TestService, body: object): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await call(to, '/api/v1/access-codes', init);
  return ((await response.json()) as { code: string }).code;
}

describe('the page, opened by a code', function () {
  this.timeout(60_000);
  const live = useLive((now) =>
    ['older & "odd"', 'newer'].map((job_id, i) => ({
      ...{ type: 'job.started', job_id, name: `Run ${i}`, time: now - 10_000 + i * 1000 },
    })),
  );

  const goTo = (page: Page, fragment: string) =>
    page.goto(`${live().service.url}/enhanced-monitor${fragment}`);
  const shows = (page: Page, name: string) => page.getByText(name).first().waitFor();
  const kept = (page: Page) => page.evaluate(() => sessionStorage.getItem('pipescope.token'));
  /** The browser itself tells of a refusal. */
  const assertRefusedOnce = () => {
    const complaints = live().pages.complaints.splice(0);
    assert.equal(complaints.length, 1, complaints.join('\n'));
    assert.match(complaints[0] ?? '', /401/);
  };

  it('gets the token, shows the job that was asked for, and leaves nothing in the address', async () => {
    const { service, pages } = live();
    const page = await pages.blank();
    await goTo(page, `#code=${await codeFrom(service, { job_id: 'older & "odd"' })}`);
    await shows(page, 'Run 0');
    assert.equal(page.url(), `${service.url}/enhanced-monitor`);
    assert.equal(await kept(page), service.tokens.admin);
    await page.reload();
    await shows(page, 'Run 0');
  });

  it('says that a used code is none, and takes a new one in the same tab', async () => {
    const { service, pages } = live();
    const code = await codeFrom(service, {});
    const first = await pages.blank();
    await goTo(first, `#code=${code}`);
    await shows(first, 'Run 1');
    const second = await pages.blank();
    await goTo(second, `#code=${code}`);
    await second.getByRole('alert').filter({ hasText: 'This link was used before' }).waitFor();
    assert.equal(await kept(second), null);
    assertRefusedOnce();
    await goTo(second, `#code=${await codeFrom(service, {})}`);
    await shows(second, 'Run 1');
    assert.equal(await kept(second), service.tokens.admin);
    assert.equal(second.url(), `${service.url}/enhanced-monitor`);
  });

  it('goes on with the token of the tab where the code is no good', async () => {
    const { service, pages } = live();
    const page = await pages.blank();
    await goTo(page, `#token=${service.tokens.admin}`);
    await shows(page, 'Run 1');
    await page.goto('about:blank');
    await goTo(page, '#code=used');
    await shows(page, 'Run 1');
    assert.equal(await page.getByText('This link was used before').count(), 0);
    assertRefusedOnce();
  });
});
