import assert from 'node:assert/strict';
import { perHour } from '../../../service/analysis/stages.ts';
import type { Execution } from '../../../service/core/executions.ts';

const NOW = Date.UTC(2026, 0, 5, 10, 0, 0);
const MINUTE = 60_000;

/** An execution of one minute that ended so many minutes before now. */
function ended(minutes: number): Execution {
  const ended_at = NOW - minutes * MINUTE;
  return {
    ...{ job_id: `j${minutes}`, attempt: 1, status: 'COMPLETED' },
    ...{ started_at: ended_at - MINUTE, ended_at },
    ...{ cpu_percent: null, memory_mb: null, items_done: null },
    ...{ error_count: 0, warning_count: 0 },
  };
}

describe('executions an hour', () => {
  const of = (minutes: number[]) => perHour(minutes.map(ended), NOW);

  it('are what ended in the last hour where nothing is older', () => {
    assert.equal(of([1, 2, 3]), 3);
  });

  it('count from the first start on, and the last 24 hours at the most', () => {
    assert.equal(of([10, 239]), 0.5);
    assert.equal(of([10, 60, 3000]), 2 / 24);
    assert.equal(of([3000]), 0);
  });

  it('are not known where nothing has ended', () => {
    assert.equal(of([]), null);
  });
});
