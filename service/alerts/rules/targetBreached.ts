import { BETWEEN, type KindPart, beginning } from './kind.ts';
import { amount } from './words.ts';

export const targetBreached: KindPart<'target_breached'> = {
  kind: 'target_breached',
  watches: 'target',
  unit: () => null,
  bound: null,
  scope: [],
  builtin: true,
  // Reference document 003. Off: its own targets are about the same CPU and errors as the rules of 001 and 002, which
  // would make two alerts of one cause. Who has targets of one's own switches it on.
  begin: () =>
    beginning('target_breached', {
      name: 'Target missed',
      enabled: false,
      params: { level: 'CRITICAL', target_id: null },
      for_ms: 300_000,
    }),
  judge: ({ target_id, status, value, ...target }, { params }) => {
    if (params.target_id !== null && params.target_id !== target_id) return BETWEEN;
    if (status === 'UNKNOWN' || value === null) return BETWEEN;
    const now = amount(value, target.unit);
    if (status === 'OK') return { is: 'good', why: `It is ${now} now.` };
    if (status === 'WARNING' && params.level === 'CRITICAL') return BETWEEN;
    const limit = params.level === 'CRITICAL' ? target.critical : target.target;
    const isMost = target.direction === 'at_most';
    const words =
      params.level === 'CRITICAL'
        ? `it is critical ${isMost ? 'above' : 'below'}`
        : `the target is ${isMost ? 'at most' : 'at least'}`;
    const finding = {
      title: `${target.title} misses its target`,
      description: `${target.title} is ${now}; ${words} ${amount(limit, target.unit)}.`,
      metric: target.metric,
      value,
      threshold: limit,
    };
    return { is: 'bad', finding, occasion: '' };
  },
};
