import assert from 'node:assert/strict';
import { detectFormat, importerOf } from '../../../service/cli/importers.ts';
import { Domain } from '../../../service/core/domain/domain.ts';
import { workerRecords } from '../../../service/core/domain/queries.ts';
import { newTouched } from '../../../service/core/touched.ts';
import { parseEvents } from '../../../service/protocol/parse.ts';

const NOW = Date.UTC(2026, 0, 5);

/** Each worker and its state, as the service has them right after the import. */
function workersOf(format: 'celery' | 'wfcommons', text: string): string[] {
  assert.equal(detectFormat(text), format);
  const raw = importerOf(format)(text, NOW);
  assert.deepEqual(importerOf(format)(text, NOW), raw);
  const { events, rejected } = parseEvents(raw, { now: NOW, newId: () => 'never' });
  assert.deepEqual(rejected, []);
  const domain = new Domain();
  events.forEach((event, i) => {
    domain.apply({ seq: i + 1, received_at: NOW, event }, newTouched());
  });
  return workerRecords(domain).map(({ worker_id, state }) => `${worker_id} ${state}`);
}

describe('The workers of an imported recording', () => {
  it('of Celery have stopped, also those that it leaves alive', () => {
    const said = (type: string, hostname: string, timestamp: number) =>
      JSON.stringify({ type, hostname, timestamp, uuid: 'u' });
    const begin = NOW / 1000 - 100;
    const lines = [
      said('worker-online', 'alive', begin),
      said('worker-online', 'ended', begin),
      said('worker-offline', 'ended', begin + 5),
      said('worker-heartbeat', 'alive', begin + 9),
      said('task-started', 'other', begin + 9),
    ];
    assert.deepEqual(workersOf('celery', lines.join('\n')).sort(), [
      'alive STOPPED',
      'ended STOPPED',
      'other STOPPED',
    ]);
  });

  it('of WfCommons have stopped', () => {
    const task = { id: 'a', name: 'a', parents: [] };
    const workflow = {
      specification: { tasks: [task] },
      execution: {
        executedAt: '2025-01-05T00:00:00Z',
        tasks: [{ id: 'a', runtimeInSeconds: 2, machines: ['m'] }],
        machines: [{ nodeName: 'm', cpu: { coreCount: 1 } }],
      },
    };
    const text = JSON.stringify({ name: 'run', schemaVersion: '1.5', workflow });
    assert.deepEqual(workersOf('wfcommons', text), ['m STOPPED']);
  });
});
