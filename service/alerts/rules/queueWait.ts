import { duration } from '../../protocol/describe.ts';
import { boundOf, sideOf } from './bound.ts';
import { BETWEEN, type KindPart, beginning } from './kind.ts';

export const queueWait: KindPart<'queue_wait'> = {
  kind: 'queue_wait',
  watches: 'queue',
  unit: () => 'ms',
  bound: ({ threshold_ms }) => ({ direction: 'above', threshold: threshold_ms }),
  scope: ['subject'],
  builtin: true,
  // No document names a limit, and what is long differs with each queue: off until somebody says so.
  begin: () =>
    beginning('queue_wait', {
      name: 'Long wait in a queue',
      enabled: false,
      params: { threshold_ms: 600_000 },
    }),
  judge: ({ queue, oldest_wait_ms }, { params: { threshold_ms: threshold }, recovery }) => {
    if (oldest_wait_ms === null) return BETWEEN;
    const side = sideOf(oldest_wait_ms, boundOf({ direction: 'above', threshold }, recovery));
    if (side === 'between') return BETWEEN;
    if (side === 'good')
      return { is: 'good', why: `Its oldest task has waited for ${duration(oldest_wait_ms)} now.` };
    const finding = {
      title: `Tasks wait long in ${queue}`,
      description: `The oldest task of queue ${queue} has waited for ${duration(oldest_wait_ms)}; the threshold is ${duration(threshold)}.`,
      metric: 'queue_oldest_wait_ms',
      value: oldest_wait_ms,
      threshold,
    };
    return { is: 'bad', finding, occasion: '' };
  },
};
