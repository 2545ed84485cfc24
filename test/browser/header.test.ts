import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { useLive } from './support/livePages.ts';

const NAME = 'a nightly report with quite a long name of its own';

describe('the header of the page', function () {
  this.timeout(60_000);
  const live = useLive((now) => [
    { type: 'job.started', job_id: 'long', name: NAME, time: now - 60_000 },
  ]);

  async function boxOf(part: Locator): Promise<{ left: number; right: number; top: number }> {
    const box = await part.boundingBox();
    assert.ok(box);
    return { left: box.x, right: box.x + box.width, top: box.y };
  }

  it('fits into any width, its two ends on two sides, whatever the name', async () => {
    const { service, pages } = live();
    const page = await pages.blank();
    await page.goto(`${service.url}/enhanced-monitor#token=${service.tokens.admin}`);
    const job = page.getByRole('button', { name: `Job: ${NAME}. Choose another job` });
    const connection = page.getByRole('status').filter({ hasText: 'Live' });
    const keys = page.getByRole('button', { name: 'Keyboard keys' });
    const words = page.locator('pipescope-header :is(.number, .latest):visible').last();
    await keys.waitFor();
    for (const width of [320, 480, 700, 800, 1400]) {
      await page.setViewportSize({ width, height: 800 });
      const [name, line, last] = [await boxOf(job), await boxOf(connection), await boxOf(keys)];
      assert.ok(
        name.left >= 0 && name.right <= width,
        `${width} px: the job ends at ${name.right}`,
      );
      assert.ok(last.right <= width && last.right > width - 40, `${width} px: ${last.right}`);
      const { top } = await boxOf(words);
      // In a row of its own the end begins where the job does: no empty stretch before it.
      if (line.top > top + 10) assert.ok(line.left < 40, `${width} px: ${line.left}`);
      else assert.ok(line.left > 100, `${width} px`);
    }
  });
});
