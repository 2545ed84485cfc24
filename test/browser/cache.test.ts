import assert from 'node:assert/strict';
import type { CacheRecord } from '../../service/protocol/domain.ts';
import { percent } from '../../service/protocol/describe.ts';
import { needsChromium } from '../support/skip.ts';
import { getJson } from '../support/service.ts';
import { jobEvents, systemEvents } from '../support/systemEvents.ts';
import { useLive, violationsIn } from './support/livePages.ts';
import { IN_EACH_THEME_MS, inEachTheme } from './support/themes.ts';

const LIST = 'Caches, those that help least first';

describe('the caches of a real service', () => {
  needsChromium();
  const live = useLive(systemEvents, { sampling: { host_interval_ms: 0 } });

  it('have a gauge each, the least useful first, with hits and misses as REST has them', async () => {
    const [region] = await live().open('Cache');
    const { caches } = await getJson<{ caches: CacheRecord[] }>(live().service, '/api/v1/caches');
    const items = region.getByRole('list', { name: LIST }).getByRole('listitem');
    await items.first().waitFor();
    const worst = [...caches].sort((a, b) => (a.hit_rate_percent ?? 0) - (b.hit_rate_percent ?? 0));
    for (const [i, cache] of worst.entries()) {
      const item = items.nth(i);
      const gauge = item.getByRole('img', { name: new RegExp(`^${cache.cache} as a gauge`) });
      await gauge.waitFor();
      const said = (await gauge.getAttribute('aria-label')) ?? '';
      assert.ok(said.includes(percent(cache.hit_rate_percent)), said);
      const text = await item.innerText();
      for (const part of [`${cache.hits}`, `${cache.misses}`])
        assert.ok(text.includes(part), `${part} in ${text}`);
    }
    await items.first().getByText('helps too little: should be at least 50 %').waitFor();
    for (const name of ['Hit rate', 'Size'])
      await region.getByRole('img', { name: new RegExp(`^${name}`) }).waitFor();
  });

  it('goes on while caches report', async () => {
    const [region] = await live().open('Cache');
    await region.getByRole('list', { name: LIST }).waitFor();
    await live().tell([{ type: 'cache.sampled', cache: 'sessions', hits: 98_765, misses: 12 }]);
    await region.getByText('98,765').waitFor({ timeout: 20_000 });
  });

  it('has no violation that axe finds, in any theme, wide and narrow', async () => {
    const [region, page] = await live().open('Cache', { bypassCSP: true });
    await region.getByRole('list', { name: LIST }).waitFor();
    const found = () => inEachTheme(page, () => violationsIn(page, 'Cache'));
    assert.deepEqual(await found(), []);
    await page.setViewportSize({ width: 320, height: 800 });
    assert.deepEqual(await found(), []);
  }).timeout(IN_EACH_THEME_MS);
});

describe('the caches of a service that knows none', () => {
  needsChromium();
  const live = useLive(jobEvents);

  it('say what to report, and are there when it is', async () => {
    const [region] = await live().open('Cache');
    await region.getByText(/No cache was reported so far/).waitFor();
    await live().tell([JSON.parse(await region.locator('code').innerText()) as object]);
    await region.getByRole('list', { name: LIST }).waitFor({ timeout: 20_000 });
  });
});
