import assert from 'node:assert/strict';
import fc from 'fast-check';
import { useTempDir } from '../support/tempDir.ts';
import { type TestService, services } from './support/service.ts';
import { type StreamEvent, tenPhases } from './support/tenPhases.ts';
import { cutInto } from './support/cutInto.ts';

const RUNS = 10;
const CONNECTIONS = 4;

describe('a recorded job that arrives in any order', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('order');

  it('is shown as if it had arrived in order, also when parts come again and side by side', async function () {
    this.timeout(60_000);
    const service = await start(folder());
    const inOrder = tenPhases('in-order');
    for (const event of inOrder) await service.send([event]);
    const wanted = await shown(service, 'in-order');
    let run = 0;
    const arrival = fc.record({
      order: fc.shuffledSubarray(
        inOrder.map((_, n) => n),
        { minLength: inOrder.length },
      ),
      again: fc.array(fc.nat(inOrder.length - 1), { maxLength: 150 }),
      cuts: fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
    });
    await fc.assert(
      fc.asyncProperty(arrival, async ({ order, again, cuts }) => {
        const job_id = `shuffled-${run++}`;
        const events = tenPhases(job_id);
        const arriving = [...order, ...again].flatMap((n) => events[n] ?? []);
        await sendSideBySide(service, cutInto(arriving, cuts));
        assert.deepStrictEqual(await shown(service, job_id), wanted);
        const open = (await service.alerts()).filter((alert) => alert.active);
        assert.deepStrictEqual(open, [], 'what was raised on the way has ended');
      }),
      { numRuns: RUNS },
    );
    console.log(`      ${inOrder.length} events, ${RUNS} orders`);
  });
});

async function sendSideBySide(service: TestService, bodies: StreamEvent[][]): Promise<void> {
  const work = bodies.values();
  const sender = async () => {
    for (const body of work) await service.send(body);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, sender));
}

/**
 * What arrival itself decides: the place in the journal, when the service heard of it, and what it said on the way. The
 * stored state says the same as the records, in an order of its own.
 */
const OF_ARRIVAL = new Set([
  ...['seq', 'last_seen_at', 'alerts', 'alert_count', 'alert_events', 'state'],
]);

async function shown(service: TestService, job_id: string): Promise<unknown> {
  await service.settle();
  const text = JSON.stringify(await service.export(job_id), (key, value: unknown) => {
    if (OF_ARRIVAL.has(key)) return undefined;
    return key === 'timeline' ? withoutAlerts(value as { type: string }[]) : value;
  });
  return JSON.parse(text.replaceAll(job_id, 'JOB')) as unknown;
}

/** The timeline repeats the alerts that were raised on the way. */
function withoutAlerts(timeline: { type: string }[]): { type: string }[] {
  return timeline.filter(({ type }) => type !== 'alert.raised');
}
