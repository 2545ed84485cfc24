/** A proposal as the service would make it. */
import { randomUUID } from 'node:crypto';
import type { EventOf } from '../../service/protocol/event.ts';
import type { Proposal } from '../../service/protocol/optimization.ts';

export function proposed(
  optimization_id: string,
  proposal: Partial<Proposal> = {},
  time = Date.now(),
): EventOf<'optimization.proposed'> {
  return {
    type: 'optimization.proposed',
    ...{ id: randomUUID(), time, optimization_id },
    proposal: {
      ...{ job_id: 'run-1', parameter: 'workers', from: 2, to: 4, strategy: 'concurrency_up' },
      ...{ title: 'Workers: 2 -> 4', sentence: 'The machine is idle.', expires_at: time + 60_000 },
      ...{ expected_gain: 0.8, confidence: 0.6, evidence: [] },
      ...proposal,
    },
  };
}
