import assert from 'node:assert/strict';
import {
  queueDescription,
  roughly,
  taskDescription,
  transferRate,
  workerDescription,
  workersInTrouble,
} from '../../../service/protocol/describeWorkers.ts';
import { at, offline, queue, START, task, worker } from '../../src/wire/records.ts';

const now = START + 720_000;

describe('the words about a worker', () => {
  const gpu = worker({ worker_id: 'w', kind: 'gpu', cpu_percent: 62.4, memory_mb: 3277 });

  it('are state, kind, active tasks, CPU and memory, each with its unit', () => {
    assert.equal(
      workerDescription({ ...gpu, active_tasks: 3 }, now),
      'online · gpu · 3 active · CPU 62 % · 3.2 GB',
    );
    assert.equal(workerDescription(worker({ worker_id: 'w' }), now), 'online · idle');
  });

  it('leave out that it is online where the row above says so, and nothing else', () => {
    assert.equal(workerDescription(gpu, now, true), 'gpu · idle · CPU 62 % · 3.2 GB');
    const away = offline({ worker_id: 'w', offline_since: at(0) });
    assert.equal(workerDescription(away, now, true), 'offline for 12 min');
  });

  it('say for how long it has been away, and nothing of what it did last', () => {
    const away = offline({ ...gpu, state: 'OFFLINE', offline_since: at(0), active_tasks: 3 });
    assert.equal(workerDescription(away, now), 'offline for 12 min · gpu');
    assert.equal(
      workerDescription({ ...away, offline_since: null }, now + 3_600_000),
      'offline for 1 h · gpu',
    );
  });

  it('say since when it has been stopped', () => {
    const stopped = worker({ worker_id: 'w', state: 'STOPPED', offline_since: at(0) });
    assert.equal(workerDescription(stopped, now), 'stopped 12 min ago');
  });

  it('say why it is not healthy', () => {
    const failing = { ...gpu, is_healthy: false, consecutive_failures: 4 };
    assert.equal(
      workerDescription(failing, now),
      'unhealthy, 4 failures in a row · gpu · idle · CPU 62 % · 3.2 GB',
    );
  });

  it('count those in trouble by what is wrong', () => {
    const [one, two] = [offline({ worker_id: 'a' }), offline({ worker_id: 'b' })];
    const sick = worker({ worker_id: 'c', is_healthy: false });
    const stopped = worker({ worker_id: 'd', state: 'STOPPED', is_healthy: false });
    const said = (...workers: (typeof one)[]): string => workersInTrouble(workers).text;
    assert.deepEqual(workersInTrouble([one, two, sick, stopped]), {
      total: 3,
      text: '2 workers offline, 1 unhealthy',
    });
    assert.deepEqual(
      [said(one), said(sick), said(stopped)],
      ['1 worker offline', '1 worker unhealthy', ''],
    );
  });
});

describe('a length of time at a glance', () => {
  it('is in seconds, minutes, hours or days', () => {
    const texts = [-5, 59_999, 60_000, 7_200_000, 86_400_000, 172_800_000].map(roughly);
    assert.deepEqual(texts, ['0 s', '59 s', '1 min', '2 h', '1 day', '2 days']);
  });
});

describe('the words about a task', () => {
  const waiting = task({ task_id: 't', submitted_at: at(0) });
  const running = task({ ...waiting, status: 'PROCESSING', started_at: at(1), wait_ms: 1000 });
  const times = { wait_ms: 840, processing_ms: 3100, total_ms: 3940 };

  it('count on while it waits and while it runs', () => {
    assert.equal(taskDescription(waiting, START + 12_400), 'waiting for 12.4 s');
    assert.equal(taskDescription(running, START + 13_400), 'running 12.4 s · waited 1.0 s');
  });

  it('tell wait, processing and total time of one that ended', () => {
    const ended = task({ ...running, ...times, status: 'COMPLETED' });
    assert.equal(taskDescription(ended, now), 'completed in 3.1 s · waited 840 ms · 3.9 s in all');
  });

  it('bring the error before the times, in one line', () => {
    const error = { type: 'ValueError', message: 'no such row\nand more' };
    const failed = task({ ...times, task_id: 't', status: 'FAILED', error, retry_count: 2 });
    assert.equal(
      taskDescription({ ...failed, timed_out: true }, now),
      'failed after 3.1 s · ValueError: no such row · waited 840 ms · 3.9 s in all · timed out · 2 retries',
    );
  });

  it('leave out what is not known', () => {
    assert.equal(taskDescription(task({ task_id: 't' }), now), 'waiting');
    assert.equal(taskDescription(task({ task_id: 't', status: 'PROCESSING' }), now), 'running');
    assert.equal(taskDescription(task({ task_id: 't', status: 'COMPLETED' }), now), 'completed');
  });
});

describe('the words about a queue', () => {
  it('are what its owner sampled, else what its tasks say', () => {
    const sampled = queue({ queue: 'q', kind: 'gpu', pending: 1200, oldest_wait_ms: 185_000 });
    assert.equal(
      queueDescription({ ...sampled, tasks_pending: 3, tasks_processing: 2 }, now),
      '1,200 pending · 2 running · oldest waits 3m 05s · gpu',
    );
    assert.equal(queueDescription(queue({ queue: 'q', tasks_pending: 3 }), now), '3 pending');
    const waiting_since = new Date(now - 65_000).toISOString();
    assert.equal(
      queueDescription(queue({ queue: 'q', tasks_pending: 3, waiting_since }), now),
      '3 pending · oldest waits 1m 05s',
    );
  });
});

describe('a rate of transfer', () => {
  it('has its unit, and a dash where it is not known', () => {
    assert.deepEqual([12.4, 0.34, null].map(transferRate), ['12 MB/s', '0.3 MB/s', '-']);
  });
});
