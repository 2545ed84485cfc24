import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeTempDir, removeTempDir, useTempDir } from '../support/tempDir.ts';
import { type Answers, answersOf, assertSame } from './support/answers.ts';
import { QUIET, QUIET_SETTINGS } from './support/config.ts';
import { mixEnd, mixEvents } from './support/mix.ts';
import { HandClock, openMonitor } from './support/seed.ts';
import { type TestService, services } from './support/service.ts';

const CYCLES = 60;
const HOUR = 3_600_000;

describe('tables and series that were damaged or deleted', () => {
  // Ended before its folder goes.
  const start = services();
  const folder = useTempDir('domain-damage');
  let seed = '';
  let begin = 0;
  let expected: Answers | undefined;

  /** Blocks and a log, two checkpoints, and jobs that have left memory. */
  before(async () => {
    seed = makeTempDir('domain-seed');
    begin = Date.now() - 4 * HOUR;
    const clock = new HandClock(begin + HOUR / 2);
    const write = async (from: number, to: number) => {
      const { monitor } = await openMonitor(seed, { clock, ...QUIET_SETTINGS });
      await monitor.ingest(mixEvents(begin, from, to));
      if (to < CYCLES) clock.pass(HOUR + 1);
      await monitor.close();
    };
    await write(0, CYCLES / 2);
    await write(CYCLES / 2, CYCLES - 1);
    await write(CYCLES - 1, CYCLES);
    const names = readdirSync(join(seed, 'series'));
    for (const ending of ['.blocks', '.deltas'])
      assert.ok(names.some((one) => one.endsWith(ending)));
  });
  after(() => removeTempDir(seed));

  const answers = async (service: TestService) => {
    await service.settle();
    return answersOf(service, { range: { from: begin, to: mixEnd(begin, CYCLES) } });
  };

  beforeEach(async () => {
    cpSync(seed, folder(), { recursive: true });
    if (expected !== undefined) return;
    const service = await start(folder(), { env: QUIET });
    expected = await answers(service);
    await service.kill();
  });

  const inDomain = (name: RegExp) => fileIn(join(folder(), 'state', 'domain'), name);
  const remove = (...path: string[]) => rmSync(join(folder(), ...path), { recursive: true });

  const again = /reading them again from the journal/;
  const damages: { what: string; damage: () => void; says: RegExp; kept: boolean }[] = [
    {
      what: 'the list of the tables is deleted',
      damage: () => remove('state', 'domain', 'manifest.json'),
      says: again,
      kept: false,
    },
    {
      what: 'the list of the tables is cut',
      damage: () => cut(inDomain(/^manifest/)),
      says: /manifest\.json is damaged/,
      kept: true,
    },
    {
      what: 'the list of the tables is JSON of another kind',
      damage: () => writeFileSync(inDomain(/^manifest/), '{"seq":-1,"tables":[]}'),
      says: /manifest\.json is damaged/,
      kept: true,
    },
    {
      what: 'a page of tasks is deleted',
      damage: () => rmSync(inDomain(/^tasks/)),
      says: /A page of the workers, tasks and statistics is lost/,
      kept: false,
    },
    {
      what: 'a page of workers is cut',
      damage: () => cut(inDomain(/^workers/)),
      says: /workers-.*json is damaged/,
      kept: true,
    },
    {
      what: 'a page of the history has a flipped bit in its brackets',
      damage: () => flip(inDomain(/^history/), 0),
      says: /history-.*json is damaged/,
      kept: true,
    },
    {
      what: 'a page of hours holds JSON of another kind',
      damage: () => writeFileSync(inDomain(/^hours/), '{"rows":[]}'),
      says: /hours-.*json is damaged/,
      kept: true,
    },
    {
      what: 'all tables are deleted',
      damage: () => remove('state', 'domain'),
      says: again,
      kept: false,
    },
    {
      what: 'the newest list of the series is cut',
      damage: () => cut(newestManifest(join(folder(), 'series'))),
      says: /manifest-.\.json is damaged/,
      kept: true,
    },
    {
      what: 'both lists of the series are JSON of another kind',
      damage: () => {
        for (const name of ['manifest-0.json', 'manifest-1.json'])
          writeFileSync(join(folder(), 'series', name), '[]');
      },
      says: /time series are not on disk/,
      kept: true,
    },
    {
      what: 'all series are deleted',
      damage: () => remove('series'),
      says: /time series are not on disk.*sampled of this machine is lost/s,
      kept: false,
    },
    {
      what: 'all series and tables are deleted',
      damage: () => {
        remove('series');
        remove('state', 'domain');
      },
      says: /Workers, tasks.*time series are not on disk/s,
      kept: false,
    },
  ];
  for (const { what, damage, says, kept } of damages) {
    it(`are right again when ${what}`, async () => {
      damage();
      const service = await start(folder(), { env: QUIET });
      assertSame(await answers(service), expected as Answers, what);
      assert.match(service.log, says);
      assert.equal(readdirSync(join(folder(), 'quarantine')).length > 0, kept);
      assert.equal((await service.stop()).code, 0);
      const next = await start(folder(), { env: QUIET });
      assert.doesNotMatch(next.log, /damaged|lost|not on disk|missing/);
    });
  }

  it('are right again when the whole state is deleted', async () => {
    remove('state');
    const service = await start(folder(), { env: QUIET });
    assertSame(await answers(service), expected as Answers, 'the state');
  });

  it('lose no more than the damaged bytes of a log or block of series, and say which', async () => {
    for (const name of readdirSync(join(folder(), 'series')))
      if (/\.(deltas|blocks)$/.test(name)) flip(join(folder(), 'series', name), 25);
    const service = await start(folder(), { env: QUIET });
    const found = await answers(service);
    assert.deepStrictEqual(found.lists, expected?.lists);
    assert.deepStrictEqual(found.history, expected?.history);
    assert.match(service.log, /\d+ bytes of \S+ of the series are damaged\. They are kept in/);
    assert.ok(readdirSync(join(folder(), 'quarantine')).length > 0);
    await service.send(mixEvents(begin, CYCLES, CYCLES + 1));
    assert.equal((await service.stop()).code, 0);
  });
});

function fileIn(place: string, name: RegExp): string {
  return join(place, readdirSync(place).find((one) => name.test(one)) ?? 'no such file');
}

function newestManifest(folder: string): string {
  const generation = (path: string) =>
    existsSync(path)
      ? (JSON.parse(readFileSync(path, 'utf8')) as { generation: number }).generation
      : -1;
  const [first, second] = ['manifest-0.json', 'manifest-1.json'].map((name) => join(folder, name));
  if (first === undefined || second === undefined) throw new Error('There are two names.');
  return generation(first) > generation(second) ? first : second;
}

function cut(path: string): void {
  truncateSync(path, Math.floor(statSync(path).size / 2));
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}
