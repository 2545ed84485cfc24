import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { useTempDir } from '../support/tempDir.ts';
import { QUIET_SETTINGS, withConfig } from './support/config.ts';
import { useReceiver, webhookTo } from './support/receiver.ts';
import { eventually, services } from './support/service.ts';

const FLIPS = 1000;
/** So that the service sees most of them one by one. */
const BETWEEN_MS = 15;
/** In place of five minutes; longer than all flips take. */
const COOLDOWN_MS = 30_000;

describe('a phase that fails and passes 1,000 times in a row', () => {
  const start = services();
  const folder = useTempDir('alert-flips');
  const receiver = useReceiver();

  it('is told by at most two notifications and one digest, which counts what they leave out', async function () {
    this.timeout(180_000);
    const alerting = { cooldown_ms: COOLDOWN_MS };
    const service = await start(folder(), { env: withConfig({ ...QUIET_SETTINGS, alerting }) });
    const body = JSON.stringify(webhookTo(receiver().url));
    assert.equal((await service.ask('POST', '/api/v1/channels', body)).status, 201);
    const of = { job_id: 'j', phase_id: 'P1' };
    await service.send([{ type: 'job.started', job_id: 'j', pipeline: 'nightly' }]);
    const began = performance.now();
    for (let flip = 0; flip < FLIPS; flip++) {
      const end =
        flip % 2 === 0
          ? { type: 'phase.failed', error: { message: 'The disk is full.' } }
          : { type: 'phase.completed' };
      await service.send([
        { type: 'phase.started', ...of },
        { ...end, ...of },
      ]);
      await sleep(BETWEEN_MS);
    }
    assert.ok(
      performance.now() - began < 60_000,
      'the machine is too slow for 1,000 flips in 60 s',
    );
    const told = () => [
      ...new Map(
        receiver().deliveries.map(({ id, body: text }) => [
          id,
          JSON.parse(text) as { type: string; data: { alerts: unknown[]; more_count: number } },
        ]),
      ).values(),
    ];
    const digests = () => told().filter(({ type }) => type === 'alert.digest');
    await eventually('the digest', () => digests().length > 0, 2 * COOLDOWN_MS);
    assert.equal(digests().length, 1);
    assert.ok(told().length - digests().length <= 2, String(told().length));
    const ids = receiver().deliveries.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, 'one was sent twice');
    const [digest] = digests();
    const counted = (digest?.data.alerts.length ?? 0) + (digest?.data.more_count ?? 0);
    assert.ok(counted > 100, `${counted} of what was left out`);
  });
});
