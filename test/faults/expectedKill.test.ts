import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobRecord } from '../../service/protocol/record.ts';
import { useTempDir } from '../support/tempDir.ts';
import { QUIET } from './support/config.ts';
import { type TestService, eventually, services } from './support/service.ts';

const RUNS = 200;
const HOUR_MS = 3_600_000;
/** Longer than an ended job stays in memory after a start, with the checkpoint after it. */
const LEFT_MS = 8000;

/** Runs of two pipelines, some of them several at once, one after the other in the order of their end. */
function runsOf(begin: number): object[] {
  return Array.from({ length: RUNS }, (_, n) => {
    const job_id = `run-${n}`;
    const ms = 60_000 + 7000 * ((n * 37) % 11);
    const start = begin + n * HOUR_MS - (n % 5 === 0 ? HOUR_MS : 0);
    const time = (offset: number) => new Date(start + offset).toISOString();
    const labels = { branch: n % 3 === 0 ? 'main' : 'topic' };
    return [
      ...[{ type: 'job.started', job_id, pipeline: `p${n % 2}`, labels, time: time(0) }],
      ...[{ type: 'phase.started', job_id, phase_id: 'load', time: time(0) }],
      ...[{ type: 'phase.completed', job_id, phase_id: 'load', time: time(ms / 3) }],
      ...[{ type: 'job.completed', job_id, time: time(ms) }],
    ];
  }).flat();
}

type Row = Pick<JobRecord, 'expected_ms' | 'expected_low_ms' | 'expected_high_ms' | 'times_usual'>;

async function rows(service: TestService): Promise<Map<string, Row>> {
  const jobs = await service.jobs();
  return new Map(
    jobs.map(({ job_id, expected_ms, expected_low_ms, expected_high_ms, times_usual }) => [
      job_id,
      { expected_ms, expected_low_ms, expected_high_ms, times_usual },
    ]),
  );
}

function assertSame(found: Map<string, Row>, wanted: Map<string, Row>, when: string): void {
  assert.equal(found.size, wanted.size);
  const other = [...wanted].filter(
    ([id, row]) => JSON.stringify(found.get(id)) !== JSON.stringify(row),
  );
  const [id = ''] = other.map(([one]) => one);
  const first = JSON.stringify([found.get(id), wanted.get(id)]);
  assert.equal(other.length, 0, `${other.length} rows differ ${when}, ${id}: ${first}`);
}

describe('what was usual for jobs of a service that is killed', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('expected-kill');

  it('is in their rows as before: at once, when they have left memory, and after one more kill', async function () {
    this.timeout(120_000);
    const first = await start(folder(), { env: QUIET });
    await first.send(runsOf(Date.now() - (RUNS + 2) * HOUR_MS));
    // All but the first three of each pipeline, and what ran beside them.
    const known = (all: Map<string, Row>) =>
      [...all.values()].filter(({ expected_ms }) => expected_ms !== null).length;
    await eventually('A usual time', async () => known(await rows(first)) >= RUNS - 10, 60_000);
    // The last look at what ended together.
    await sleep(12_000);
    const wanted = await rows(first);
    await first.kill();

    const again = await start(folder(), { env: QUIET });
    assertSame(await rows(again), wanted, 'right after the start');
    await sleep(LEFT_MS);
    assertSame(await rows(again), wanted, 'when they have left memory');
    await again.kill();

    const last = await start(folder(), { env: QUIET });
    assertSame(await rows(last), wanted, 'after another kill');
  });

  it('is in their rows where the kill comes before anybody has looked at them', async function () {
    this.timeout(120_000);
    const first = await start(folder(), { env: QUIET });
    await first.send(runsOf(Date.now() - (RUNS + 2) * HOUR_MS));
    await first.kill();
    const again = await start(folder(), { env: QUIET });
    const wanted = await rows(again);
    await sleep(LEFT_MS);
    assertSame(await rows(again), wanted, 'when they have left memory');
    const none = [...wanted].filter(([, { times_usual }]) => times_usual === null);
    assert.ok(none.length <= 10, `${none.length} rows know nothing`);
  });
});
