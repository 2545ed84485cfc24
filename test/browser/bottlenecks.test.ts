import assert from 'node:assert/strict';
import type { Bottleneck } from '../../service/protocol/bottleneck.ts';
import { duration, percent } from '../../service/protocol/describe.ts';
import type { OptimizationRecord, OptimizerRecord } from '../../service/protocol/optimization.ts';
import { impactWords, sureWords } from '../../webview/elements/bottlenecks/impact.ts';
import { runEvents, TWELVE_RUNS } from '../fixtures/runs.ts';
import { proposed } from '../support/proposal.ts';
import { needsChromium } from '../support/skip.ts';
import { getJson } from '../support/service.ts';
import { bringIntoView, cellsOf, useLive, violationsIn } from './support/livePages.ts';
import { IN_EACH_THEME_MS, inEachTheme } from './support/themes.ts';

const LAST = TWELVE_RUNS.seconds.length - 1;

describe('the bottlenecks of a real service', () => {
  needsChromium();
  const busy = (now: number) =>
    Array.from({ length: 14 }, (_, i) => {
      const time = now - (14 - i) * 1000;
      return { type: 'worker.heartbeat', worker_id: 'gpu-1', ipc_latency_ms: 30, time };
    });
  const live = useLive((now) => [...runEvents(TWELVE_RUNS, now), ...busy(now)], {
    sampling: { host_interval_ms: 0 },
  });

  it('shows what is used up with its severity, value and threshold, and leads to the worker', async () => {
    await live().tell(busy(Date.now()));
    const [region, page] = await live().open('Bottlenecks');
    const row = region.getByRole('list', { name: 'Holds back now' }).getByRole('listitem');
    await row.waitFor();
    const { bottlenecks } = await getJson<{ bottlenecks: Bottleneck[] }>(
      live().service,
      '/api/bottlenecks',
    );
    assert.equal(bottlenecks.length, 1);
    const [one] = bottlenecks;
    assert.ok(one);
    const text = (await row.innerText()).replace(/\s+/g, ' ');
    assert.match(text, /^\S+ Messages between processes are slow · worker gpu-1 · for /);
    assert.ok(text.includes(`${impactWords(one)} · ${sureWords(one.confidence)}`), text);
    assert.match(text, /30 ms on average, 30 ms at most; the threshold is 10 ms/);
    if (one.evidence_series.length > 0) {
      await row.getByRole('button', { name: /^Evidence of: / }).click();
      await row.locator('.what p').waitFor();
      for (const { title } of one.evidence_series)
        await row.getByRole('img', { name: new RegExp(`^${title} against time`) }).waitFor();
    }
    await row.getByRole('button', { name: 'worker gpu-1', exact: true }).click();
    await page.getByRole('region', { name: 'Workers', exact: true }).waitFor();
  });

  it('shows the phases of the run that took most of it and that waited longest', async () => {
    const [region, page] = await live().open('Bottlenecks');
    const share = region.getByRole('table', { name: 'Phases that took most of this run' });
    await share.waitFor();
    const seconds = TWELVE_RUNS.seconds[LAST] ?? [];
    const total = seconds.reduce((sum, one) => sum + one * 1000 + 400, -400);
    const expected = seconds
      .map((one) => [duration(one * 1000), percent((100_000 * one) / total)])
      .sort(([a = ''], [b = '']) => parseFloat(b) - parseFloat(a))
      .slice(0, 5);
    assert.deepEqual(await cellsOf(share), expected);
    const waits = region.getByRole('table', { name: 'Phases that waited longest' });
    const [first] = await cellsOf(waits);
    assert.equal(first?.[0], duration((seconds[2] ?? 0) * 1000 + 800));
    await waits.getByRole('button', { name: 'P03 Tokenise' }).click();
    const phases = await bringIntoView(page, 'Phases');
    await phases.locator('tr.selected').getByText('P03').waitFor();
  });

  it('lets a person apply what is proposed or leave it, and says what became of it', async () => {
    const { service } = live();
    const job_id = 'listens';
    await live().tell([
      { type: 'job.started', job_id, pipeline: 'tuned', time: Date.now() - 60_000 },
    ]);
    const { monitor } = service.service;
    await monitor.append([
      proposed('o-apply', { job_id }),
      proposed('o-leave', { job_id, parameter: 'batch', title: 'Batch: 1 -> 8', from: 1, to: 8 }),
    ]);
    const [region] = await live().open('Bottlenecks');
    const waiting = region.getByRole('list', { name: 'What to change' });
    const others = region.getByRole('list', { name: 'What became of proposals' });
    const row = (title: string) => region.getByRole('listitem').filter({ hasText: title });
    await row('Workers').getByText('workers: 2 → 4').waitFor();
    await row('Workers').getByText('+80 % throughput expected').waitFor();
    await row('Batch').getByRole('button', { name: 'Dismiss: Batch: 1 -> 8' }).click();
    await row('Batch').getByText('dismissed').waitFor();
    await row('Workers').getByRole('button', { name: 'Apply: Workers: 2 -> 4' }).click();
    await row('Workers').getByText('sent, waits for the answer').waitFor();
    await live().tell([
      {
        ...{ type: 'optimization.answered', optimization_id: 'o-apply', time: Date.now() },
        ...{ outcome: 'refused', detail: 'Only two GPUs.' },
      },
    ]);
    await row('Workers').getByText('refused by the pipeline').waitFor();
    await others.getByText('Only two GPUs.').waitFor();
    assert.equal(await others.getByText(/Only two GPUs\..*Only two GPUs\./).count(), 0);
    assert.equal(await waiting.getByRole('listitem').count(), 0);
    const { optimizations } = await getJson<{ optimizations: OptimizationRecord[] }>(
      service,
      '/api/v1/optimizations',
    );
    const states = new Map(optimizations.map((one) => [one.optimization_id, one.state]));
    assert.deepEqual([states.get('o-apply'), states.get('o-leave')], ['refused', 'dismissed']);
  });

  it('says what the optimiser does for a job that listens, as REST says it, and how to let it change things', async () => {
    const job_id = 'tuned-1';
    const phase = { job_id, phase_id: 'P1' };
    await live().tell([
      { type: 'job.started', job_id, name: 'tuned', pipeline: 'tuned', time: Date.now() - 1000 },
      { type: 'phase.started', ...phase, time: Date.now() - 1000 },
      {
        ...{ type: 'parameter.offered', job_id, parameter: 'threads', title: 'Threads' },
        ...{ kind: 'concurrency', value: 1, minimum: 1, maximum: 8, time: Date.now() },
      },
    ]);
    const [region] = await live().open('Bottlenecks');
    const list = region.getByRole('list', { name: 'What the optimiser does' });
    const row = list.getByRole('listitem').filter({ hasText: 'tuned' });
    await row.getByText('waits for data').waitFor();
    await row.getByText(/^(Not enough data: \d of 8 samples|The throughput cannot be)/).waitFor();
    const { auto, jobs } = await getJson<{ auto: boolean; jobs: OptimizerRecord[] }>(
      live().service,
      `/api/v1/optimizer?job_id=${job_id}`,
    );
    assert.deepEqual([auto, jobs[0]?.state], [false, 'waiting_for_data']);
    const hint = region.locator('pipescope-optimizer summary');
    assert.match(await hint.innerText(), /^Each change waits for a person\./);
    await hint.click();
    await region.getByText('optimizer: { auto: true }').waitFor();
    const { monitor } = live().service.service;
    await monitor.append([
      proposed('o-tried', {
        job_id,
        parameter: 'threads',
        title: 'Threads: 1 -> 2',
        from: 1,
        to: 2,
      }),
    ]);
    await row.getByText('waits for a person').waitFor();
    await row.getByText('Waits for a decision: Threads: 1 -> 2.').waitFor();
    await row.getByRole('button', { name: 'Go to the proposal' }).click();
    const proposal = region.getByRole('listitem').filter({ hasText: 'Dismiss' });
    await proposal.getByRole('button', { name: 'Dismiss: Threads: 1 -> 2' }).click();
    await row.getByText('rests').waitFor();
    const rest = row.getByText(/^The last change is not long ago: next in /);
    const before = await rest.innerText();
    await region.page().waitForTimeout(2500);
    assert.notEqual(await rest.innerText(), before);
  });

  it('says that nothing holds back where nothing does, and what is watched', async () => {
    await live().tell(busy(Date.now()));
    const [region] = await live().open('Bottlenecks');
    await region.getByRole('list', { name: 'Holds back now' }).waitFor();
    const quiet = { worker_id: 'gpu-1', ipc_latency_ms: 1, time: Date.now() };
    await live().tell([{ type: 'worker.heartbeat', ...quiet }]);
    // This machine is not sampled here: nothing of it is said to be watched.
    await region
      .getByText(/^Nothing holds the work back now\. Watched all the time: messages between proc/)
      .waitFor();
    await region.getByText(/This machine itself is not watched: set sampling/).waitFor();
    const ended = region.getByRole('list', { name: 'Ended in the last hour' });
    await ended.getByRole('button', { name: 'Evidence of: IPC latency' }).first().click();
    await ended.getByRole('img', { name: /^IPC latency against time/ }).waitFor();
  });

  it('is accessible in every theme', async () => {
    const [, page] = await live().open('Bottlenecks', { bypassCSP: true });
    const found = await inEachTheme(page, () => violationsIn(page, 'Bottlenecks'));
    assert.deepEqual(found, []);
  }).timeout(IN_EACH_THEME_MS);
});
