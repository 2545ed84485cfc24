import assert from 'node:assert/strict';
import { type FSWatcher, mkdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeTempDir, removeTempDir, useTempDir } from '../support/tempDir.ts';
import { randomFrom } from '../service/storage/support.ts';
import { answersOf, assertSame } from './support/answers.ts';
import { QUIET } from './support/config.ts';
import { type MixEvent, mixEnd, mixEvents } from './support/mix.ts';
import { type TestService, services } from './support/service.ts';

/** Killed at any moment; while it stops, at a write of the tables or series; the same under load at a checkpoint. */
const KINDS = [
  'anywhen',
  'stopping',
  'stopping',
  'checkpoint',
  'stopping',
  'anywhen',
  'stopping',
  'stopping',
] as const;
const ROUNDS = 16;
const BATCH_CYCLES = 4;
const PAUSE_MS = 25;

describe('tables, statistics, history and series of a service that is killed again and again', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('domain-kill');
  let other = '';
  beforeEach(() => (other = makeTempDir('domain-whole')));
  afterEach(() => removeTempDir(other));

  it(`are those of a service that got each event once, after ${ROUNDS} kills`, async function () {
    this.timeout(150_000);
    const seed = Date.now() % 100_000;
    const random = randomFrom(seed);
    const begin = Date.now() - 20 * 60_000;
    const writer = new Writer(begin);
    let atWrites = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const service = await start(folder(), { env: QUIET });
      const kind = KINDS[round % KINDS.length] ?? 'anywhen';
      if (await writer.writeAndKill(service, { kind, random, folder: folder() })) atWrites++;
    }
    const last = await start(folder(), { env: QUIET });
    await writer.settle(last);
    await last.settle();

    const whole = await start(other, { env: QUIET });
    const events = mixEvents(begin, 0, writer.cycles);
    assert.equal(await whole.send(events), 0);
    await whole.settle();
    const wanted = { range: { from: begin, to: mixEnd(begin, writer.cycles) } };
    const sent = `${events.length} events, seed ${seed}`;
    const found = await answersOf(last, wanted);
    const expected = await answersOf(whole, wanted);
    assertSame(found, expected, sent);
    console.log(`      ${sent}, ${atWrites} kills at a write of a checkpoint`);
  });
});

interface Round {
  kind: (typeof KINDS)[number];
  random: () => number;
  folder: string;
}

/** Sends the mix in its order, each batch until it is acknowledged. */
class Writer {
  readonly #begin: number;
  /** So many cycles were taken. */
  cycles = 0;
  #open: MixEvent[] = [];

  constructor(begin: number) {
    this.#begin = begin;
  }

  /** True when it was killed at a write. */
  async writeAndKill(service: TestService, { kind, random, folder }: Round): Promise<boolean> {
    let over = false;
    const writing = this.#write(service, () => over);
    const changed = new Changes(folder, Math.floor(random() * 12));
    // Checkpoints come every 5 s.
    await (kind === 'checkpoint' ? sleep(4500) : sleep(50 + random() * 500));
    if (kind !== 'anywhen') changed.begin();
    const stopping = kind === 'stopping' ? service.stop() : undefined;
    const late = Promise.race([service.tracked.exited, sleep(2500)]).then(() => false);
    const atWrite = kind !== 'anywhen' && (await Promise.race([changed.enough, late]));
    await service.kill();
    over = true;
    changed.end();
    await Promise.all([writing, stopping]);
    return atWrite;
  }

  async settle(service: TestService): Promise<void> {
    if (this.#open.length > 0) await service.send(this.#open);
    this.#open = [];
  }

  async #write(service: TestService, done: () => boolean): Promise<void> {
    while (!done()) {
      if (this.#open.length === 0) {
        this.#open = mixEvents(this.#begin, this.cycles, this.cycles + BATCH_CYCLES);
        this.cycles += BATCH_CYCLES;
      }
      try {
        const { status } = await service.post(this.#open);
        if (status === 202) this.#open = [];
      } catch {
        return;
      }
      await sleep(PAUSE_MS);
    }
  }
}

/** Tells when files of the tables or the series have changed so many times. */
class Changes {
  readonly enough: Promise<boolean>;
  readonly #folders: string[];
  readonly #watchers: FSWatcher[] = [];
  #left: number;
  #tell: () => void = () => undefined;

  constructor(dataDir: string, count: number) {
    this.#folders = [join(dataDir, 'state', 'domain'), join(dataDir, 'series')];
    this.#left = count;
    this.enough = new Promise((resolve) => (this.#tell = () => resolve(true)));
  }

  begin(): void {
    for (const folder of this.#folders) {
      mkdirSync(folder, { recursive: true });
      this.#watchers.push(watch(folder, () => --this.#left < 0 && this.#tell()));
    }
  }

  end(): void {
    for (const watcher of this.#watchers) watcher.close();
  }
}
