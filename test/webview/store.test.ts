import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RecordsFrame } from '../../service/protocol/frame.ts';
import type { Part, Timing } from '../../webview/notifier.ts';
import { Store } from '../../webview/store.ts';
import { alert, emptyFrame, job, phase, sample } from '../fixtures/frames.ts';

/** Time that only moves when a test says so. */
class Hand implements Timing {
  #now = 0;
  #work: { at: number; run: () => void }[] = [];
  now(): number {
    return this.#now;
  }
  after(ms: number, run: () => void): void {
    this.#work.push({ at: this.#now + ms, run });
  }
  turn(): Promise<void> {
    return Promise.resolve();
  }
  drawn(): Promise<void> {
    return Promise.resolve();
  }
  /** What runs in this time takes none of it. */
  async pass(ms: number): Promise<void> {
    this.#now += ms;
    const due = this.#work.filter(({ at }) => at <= this.#now);
    this.#work = this.#work.filter(({ at }) => at > this.#now);
    for (const { run } of due) run();
    await settled();
  }
}

/** What was told has been shown. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const count = (store: Store, parts: Part[]): (() => number) => {
  let calls = 0;
  store.subscribe(parts, () => calls++);
  return () => calls;
};

describe('the store of the dashboard', () => {
  it('shows the first frame at once, and gathers what follows for 60 ms', async () => {
    const time = new Hand();
    const store = new Store(time);
    const jobs = count(store, ['jobs']);
    store.apply(emptyFrame({ jobs: [job({ job_id: 'a' })] }));
    assert.equal(jobs(), 1);
    await settled();
    for (let n = 0; n < 100; n++) store.apply(emptyFrame({ jobs: [job({ job_id: `b${n}` })] }));
    assert.equal(jobs(), 1);
    await time.pass(60);
    assert.equal(jobs(), 2);
  });

  it('waits for at least half as long as the showing took', async () => {
    const time = new Hand();
    const store = new Store(time);
    let calls = 0;
    store.subscribe(['jobs'], async () => {
      calls++;
      await time.pass(180);
    });
    store.apply(emptyFrame({ jobs: [job({ job_id: 'a' })] }));
    await settled();
    await settled();
    store.apply(emptyFrame({ jobs: [job({ job_id: 'b' })] }));
    await time.pass(80);
    assert.equal(calls, 1);
    await time.pass(20);
    assert.equal(calls, 2);
  });

  it('tells of what comes while it tells, and nobody who has left meanwhile', async () => {
    const time = new Hand();
    const store = new Store(time);
    let left = 0;
    const stop = store.subscribe(['jobs'], () => left++);
    const told = count(store, ['jobs']);
    stop();
    const leave: (() => void)[] = [];
    store.subscribe(['jobs'], () => {
      if (told() === 1) store.apply(emptyFrame({ jobs: [job({ job_id: 'b' })] }));
      for (const one of leave) one();
    });
    leave.push(store.subscribe(['jobs'], () => left++));
    store.apply(emptyFrame({ jobs: [job({ job_id: 'a' })] }));
    await settled();
    assert.deepEqual([told(), left], [1, 0]);
    await time.pass(100);
    assert.deepEqual([told(), left], [2, 0]);
  });

  it('tells only those who show what changed', async () => {
    const time = new Hand();
    const store = new Store(time);
    store.apply(emptyFrame());
    await settled();
    const alerts = count(store, ['alerts']);
    const jobs = count(store, ['jobs']);
    await time.pass(1000);
    store.apply(emptyFrame({ alerts: [alert({ alert_id: 'x' })] }));
    assert.deepEqual([alerts(), jobs()], [1, 0]);
  });

  it('never lets an older record replace a newer one, in any order of frames', () => {
    const frames = Array.from({ length: 6 }, (_, n) =>
      emptyFrame({ jobs: [job({ job_id: 'a', seq: n, message: `state ${n}` })] }),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(frames, { minLength: 1 }), (some: RecordsFrame[]) => {
        const store = new Store(new Hand());
        for (const frame of some) store.apply(frame);
        const newest = Math.max(...some.map((frame) => frame.jobs[0]?.seq ?? -1));
        assert.equal(store.jobs.get('a')?.message, `state ${newest}`);
      }),
    );
  });

  it('forgets everything before a reset, and what is removed', () => {
    const store = new Store(new Hand());
    store.apply(emptyFrame({ jobs: [job({ job_id: 'a' }), job({ job_id: 'b' })] }));
    store.apply(emptyFrame({ removed: [{ kind: 'job', job_id: 'a' }] }));
    assert.deepEqual([...store.jobs.keys()], ['b']);
    store.apply(emptyFrame({ reset: true, jobs: [job({ job_id: 'c' })] }));
    assert.deepEqual([...store.jobs.keys()], ['c']);
  });

  it('keeps the phases of the shown job only', () => {
    const store = new Store(new Hand());
    store.select('a');
    const mine = phase({ job_id: 'a', phase_id: 'P1', index: 1 });
    const first = phase({ job_id: 'a', phase_id: 'P0', index: 0 });
    store.apply(emptyFrame({ phases: [mine, phase({ job_id: 'b', phase_id: 'P0' }), first] }));
    assert.deepEqual(store.detail?.orderedPhases(), [first, mine]);
    store.select('b');
    assert.deepEqual(store.detail?.orderedPhases(), []);
  });

  it('keeps samples in order of time, and takes a wider one for the narrow ones it holds', () => {
    const store = new Store(new Hand());
    store.select('a');
    const at = (second: number, width = 1000): ReturnType<typeof sample> =>
      sample({
        job_id: 'a',
        time: new Date(second * 1000).toISOString(),
        width_ms: width,
        cpu_percent: second,
      });
    store.apply(emptyFrame({ resources: [at(3), at(1), at(2), at(9)] }));
    store.apply(emptyFrame({ resources: [at(1, 5000)] }));
    const seen = store.detail?.samples
      .all()
      .map(({ time, width_ms }) => [Date.parse(time), width_ms]);
    assert.deepEqual(seen, [
      [1000, 5000],
      [9000, 1000],
    ]);
  });

  it('stays bounded when a job logs without end, and keeps the newest lines', () => {
    const store = new Store(new Hand());
    store.select('a');
    for (let n = 0; n < 3000; n++)
      store.apply(
        emptyFrame({
          logs: [
            {
              log_id: `l${n}`,
              job_id: 'a',
              phase_id: 'P0',
              worker_id: null,
              level: 'warning',
              time: new Date(n).toISOString(),
              message: `line ${n}`,
              details: {},
              error: null,
              seq: n,
            },
          ],
        }),
      );
    assert.equal(store.detail?.logs.size, 2000);
    assert.equal(store.detail?.logsOf('P0').at(-1)?.message, 'line 2999');
  });

  it('knows since when the line is down, however often it is tried again', () => {
    const store = new Store(new Hand());
    store.connected({ state: 'connected', since: 1 });
    store.connected({ state: 'disconnected', since: 100 });
    store.connected({ state: 'connecting', since: 200 });
    store.connected({ state: 'disconnected', since: 300 });
    assert.equal(store.connection.since, 100);
  });
});
