import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { WorkerRecord } from '../../../../service/protocol/domain.ts';
import {
  COLUMNS,
  listWorkers,
  stateText,
  USUAL,
  workerFacts,
  workersLine,
} from '../../../../webview/elements/workers/list.ts';
import { worker } from '../../../fixtures/work.ts';

const NOW = Date.parse('2026-05-05T10:00:00Z');
const ago = (ms: number): string => new Date(NOW - ms).toISOString();
const EVERY = { text: '', state: 'all' } as const;

const offline = worker('w-off', { state: 'OFFLINE', offline_since: ago(720_000) });
const ill = worker('w-ill', { is_healthy: false, consecutive_failures: 4 });
const busy = worker('w-busy', { active_tasks: 3, cpu_percent: 62, kind: 'gpu', host: 'alpha' });
const idle = worker('w-idle', { cpu_percent: 3, labels: { zone: 'west' } });
const stopped = worker('a-stopped', { state: 'STOPPED' });
const ALL: WorkerRecord[] = [stopped, idle, busy, ill, offline];

const ids = (workers: readonly WorkerRecord[]): string[] =>
  workers.map(({ worker_id }) => worker_id);

describe('the list of workers', () => {
  it('has those first that need somebody', () => {
    assert.deepEqual(ids(listWorkers(ALL, EVERY, USUAL)), [
      ...['w-off', 'w-ill', 'w-busy', 'w-idle', 'a-stopped'],
    ]);
  });

  it('finds by id, host, kind and label, and by state', () => {
    const found = (text: string) => ids(listWorkers(ALL, { ...EVERY, text }, USUAL));
    assert.deepEqual(found('ALPHA'), ['w-busy']);
    assert.deepEqual(found('gpu w-'), ['w-busy']);
    assert.deepEqual(found('zone=west'), ['w-idle']);
    assert.deepEqual(ids(listWorkers(ALL, { text: '', state: 'idle' }, USUAL)), ['w-idle']);
  });

  it('sorts by any column in both directions, with what is not known last', () => {
    const by = (descending: boolean) => ids(listWorkers(ALL, EVERY, { column: 'cpu', descending }));
    assert.deepEqual(by(true).slice(0, 2), ['w-busy', 'w-idle']);
    assert.deepEqual(by(false).slice(0, 2), ['w-idle', 'w-busy']);
  });

  it('keeps every worker, whatever it is sorted by', () => {
    const order = fc.record({ column: fc.constantFrom(...COLUMNS), descending: fc.boolean() });
    fc.assert(
      fc.property(order, (by) => {
        assert.deepEqual(ids(listWorkers(ALL, EVERY, by)).sort(), ids(ALL).sort());
      }),
    );
  });

  it('says a state with how long it has been so, and all states in a line', () => {
    assert.equal(stateText(offline, NOW), 'offline for 12 min');
    assert.equal(stateText(busy, NOW), 'busy');
    assert.equal(
      workersLine(ALL, 5),
      '5 workers: 1 offline, 1 unhealthy, 1 busy, 1 idle, 1 stopped',
    );
  });

  it('says in a narrow row what the columns would', () => {
    assert.equal(workerFacts(busy, NOW), 'gpu · alpha · CPU 62 % · 3 active');
  });
});
