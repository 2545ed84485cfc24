import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { useTempDir } from '../support/tempDir.ts';
import { randomFrom } from '../service/storage/support.ts';
import { readJournal } from './support/journalFile.ts';
import { Ledger } from './support/ledger.ts';
import { type TestService, services } from './support/service.ts';
import { TestClient } from './support/socket.ts';

const ROUNDS = 50;
const JOBS = ['load-a', 'load-b', 'load-c', 'load-d'];
const HTTP_WRITERS = 4;
const SOCKET_WRITERS = 2;

describe('a service that is killed again and again under load', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('kill');

  it(`loses nothing acknowledged and counts nothing twice in ${ROUNDS} kills`, async function () {
    this.timeout(150_000);
    const seed = Date.now() % 100_000;
    const random = randomFrom(seed);
    const ledger = new Ledger(JOBS);
    const starts: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const begun = performance.now();
      const service = await start(folder());
      starts.push(performance.now() - begun);
      await writeAndKill(service, ledger, 50 + random() * 350);
    }
    const last = await start(folder());
    await ledger.settle(last);
    await last.settle();
    const sent = `${ledger.sent} sent, ${ledger.acknowledged.size} distinct, seed ${seed}`;
    for (const [job_id, expected] of ledger.expected) {
      const { signals, error_count, warning_count } = await last.export(job_id);
      const found = { signal: signals['rows'], errors: error_count, warnings: warning_count };
      assert.deepStrictEqual(found, expected, `${job_id}: ${sent}`);
    }
    const held = await recordsOf(last);
    assert.equal((await last.stop()).code, 0);

    const entries = await readJournal(folder());
    const ids = new Set(entries.map(({ event }) => event.id));
    assert.equal(ids.size, entries.length, 'an id stands in the journal twice');
    const lost = [...ledger.acknowledged].filter((id) => !ids.has(id));
    assert.deepStrictEqual(lost, [], `acknowledged events are lost: ${sent}`);
    assert.ok(entries.every(({ seq }, i) => seq > (entries[i - 1]?.seq ?? 0)));

    rmSync(join(folder(), 'state'), { recursive: true });
    const fresh = await start(folder());
    assert.deepStrictEqual(await recordsOf(fresh), held, 'a fresh fold gives other records');
    console.log(
      `      ${sent}; ${entries.length} entries; start ${Math.round(median(starts))} ms (median), ` +
        `${Math.round(Math.max(...starts))} ms (longest)`,
    );
  });
});

async function writeAndKill(service: TestService, ledger: Ledger, ms: number): Promise<void> {
  let over = false;
  const done = () => over;
  const clients = Array.from({ length: SOCKET_WRITERS }, () => new TestClient());
  const writers = [
    ...Array.from({ length: HTTP_WRITERS }, () => ledger.writeHttp(service, done)),
    ...clients.map(async (client) => {
      await client.connect(service, []);
      await ledger.writeSocket(client, done);
    }),
  ];
  // A writer that could not even connect before the kill has sent nothing.
  const ended = Promise.allSettled(writers);
  await sleep(ms);
  const killed = service.kill();
  over = true;
  await killed;
  await ended;
  for (const client of clients) client.close();
}

/** Everything that is shown, of all jobs. */
async function recordsOf(service: TestService): Promise<unknown> {
  const exports = await Promise.all(JOBS.map((id) => service.export(id)));
  return { exports, jobs: await service.jobs(), alerts: await service.alerts() };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
