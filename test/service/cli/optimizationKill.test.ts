import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlAnswer, OptimizationRecord } from '../../../service/protocol/optimization.ts';
import type { TrackedProcess } from '../../support/processes.ts';
import { eventually } from '../../support/service.ts';
import { useCli } from './cli.ts';

const CONFIG = {
  // Nothing else on a busy machine is to speak against a change.
  sampling: { host_interval_ms: 0 },
  optimizer: {
    ...{ auto: true, window_ms: 2000, cooldown_ms: 0 },
    strategies: [
      {
        ...{ name: 'more', parameter: 'workers', expected_gain: 0.5, costs: true },
        when: [{ metric: 'pressure', above: 1 }],
        change: { multiply: 2 },
      },
    ],
  },
};
const UNDER_WAY = ['proposed', 'sent', 'applied', 'worse', 'no_gain'];

/** A pipeline in this process that outlives the service: 25 items a quarter of a second for each worker, up to two. */
class Pipeline {
  url = '';
  token = '';
  /** Requests by what they ask, in their order; each id counts once. */
  readonly asked = new Map<string, number>();
  /** False while it hears what it is asked, and says nothing. */
  answers = false;
  #workers = 1;
  #items = 0;
  #isOver = false;

  async run(): Promise<void> {
    await this.#send([
      { type: 'job.started', pipeline: 'listening' },
      { type: 'phase.started', phase_id: 'work' },
      this.#offer(),
    ]);
    while (!this.#isOver) {
      await sleep(250);
      this.#items += 25 * Math.min(this.#workers, 2);
      await this.#send([
        { type: 'phase.progress', phase_id: 'work', items_done: this.#items },
        { type: 'metric.recorded', name: 'pressure', value: 5 },
      ]);
      await this.#listen();
    }
  }

  end(): void {
    this.#isOver = true;
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}${path}`, { headers: this.#headers() });
    return (await response.json()) as T;
  }

  async #listen(): Promise<void> {
    const found = await this.get<ControlAnswer>('/api/v1/control?job_id=run').catch(() => null);
    for (const { optimization_id, value } of found?.requests ?? []) {
      this.asked.set(optimization_id, Number(value));
      if (!this.answers) continue;
      this.#workers = Number(value);
      const answer = { type: 'optimization.answered', optimization_id, outcome: 'applied' };
      await this.#send([answer, this.#offer()]);
    }
  }

  #offer() {
    const range = { minimum: 1, maximum: 2, kind: 'concurrency' };
    return { type: 'parameter.offered', parameter: 'workers', value: this.#workers, ...range };
  }

  #headers() {
    return { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' };
  }

  /** Until it is taken: the service is away for a moment. */
  async #send(events: object[]): Promise<void> {
    const stamped = events.map((one) => ({
      id: randomUUID(),
      job_id: 'run',
      time: Date.now(),
      ...one,
    }));
    const body = JSON.stringify(stamped);
    while (!this.#isOver) {
      const init = { method: 'POST', headers: this.#headers(), body };
      const answer = await fetch(`${this.url}/api/v1/events`, init).catch(() => null);
      if (answer?.ok) return;
      await sleep(50);
    }
  }
}

describe('a service that is killed in the middle of a change', () => {
  const cli = useCli();

  it('asks for it once, measures it after the restart, and has one under way at a time', async function () {
    this.timeout(120_000);
    const folder = cli.folder();
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify(CONFIG));
    const dataDir = join(folder, 'data');
    const pipeline = new Pipeline();
    const serve = async (): Promise<TrackedProcess> => {
      const env = { PIPESCOPE_CONFIG: file };
      const { service, ready } = await cli.serve(dataDir, ['--port', '0'], { env });
      const tokens = JSON.parse(readFileSync(join(dataDir, 'tokens.json'), 'utf8')) as {
        admin: string;
      };
      pipeline.token = tokens.admin;
      pipeline.url = ready.url;
      return service;
    };
    const all = async () =>
      (await pipeline.get<{ optimizations: OptimizationRecord[] }>('/api/v1/optimizations'))
        .optimizations;
    const inState = (...states: string[]) =>
      eventually(
        async () => {
          const records = await all();
          const open = records.filter(({ state }) => UNDER_WAY.includes(state));
          assert.ok(open.length <= 1, JSON.stringify(open));
          return records.find(({ state }) => states.includes(state));
        },
        `A state of ${states.join()}`,
        40_000,
      );
    const kill = async (service: TrackedProcess) => {
      service.kill('SIGKILL');
      await service.exited;
    };

    const first = await serve();
    const running = pipeline.run();
    try {
      const sent = await inState('sent');
      await eventually(() => pipeline.asked.size === 1, 'The pipeline heard of it');
      await kill(first);
      const second = await serve();
      pipeline.answers = true;
      const applied = await inState('applied');
      assert.equal(applied.optimization_id, sent.optimization_id);
      await kill(second);
      await serve();
      const over = await inState('kept', 'rolled_back', 'unmeasured', 'not_taken_back');
      assert.equal(over.optimization_id, sent.optimization_id);
      assert.deepEqual([over.state, over.from, over.to], ['kept', 1, 2]);
      assert.ok((over.measured_gain ?? 0) > 0.7, String(over.measured_gain));
      assert.deepEqual([...pipeline.asked], [[sent.optimization_id, 2]]);
      assert.equal((await all()).length, 1);
    } finally {
      pipeline.end();
      await running;
    }
  });
});
