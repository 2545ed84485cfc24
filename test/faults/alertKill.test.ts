import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { useTempDir } from '../support/tempDir.ts';
import { randomFrom } from '../service/storage/support.ts';
import { QUIET_SETTINGS, withConfig } from './support/config.ts';
import { useReceiver, webhookTo } from './support/receiver.ts';
import { type TestService, eventually, services } from './support/service.ts';
import { type Place, canAttach, countCalls, killAt } from './support/systemCalls.ts';

/** Longer than it takes to look at a part of the places; PIPESCOPE_ALL_PLACES=1 looks at all, however long that takes. */
const MAX_MS = 60_000;
const isWhole = process.env.PIPESCOPE_ALL_PLACES === '1';
/** An event of its own may make a call more or less than the one that was counted: so many more of each are tried. */
const BEYOND = 1;

const SETTINGS = {
  ...QUIET_SETTINGS,
  alerting: { group_wait_ms: 0, rate_per_minute: 1000 },
};

describe('alerts of a service that is killed between the rule and the receiver', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('alert-kill');
  const receiver = useReceiver();
  const env = { ...withConfig(SETTINGS), UV_THREADPOOL_SIZE: '1' };
  const begin = () => start(folder(), { env });

  async function withChannel(): Promise<TestService> {
    const service = await begin();
    const body = JSON.stringify(webhookTo(receiver().url));
    const { status } = await service.ask('POST', '/api/v1/channels', body);
    assert.equal(status, 201);
    return service;
  }

  /** It was told, each time under the same id. */
  async function told(job_id: string): Promise<void> {
    await eventually(`${job_id} is told`, () => receiver().about(job_id)[0], 20_000);
    const ids = new Set(
      receiver()
        .about(job_id)
        .map(({ id }) => id),
    );
    assert.equal(ids.size, 1, `${job_id} was told under ${[...ids].join(', ')}`);
  }

  /** All places between the event and the receiver's 200, with the outcome stored. */
  async function allPlaces(service: TestService): Promise<Place[]> {
    const counting = await countCalls(service.ready.pid);
    assert.ok(await post(service, 'counted'));
    await told('counted');
    await service.settle();
    const places = await counting.stop();
    const last = new Map(places.map((place) => [`${place.thread} ${place.call}`, place]));
    for (const place of last.values())
      for (let more = 1; more <= BEYOND; more++) places.push({ ...place, when: place.when + more });
    return places;
  }

  /** The service that was started anew where it died there; told it was in any case. */
  async function diesAt(place: Place, service: TestService): Promise<TestService | null> {
    const job_id = jobAt(place);
    const tracer = await killAt(service.ready.pid, place);
    const posted = await post(service, job_id);
    const late = told(job_id)
      .then(() => sleep(150))
      .then(() => false);
    const isDead = await Promise.race([service.tracked.exited.then(() => true), late]);
    await tracer.stop();
    const next = isDead ? await begin() : null;
    if (!posted) assert.ok(await post(next ?? service, job_id));
    await told(job_id);
    return next;
  }

  it('are told at least once and under one id, at whatever system call it dies (strace)', async function () {
    if (!canAttach()) return this.skip();
    this.timeout(isWhole ? 1_800_000 : MAX_MS + 120_000);
    let service = await withChannel();
    const places = await allPlaces(service);
    const seed = Date.now() % 100_000;
    const order = shuffled(places, randomFrom(seed));
    const end = performance.now() + MAX_MS;
    const tried: Place[] = [];
    let killed = 0;
    for (const place of order) {
      if (!isWhole && performance.now() > end) break;
      tried.push(place);
      const next = await diesAt(place, service);
      if (next) killed++;
      service = next ?? service;
    }
    for (const place of tried) await told(jobAt(place));
    assert.ok(killed >= Math.min(5, tried.length / 2), `it died at ${killed} places only`);
    console.log(
      `      ${tried.length} of ${places.length} places, ${killed} kills, ${receiver().deliveries.length} deliveries; seed ${seed}`,
    );
  });

  it('are told at least once and under one id over many kills under load', async function () {
    this.timeout(120_000);
    const random = randomFrom(Date.now() % 100_000);
    let service = await withChannel();
    const jobs: string[] = [];
    for (let round = 0; round < 10; round++) {
      let over = false;
      const load = (async () => {
        for (let n = 0; !over; n++) {
          const job_id = `load-${round}-${n}-end`;
          if (await post(service, job_id)) jobs.push(job_id);
          await sleep(20);
        }
      })();
      await sleep(60 + random() * 300);
      await service.kill();
      over = true;
      await load;
      service = await begin();
    }
    for (const job_id of jobs) await told(job_id);
    await service.settle();
    const before = receiver().deliveries.length;
    await service.stop();
    await begin();
    await sleep(1500);
    assert.equal(receiver().deliveries.length, before, 'a restart told something again');
    console.log(`      ${jobs.length} alerts, ${before} deliveries`);
  });
});

/** True when it was acknowledged. */
async function post(service: TestService, job_id: string): Promise<boolean> {
  const of = { job_id, phase_id: 'P1' };
  const events = [
    { type: 'job.started', job_id },
    { type: 'phase.started', ...of },
    { type: 'phase.failed', ...of, error: { message: `${job_id} broke` } },
  ].map((event, n) => ({ ...event, id: `${job_id}-${n}` }));
  try {
    return (await service.post(events)).status === 202;
  } catch {
    return false;
  }
}

function jobAt({ thread, call, when }: Place): string {
  return `at-${thread}-${call}-${when}-end`;
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((one) => ({ one, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
