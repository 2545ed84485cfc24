import { duration } from '../../protocol/describe.ts';
import { boundOf, sideOf } from './bound.ts';
import { BETWEEN, type KindPart, beginning } from './kind.ts';

/** After the service was not listening, those who take tasks get so long to tell what they took meanwhile. */
const CATCH_UP_MS = 60_000;
const toTell = (threshold_ms: number) => Math.min(CATCH_UP_MS, threshold_ms);

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
  dueIn: ({ oldest_wait_ms, grows, unsureFor }, { params: { threshold_ms } }) => {
    if (!grows || oldest_wait_ms === null) return null;
    // Bad is what waits for longer than the threshold.
    const left = Math.max(threshold_ms - oldest_wait_ms + 1, unsureFor(toTell(threshold_ms)));
    return left > 0 ? left : null;
  },
  judge: (
    { queue, oldest_wait_ms, unsureFor },
    { params: { threshold_ms: threshold }, recovery },
  ) => {
    if (oldest_wait_ms === null) return BETWEEN;
    const side = sideOf(oldest_wait_ms, boundOf({ direction: 'above', threshold }, recovery));
    if (side === 'between') return BETWEEN;
    if (side === 'bad' && unsureFor(toTell(threshold)) > 0) return BETWEEN;
    if (side === 'good') {
      const wait = `Its oldest task has waited for ${duration(oldest_wait_ms)} now.`;
      return { is: 'good', why: oldest_wait_ms === 0 ? 'No task waits for long in it now.' : wait };
    }
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
