import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OwnStrategies } from '../../../service/analyst/ownStrategies.ts';
import type { TunerInput } from '../../../service/analysis/proposals/tunerInput.ts';
import { createLogging } from '../../../service/logger.ts';
import type { OptimizationRecord } from '../../../service/protocol/optimization.ts';
import { OPTIMIZER_DEFAULTS } from '../../../service/protocol/optimizer.ts';
import { eventually, getJson, send, useServices } from '../../support/service.ts';
import { makeTempDir, removeTempDir } from '../../support/tempDir.ts';
import { IDLE } from '../analysis/proposals/pipeline.ts';
import { T0, parameter } from '../analysis/proposals/support.ts';

const QUESTION: TunerInput = {
  now: T0,
  settings: OPTIMIZER_DEFAULTS,
  job: { job_id: 'run-1', ended: false, phases: ['P1'], phases_since: T0 - 60_000 },
  listening_since: T0 - 60_000,
  parameters: [parameter({ value: 3 })],
  optimizations: [],
  rates: {
    samples: () => [],
    best: () => ({
      measure: { source: 'tasks' },
      samples: [{ from: T0, to: T0 + 1000, rate: 12 }],
    }),
  },
  situation: IDLE,
};

describe("a strategy in a module of one's own", () => {
  const folder = makeTempDir('module');
  const open: OwnStrategies[] = [];
  let log: string[];
  let made = 0;

  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  after(() => removeTempDir(folder));

  /** The module is a real file, loaded in a real thread. */
  function module(source: string): OwnStrategies {
    const path = join(folder, `m${made++}.mjs`);
    writeFileSync(path, source);
    log = [];
    const { logger } = createLogging('debug', { write: (line) => log.push(line) });
    const own = new OwnStrategies(path, logger);
    open.push(own);
    return own;
  }

  it('is asked with what is known, and its ideas are taken as they are', async () => {
    const own = module(`export function propose({ job, parameters, situation, rates, now }) {
      return parameters.map(({ parameter, value }) => ({
        parameter, to: value + rates[0], expected_gain: 0.3, costs: true,
        sentence: [job.job_id, situation.cores, now, Object.keys(process.env).length].join(' '),
      }));
    }`);
    const ideas = await own.ask(QUESTION);
    assert.deepEqual(
      [...ideas],
      [
        [
          'workers',
          {
            ...{ to: 15, sentence: `run-1 4 ${T0} 0`, expected_gain: 0.3, confidence: 0.5 },
            ...{ costs: true, needs_person: false, evidence: [], strategy: 'module' },
          },
        ],
      ],
    );
    assert.deepEqual(log, []);
  });

  it('may have nothing to say', async () => {
    for (const answer of ['[]', 'null', 'undefined', 'Promise.resolve([])'])
      assert.equal((await module(`export const propose = () => ${answer};`).ask(QUESTION)).size, 0);
    assert.deepEqual(log, []);
  });

  it('that throws, is no module or answers nonsense is told of, and not asked a fourth time', async () => {
    const idea = "parameter: 'p', sentence: 's'";
    for (const [source, words] of [
      ["export function propose() { throw new Error('no idea') }", /no idea/],
      ["throw new Error('at once'); export function propose() {}", /at once/],
      ['export const propose = 5;', /exports no function \\?"propose/],
      ['this is no JavaScript', /failed/],
      ['export const propose = () => 7;', /not a list of changes/],
      [`export const propose = () => [{ ${idea} }];`, /not a list of changes: \/0\/to/],
      [`export const propose = () => [{ ${idea}, to: {} }];`, /\/0\/to/],
      [`export const propose = () => [{ ${idea}, to: 1, confidence: 2 }];`, /\/0\/confidence/],
      [`export const propose = () => [{ ${idea}, to: () => 1 }];`, /could not be cloned/],
      ['export const propose = () => process.exit(3);', /its thread ended/],
    ] as const) {
      const own = module(source);
      for (let call = 0; call < 5; call++) assert.equal((await own.ask(QUESTION)).size, 0);
      assert.equal(log.length, 3, `${source}: ${log.join()}`);
      assert.match(log[0] ?? '', words);
      assert.match(log[2] ?? '', /not asked again until the next start/);
    }
  });

  it('that never answers is cut off, and neither stops the service nor is asked twice at once', async function () {
    this.timeout(30_000);
    const own = module('let n = 0; export const propose = () => n++ ? new Promise(() => {}) : [];');
    assert.equal((await own.ask(QUESTION)).size, 0);
    const began = performance.now();
    let turns = 0;
    const turning = setInterval(() => turns++, 20);
    const [first, second] = await Promise.all([own.ask(QUESTION), own.ask(QUESTION)]);
    clearInterval(turning);
    assert.deepEqual([first.size, second.size], [0, 0]);
    assert.ok(performance.now() - began < 4000);
    assert.ok(turns > 10, `${turns} turns`);
    assert.equal(log.length, 1);
    assert.match(log[0] ?? '', /took longer than 1000 ms/);
  });

  it('that computes for ever is ended with its thread', async function () {
    this.timeout(30_000);
    const own = module(
      'let n = 0; export const propose = () => { if (n++) for (;;); return []; };',
    );
    await own.ask(QUESTION);
    assert.equal((await own.ask(QUESTION)).size, 0);
    assert.match(log[0] ?? '', /took longer than 1000 ms/);
    // A new thread, whose count begins anew: it answers.
    await own.ask(QUESTION);
    assert.equal(log.length, 1);
  });

  it('is named by an absolute path', () => {
    const { logger } = createLogging('error', { write: () => undefined });
    assert.throws(() => new OwnStrategies('./mine.mjs', logger), {
      code: 'CONFIG_INVALID',
      message: /"optimizer_module" is "\.\/mine\.mjs": give the absolute path/,
    });
  });
});

describe('a service that its owner gave a strategy', () => {
  const start = useServices();
  const folder = makeTempDir('module');
  after(() => removeTempDir(folder));

  it('proposes what the module says, once enough is known of the throughput', async function () {
    this.timeout(60_000);
    const path = join(folder, 'mine.mjs');
    writeFileSync(
      path,
      `export const propose = ({ rates }) => rates.length < 1 ? [] : [
        { parameter: 'depth', to: 5, sentence: 'Deeper is better.', needs_person: true },
        { parameter: 'nobody', to: 5, sentence: 'It is not offered.' },
      ];`,
    );
    const optimizer = { auto: true, window_ms: 2000 };
    const config = { optimizer_module: path, optimizer, sampling: { host_interval_ms: 0 } };
    const to = await start({ config });
    const offer = { type: 'parameter.offered', parameter: 'depth', value: 3 };
    await send(to, [
      { type: 'job.started', job_id: 'run-1' },
      { type: 'phase.started', job_id: 'run-1', phase_id: 'P1' },
      { ...offer, job_id: 'run-1', minimum: 1, maximum: 9 },
    ]);
    let items_done = 0;
    const working = setInterval(() => {
      const progress = { type: 'phase.progress', job_id: 'run-1', phase_id: 'P1' };
      void send(to, { ...progress, items_done: (items_done += 10) }).catch(() => undefined);
    }, 250);
    const one = await eventually(
      async () => {
        const path = '/api/v1/optimizations';
        const found = await getJson<{ optimizations: OptimizationRecord[] }>(to, path);
        return found.optimizations[0];
      },
      'It was proposed',
      40_000,
    ).finally(() => clearInterval(working));
    assert.deepEqual([one.strategy, one.from, one.to], ['module', 3, 5]);
    assert.deepEqual([one.sentence, one.state], ['Deeper is better.', 'proposed']);
  });

  it('does not start with one that is not named by an absolute path', async () => {
    await assert.rejects(start({ config: { optimizer_module: 'mine.mjs' } }), {
      code: 'CONFIG_INVALID',
    });
  });
});
