import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BottleneckDetector } from '../../../../service/analysis/bottlenecks/detector.ts';
import { rankSumZ } from '../../../../service/analysis/bottlenecks/skew.ts';
import { type TaskFact, WorkBook } from '../../../../service/analysis/bottlenecks/workBook.ts';
import { NOW, assertSane, run, told } from './support.ts';

const WHOSE = { job_id: 'run-1', pipeline: 'nightly', phase_id: 'P02' };
const task = (task_id: string, more: Partial<TaskFact>): TaskFact => ({
  ...{ task_id, whose: WHOSE, worker_id: null, queue: 'q' },
  ...{ submitted_at: null, started_at: null, ended_at: null },
  ...more,
});

/** Four workers that take a task each after the other; `takes` says how long, milliseconds. */
function workers(
  detector: BottleneckDetector,
  takes: (worker: number, begin: number) => number,
): (now: number) => void {
  const free = [NOW, NOW + 10, NOW + 20, NOW + 30];
  let count = 0;
  return (now) => {
    free.forEach((begin, n) => {
      let at = begin;
      while (at + takes(n, at) <= now) {
        const ended_at = at + takes(n, at);
        const done = { worker_id: `w${n}`, started_at: at, ended_at };
        detector.task(task(`t${count++}`, done), now);
        at = ended_at;
      }
      free[n] = at;
    });
  };
}

describe('a worker far behind the others', () => {
  const slowFrom = (second: number, factor: number) => {
    const detector = new BottleneckDetector();
    const usual = (n: number, at: number) => 150 + ((n * 37 + at) % 50);
    const work = workers(detector, (n, at) =>
      n === 2 && at >= NOW + second * 1000 ? factor * usual(n, at) : usual(n, at),
    );
    return run(
      30,
      (_, __, now) => {
        work(now);
        return {};
      },
      detector,
    );
  };

  it('is found within five seconds, by its name, with what is lost by it', () => {
    const [skew, ...others] = slowFrom(10, 5);
    assert.deepEqual(others, []);
    assert.ok(skew?.what === 'opened' && skew.at <= 15, `${skew?.at ?? 'never'}`);
    const { kind, worker_id, job_id, phase_id, impact, impact_basis } = skew.bottleneck;
    assert.deepEqual([kind, worker_id, job_id, phase_id], ['SKEW', 'w2', 'run-1', 'P02']);
    assert.equal(impact_basis, 'throughput');
    assert.ok(Math.abs((impact ?? 0) - 0.2) < 0.03, String(impact));
    assert.match(
      skew.bottleneck.sentence,
      /^Worker w2 takes \d+ ms for a task that takes the other 3 workers \d+ ms,/,
    );
    assert.deepEqual(
      skew.bottleneck.evidence_series.map(({ labels }) => labels['worker_id']),
      ['w2', 'w0', 'w1', 'w3'],
    );
  });

  it('is none where all differ by chance', () => {
    assert.deepEqual(slowFrom(10, 1.3), []);
    const detector = new BottleneckDetector();
    let seed = 7;
    // Lengths over two orders of magnitude: one of four is always far behind by chance.
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const lengths = Array.from({ length: 5000 }, () => 20 * Math.exp(4 * random()));
    const work = workers(detector, (n, at) => lengths[(n * 911 + Math.floor(at)) % 5000] ?? 100);
    const happened = run(
      300,
      (_, __, now) => {
        work(now);
        return {};
      },
      detector,
    );
    assert.deepEqual(told(happened), []);
  });

  it('is told from others by ranks', () => {
    assert.equal(rankSumZ([], [1]), 0);
    assert.equal(rankSumZ([1, 2], [1, 2]), 0);
    // (4 * 30 - 60) / sqrt(4 * 30 * 35 / 12)
    const z = rankSumZ([9, 9, 9, 9], Array<number>(30).fill(1));
    assert.ok(Math.abs(z - 60 / Math.sqrt(350)) < 1e-12, String(z));
  });
});

describe('tasks that wait', () => {
  it('are a bottleneck when more come in than are done, until they wait no more', () => {
    const happened = run(40, (n) => {
      const pending = n < 10 ? 1 : n < 20 ? (n - 9) * 5 : Math.max(0, 50 - (n - 19) * 10);
      return {
        queues: [{ queue: 'q', pending, oldest_wait_ms: n >= 11 && pending > 0 ? 1500 : 0 }],
      };
    });
    assert.equal(told(happened)[0], 'QUEUE opened 13');
    assert.equal(happened.length, 2);
    const { labels, impact, impact_basis, evidence_series } = happened[0]?.bottleneck ?? {};
    assert.deepEqual(labels, { queue: 'q' });
    // How long a task takes is not known before one has ended: nor is the share of waiting.
    assert.deepEqual([impact, impact_basis], [null, 'unknown']);
    assert.deepEqual(
      evidence_series?.map(({ metric, aggregation, unit }) => [metric, aggregation, unit]),
      [
        ['queue_pending', 'avg', 'tasks'],
        ['queue_oldest_wait_ms', 'avg', 'ms'],
        ['tasks_submitted', 'rate', 'tasks/s'],
        ['tasks_completed', 'rate', 'tasks/s'],
      ],
    );
  });

  it('are none where a batch is put in at once and gets less', () => {
    const detector = new BottleneckDetector();
    const happened = run(
      30,
      (n, _, now) => {
        if (n === 0)
          for (let i = 0; i < 100; i++) detector.task(task(`t${i}`, { submitted_at: now }), now);
        for (let i = n * 3; i < n * 3 + 3; i++) {
          const ran = { submitted_at: NOW, started_at: now, worker_id: `w${i % 3}` };
          detector.task(task(`t${i}`, ran), now);
          if (i >= 3) {
            const ended = { ...ran, started_at: now - 1000, ended_at: now };
            detector.task(task(`t${i - 3}`, ended), now);
          }
        }
        return {};
      },
      detector,
    );
    assert.deepEqual(happened, []);
  });

  it('say that one worker works where several could', () => {
    const detector = new BottleneckDetector();
    const work = workers(detector, () => 200);
    const happened = run(
      20,
      (n, _, now) => {
        if (n < 5) work(now);
        if (n === 5)
          for (let i = 0; i < 20; i++) detector.task(task(`p${i}`, { submitted_at: now }), now);
        if (n >= 5) {
          const started = { submitted_at: now, started_at: now, worker_id: 'w0' };
          detector.task(task(`p${n}`, started), now);
          detector.task(task(`p${n - 1}`, { ...started, ended_at: now }), now);
        }
        return {};
      },
      detector,
    );
    const [lock] = happened;
    assert.deepEqual([lock?.bottleneck.kind, lock?.bottleneck.worker_id], ['LOCK', 'w0']);
    assert.ok((lock?.at ?? 99) <= 10, String(lock?.at));
    assert.equal(lock?.bottleneck.impact, 0.75);
  });
});

describe('the book of tasks', () => {
  it('moves a task on to where it belongs when more is known of it', () => {
    const book = new WorkBook();
    const unknown = { whose: { job_id: null, pipeline: null, phase_id: null } };
    for (let i = 0; i < 5; i++) {
      const submitted_at = NOW + i;
      book.task(task(`t${i}`, { ...unknown, submitted_at }), NOW + i);
      const began = { submitted_at, started_at: NOW + 100, worker_id: 'w' };
      book.task(task(`t${i}`, began), NOW + 100);
    }
    const [broker, phase] = book.groups.values();
    assert.deepEqual([broker?.waiting.size, broker?.running.size], [0, 0]);
    assert.deepEqual([phase?.waiting.size, phase?.running.size], [0, 5]);
    // What is told again of one that waits does not make it wait less long.
    book.task(task('old', { submitted_at: NOW }), NOW);
    book.task(task('new', { submitted_at: NOW + 500 }), NOW + 500);
    book.task(task('old', { submitted_at: NOW }), NOW + 900);
    assert.deepEqual(
      [...(phase?.waiting ?? [])],
      [
        ['old', NOW],
        ['new', NOW + 500],
      ],
    );
    for (const id of ['old', 'new', 't0', 't1', 't2', 't3', 't4', 'unheard']) book.removed(id);
    assert.deepEqual([phase?.waiting.size, phase?.running.size], [0, 0]);
  });

  it('makes nothing odd of tasks that end before they begin, come twice or in any order', () => {
    const time = fc.integer({ min: NOW - 5000, max: NOW + 100_000_000 });
    const fact = fc.record({
      task_id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      worker_id: fc.constantFrom(null, 'w1', 'w2', 'w3'),
      queue: fc.constantFrom(null, 'q'),
      ...{ submitted_at: fc.option(time), started_at: fc.option(time), ended_at: fc.option(time) },
    });
    const queue = fc.record({
      queue: fc.constantFrom('q', 'r'),
      pending: fc.option(fc.oneof(fc.double(), fc.integer({ min: 0, max: 99 }))),
      oldest_wait_ms: fc.option(fc.oneof(fc.double(), fc.integer({ min: 0, max: 9999 }))),
    });
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 100 }), fc.array(queue), (facts, queues) => {
        const detector = new BottleneckDetector();
        run(
          12,
          (n, __, now) => {
            for (const one of facts.slice(n)) detector.task({ ...one, whose: WHOSE }, now);
            return { queues: queues.slice(n) };
          },
          detector,
        ).forEach(({ bottleneck, at }) => assertSane(bottleneck, NOW + at * 1000));
      }),
      { numRuns: 100 },
    );
  });

  it('holds no more than its bounds, whatever comes, and forgets what is over', () => {
    const time = fc.option(fc.integer({ min: NOW - 200_000, max: NOW + 200_000 }));
    const fact = fc.record({
      task_id: fc.string(),
      worker_id: fc.option(fc.string()),
      queue: fc.option(fc.string()),
      phase: fc.option(fc.string()),
      ...{ submitted_at: time, started_at: time, ended_at: time },
    });
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 400 }), (facts) => {
        const book = new WorkBook();
        for (const { phase, ...one } of facts)
          book.task({ ...one, whose: { ...WHOSE, phase_id: phase } }, NOW);
        assert.ok(book.groups.size <= 200);
        for (const { workers: all } of book.groups.values())
          for (const { took } of all.values())
            assert.ok(took.length <= 16 && took.every((ms) => ms >= 0));
        book.forget(NOW + 1_000_000);
        assert.equal(book.groups.size, 0);
      }),
      { numRuns: 50 },
    );
  });
});
