import assert from 'node:assert/strict';
import type { ModelRecord } from '../../service/protocol/domain.ts';
import { needsChromium } from '../support/skip.ts';
import { getJson } from '../support/service.ts';
import { jobEvents, systemEvents } from '../support/systemEvents.ts';
import { useLive, violationsIn } from './support/livePages.ts';
import { IN_EACH_THEME_MS, inEachTheme } from './support/themes.ts';

describe('the models of a real service', () => {
  needsChromium();
  const live = useLive(systemEvents, { sampling: { host_interval_ms: 0 } });

  it('stand with the worst first, against their baselines, as REST has them', async () => {
    const [region] = await live().open('Models');
    const { models } = await getJson<{ models: ModelRecord[] }>(live().service, '/api/v1/models');
    const list = region.getByRole('list', { name: 'Models, the worst first' });
    await list.waitFor();
    const worst = [...models].sort(
      (a, b) => (b.degradation_percent ?? 0) - (a.degradation_percent ?? 0),
    );
    assert.deepEqual(
      await list.getByRole('heading').allInnerTexts(),
      worst.map(({ model }) => model),
    );
    const [first] = worst;
    const text = await list.getByRole('listitem').first().innerText();
    assert.ok(text.includes(`${Math.round(first?.degradation_percent ?? 0)} % worse than its`));
    assert.ok(
      text.includes((first?.r2 ?? 0).toLocaleString('en', { maximumSignificantDigits: 3 })),
    );
    assert.ok(text.includes(`${Math.round((first?.avg_confidence ?? 0) * 100)} %`));
    for (const name of ['Mean absolute error', 'Confidence', 'R2'])
      await region.getByRole('img', { name: new RegExp(`^${name}`) }).waitFor();
  });

  it('takes the limit from where on a model is bad from the configuration', async () => {
    const [region] = await live().open('Models');
    await region.locator('li.worse').first().waitFor();
    const { service } = live();
    const config = await fetch(`${service.url}/alerts/configure`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${service.tokens.admin}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ accuracy_degradation_percent: 5 }),
    });
    assert.equal(config.status, 200, await config.text());
    const [again] = await live().open('Models');
    await again.locator('li.bad').first().waitFor();
  });

  it('has no violation that axe finds, in any theme, wide and narrow', async () => {
    const [region, page] = await live().open('Models', { bypassCSP: true });
    await region.getByRole('list', { name: 'Models, the worst first' }).waitFor();
    const found = () => inEachTheme(page, () => violationsIn(page, 'Models'));
    assert.deepEqual(await found(), []);
    await page.setViewportSize({ width: 320, height: 800 });
    assert.deepEqual(await found(), []);
  }).timeout(IN_EACH_THEME_MS);
});

describe('the models of a service that knows none', () => {
  needsChromium();
  const live = useLive(jobEvents);

  it('say what to report, and are there when it is', async () => {
    const [region] = await live().open('Models');
    await region.getByText(/No prediction was reported so far/).waitFor();
    await live().tell([JSON.parse(await region.locator('code').innerText()) as object]);
    await region.getByText('no baseline: send model.baselined').waitFor({ timeout: 20_000 });
  });
});
