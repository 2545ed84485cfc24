import assert from 'node:assert/strict';
import fc from 'fast-check';
import { makeTempDir, removeTempDir, useTempDir } from '../support/tempDir.ts';
import { type Wanted, answersOf, assertSame } from './support/answers.ts';
import { QUIET } from './support/config.ts';
import { mixEnd, mixEvents } from './support/mix.ts';
import { services } from './support/service.ts';
import { cutInto } from './support/cutInto.ts';

const RUNS = 5;
const CYCLES = 50;

/**
 * What an event says itself. Labels that are looked up, such as a job's pipeline, are those that are known when the event
 * comes, and so are times that follow from several events; their metrics are left out.
 */
const OWN_LABELS = [
  ...['source', 'worker_id', 'phase_id', 'queue', 'kind', 'endpoint', 'method'],
  ...['model', 'cache', 'signal', 'side'],
];
function groupBy(metric: string): string[] | null {
  if (/^task_\w+_ms$|^phase_execution_time_ms$/.test(metric)) return null;
  return metric.startsWith('tasks_') ? ['none'] : OWN_LABELS;
}

describe('a recorded mix of all events that arrives in any order', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('domain-order');
  const folders: string[] = [];
  afterEach(() => folders.splice(0).forEach(removeTempDir));

  it('is answered as if it had arrived in order, with repetitions and restarts in between', async function () {
    this.timeout(120_000);
    const begin = Date.now() - 20 * 60_000;
    const events = mixEvents(begin, 0, CYCLES);
    const wanted: Wanted = { range: { from: begin, to: mixEnd(begin, CYCLES) }, groupBy };
    const whole = await start(folder(), { env: QUIET });
    await whole.send(events);
    await whole.settle();
    const expected = await answersOf(whole, wanted);
    const arrival = fc.record({
      order: fc.shuffledSubarray(
        events.map((_, n) => n),
        { minLength: events.length },
      ),
      again: fc.array(fc.nat(events.length - 1), { minLength: 100, maxLength: 400 }),
      cuts: fc.infiniteStream(fc.integer({ min: 1, max: 300 })),
      ends: fc.tuple(fc.boolean(), fc.boolean()),
    });
    await fc.assert(
      fc.asyncProperty(arrival, async ({ order, again, cuts, ends }) => {
        const dir = makeTempDir('domain-shuffled');
        folders.push(dir);
        const arriving = [...order, ...again].flatMap((n) => events[n] ?? []);
        let service = await start(dir, { env: QUIET });
        const bodies = cutInto(arriving, cuts);
        const third = Math.ceil(bodies.length / 3);
        for (const isKilled of [...ends, null]) {
          for (const body of bodies.splice(0, third)) await service.send(body);
          if (isKilled === null) break;
          await (isKilled ? service.kill() : service.stop());
          service = await start(dir, { env: QUIET });
        }
        await service.settle();
        assertSame(await answersOf(service, wanted), expected, `${events.length} events`);
        await service.kill();
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    assert.ok(events.length > 1000);
    console.log(`      ${events.length} events, ${RUNS} orders`);
  });
});
