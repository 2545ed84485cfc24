import { count } from '../../protocol/describe.ts';
import { numeral } from '../../protocol/intl.ts';
import { boundOf, sideOf } from './bound.ts';
import { BETWEEN, type KindPart, beginning } from './kind.ts';

export const queueSize: KindPart<'queue_size'> = {
  kind: 'queue_size',
  watches: 'queue',
  unit: () => 'tasks',
  bound: ({ threshold }) => ({ direction: 'above', threshold }),
  scope: ['subject'],
  builtin: true,
  // 100 tasks: reference document 002. A minute, because who submits a batch fills a queue for a moment.
  begin: () =>
    beginning('queue_size', { name: 'Long queue', params: { threshold: 100 }, for_ms: 60_000 }),
  judge: ({ queue, pending }, { params: { threshold }, recovery }) => {
    if (pending === null) return BETWEEN;
    const side = sideOf(pending, boundOf({ direction: 'above', threshold }, recovery));
    if (side === 'between') return BETWEEN;
    if (side === 'good')
      return {
        is: 'good',
        why: count(pending, '{0} task waits in it now.', '{0} tasks wait in it now.'),
      };
    const finding = {
      title: `Queue ${queue} is long`,
      description: `${count(pending, '{0} task waits', '{0} tasks wait')} in queue ${queue}; the threshold is ${numeral(threshold)}.`,
      metric: 'queue_pending',
      value: pending,
      threshold,
    };
    return { is: 'bad', finding, occasion: '' };
  },
};
