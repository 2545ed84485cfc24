import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { Findings } from '../../../service/analysis/findings.ts';
import { Situations } from '../../../service/analyst/situations.ts';
import { Model } from '../../../service/core/fold.ts';
import { newTouched } from '../../../service/core/touched.ts';
import { createLogging } from '../../../service/logger.ts';
import type { Event } from '../../../service/protocol/event.ts';
import type { CustomStrategy } from '../../../service/protocol/optimizer.ts';
import { SeriesStore } from '../../../service/series/store.ts';
import { foundAt } from '../../support/finding.ts';
import { eventually } from '../../support/service.ts';

const START = Date.UTC(2026, 0, 15);
const LIMITS = { max_series: 100, max_per_metric: 100, system_hours: 24, series_days: 30 };
const DRAIN: CustomStrategy = {
  ...{ name: 'drain', parameter: 'workers', change: { add: 2 } },
  when: [{ metric: 'queue_pending', above: 100, for_ms: 30_000 }],
};

/** A real store of series with a clock of its own, and the strategies in question. */
class World {
  now = START;
  readonly store = new SeriesStore({ ...LIMITS, clock: () => this.now });
  readonly findings = new Findings();
  readonly model = new Model();
  readonly situations: Situations;
  #seq = 0;

  constructor(...strategies: CustomStrategy[]) {
    this.situations = new Situations({
      ...{ series: this.store, findings: this.findings, model: this.model },
      logger: createLogging('error', { write: () => undefined }).logger,
      settings: { config: { optimizer: { strategies } } },
    });
    this.tell({ type: 'job.started', job_id: 'run-1' });
  }

  tell(event: object): void {
    const full = { id: `e${this.#seq}`, time: this.now, ...event } as Event;
    this.model.apply({ seq: ++this.#seq, received_at: this.now, event: full }, newTouched());
  }

  seconds(count: number, pending: (second: number) => Record<string, number>): void {
    for (let second = 0; second < count; second++) {
      this.now += 1000;
      for (const [queue, value] of Object.entries(pending(second)))
        this.store.append({
          ...{ metric: 'queue_pending', labels: { queue }, kind: 'gauge', time: this.now, value },
        });
    }
  }

  of() {
    const job = this.model.jobs.get('run-1') ?? assert.fail();
    return this.situations.of(job, { now: this.now, parameters: [], phases: [] });
  }

  async holds(): Promise<boolean> {
    this.now += 3000;
    let asked = this.of().conditions;
    const before = asked;
    this.situations.refresh(this.now);
    await eventually(() => (asked = this.of().conditions) !== before, 'The series were asked');
    return asked.has('drain');
  }
}

describe('the situation that strategies look at', () => {
  it('has the conditions that have held all the time, in one series at least', async () => {
    const world = new World(DRAIN);
    assert.equal(await world.holds(), false);
    world.seconds(40, () => ({ gpu: 10, cpu: 0 }));
    world.seconds(5, () => ({ gpu: 10_000, cpu: 0 }));
    assert.equal(await world.holds(), false);
    world.seconds(40, () => ({ gpu: 101, cpu: 0 }));
    assert.equal(await world.holds(), true);
    world.seconds(1, () => ({ gpu: 99, cpu: 0 }));
    assert.equal(await world.holds(), false);
  });

  it('needs all conditions, and takes the mean of 10 s where no time is given', async () => {
    const when = [{ metric: 'queue_pending', labels: { queue: 'gpu' }, above: 5, below: 50 }];
    const world = new World({ ...DRAIN, when });
    world.seconds(10, (second) => ({ gpu: second % 2 ? 0 : 20, cpu: 500 }));
    assert.equal(await world.holds(), true);
    const both = new World({ ...DRAIN, when: [...when, { metric: 'nobody_knows', above: 1 }] });
    both.seconds(10, () => ({ gpu: 20 }));
    assert.equal(await both.holds(), false);
  });

  it('has the findings of the job and of its machine, and none of other workers', () => {
    const world = new World();
    const nobody = { job_id: null, pipeline: null, phase_id: null };
    const at = (id: string, changes: object) =>
      world.findings.set(foundAt(START, { finding_id: id, ...nobody, ...changes }));
    at('machine', { labels: { source: 'host' } });
    at('mine', { job_id: 'run-1' });
    at('theirs', { job_id: 'run-2' });
    at('w-9', { worker_id: 'w-9', labels: { source: 'worker', worker_id: 'w-9' } });
    const ids = () => world.of().findings.map(({ finding_id }) => finding_id);
    assert.deepEqual(ids(), ['machine', 'mine']);
    world.tell({ type: 'job.started', job_id: 'run-1', worker_id: 'w-9', time: START + 1 });
    assert.deepEqual(ids(), ['machine', 'mine', 'w-9']);
    world.tell({ type: 'worker.registered', worker_id: 'w-9', host: 'far-away', time: START + 2 });
    assert.deepEqual(ids(), ['mine', 'w-9']);
    world.tell({ type: 'worker.heartbeat', worker_id: 'w-9', host: hostname(), time: START + 3 });
    assert.deepEqual(ids(), ['machine', 'mine', 'w-9']);
  });
});
