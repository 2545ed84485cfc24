import assert from 'node:assert/strict';
import { queueFacts, taskFacts, workerFacts } from '../../../src/views/workFacts.ts';
import { at, offline, queue, START, task, worker } from '../wire/records.ts';

describe('what a hover says', () => {
  it('is every measure of a worker with its unit, its labels and what else it reported', () => {
    const facts = new Map(
      workerFacts(
        worker({
          worker_id: 'w',
          kind: 'gpu',
          cpu_percent: 62.4,
          memory_mb: 3277,
          gpu_percent: 91,
          gpu_memory_mb: 20_480,
          disk_percent: 40,
          disk_read_mb_s: 1.25,
          disk_write_mb_s: 0,
          net_in_mb_s: 120,
          net_out_mb_s: 3,
          ipc_latency_ms: 0.4,
          latency_ms: 12,
          bytes_transferred: 3 * 1024 ** 3,
          labels: { rack: 'B7' },
          extra: { driver: '550.1', gpus: [0, 1] },
        }),
      ),
    );
    const named = ['CPU', 'Memory', 'GPU', 'GPU memory', 'Disk', 'Disk read', 'Disk written'];
    assert.deepEqual(
      named.map((name) => facts.get(name)),
      ['62 %', '3.2 GB', '91 %', '20.0 GB', '40 %', '1.3 MB/s', '0.0 MB/s'],
    );
    assert.deepEqual(
      ['Network in', 'Network out', 'Latency', 'Transferred', 'Label rack', 'driver', 'gpus'].map(
        (name) => facts.get(name),
      ),
      ['120 MB/s', '3.0 MB/s', '12 ms', '3.0 GB', 'B7', '550.1', '[0,1]'],
    );
  });

  it('is the reason where a worker is not well, and no measure that is not known', () => {
    const reason = 'Nothing has been heard of it. Check its machine and network.';
    const facts = new Map(workerFacts(offline({ worker_id: 'w', health_reason: reason })));
    assert.equal(facts.get('Why'), reason);
    assert.ok(!facts.has('CPU') && !facts.has('Why not') && !facts.has('Failures in a row'));
  });

  it('is what a task was about, took and used', () => {
    const failed = task({
      task_id: 't',
      status: 'FAILED',
      job_id: 'j',
      submitted_at: at(0),
      wait_ms: 100,
      confidence: 0.87,
      input_bytes: 2048,
      memory_peak_mb: 700,
      error: { message: 'no row', type: 'ValueError' },
    });
    const facts = new Map(taskFacts(failed, START));
    assert.deepEqual(
      ['State', 'Error', 'Job', 'Waited', 'Confidence', 'Input', 'Memory at most'].map((name) =>
        facts.get(name),
      ),
      ['failed', 'ValueError: no row', 'j', '100 ms', '87 %', '2.0 KB', '700 MB'],
    );
    assert.ok(!facts.has('Processing') && !facts.has('Retries') && !facts.has('Timed out'));
  });

  it('is what a queue told last and what its tasks say', () => {
    const told = queue({ queue: 'q', pending: 12, tasks_pending: 1, sampled_at: at(0) });
    const facts = new Map(queueFacts(told, 0));
    assert.deepEqual([facts.get('Pending'), facts.get('Known to wait')], ['12', '1 task']);
    assert.ok(!new Map(queueFacts(queue({ queue: 'q' }), 0)).has('Pending'));
  });
});
