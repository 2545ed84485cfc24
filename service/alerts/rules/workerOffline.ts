import { duration } from '../../protocol/describe.ts';
import { BETWEEN, type KindPart, beginning } from './kind.ts';

/** The watch finds out who is silent, after `worker_offline_ms` of the configuration (300 s in the reference document 002). */
export const workerOffline: KindPart<'worker_offline'> = {
  kind: 'worker_offline',
  watches: 'worker',
  unit: () => null,
  bound: null,
  scope: ['worker', 'labels'],
  builtin: true,
  begin: () =>
    beginning('worker_offline', { name: 'Worker offline', severity: 'ERROR', params: {} }),
  judge: ({ worker_id, state, last_seen, silent_ms }) => {
    if (state === 'ONLINE') return { is: 'good', why: 'The worker is back.' };
    if (state === 'STOPPED') return { is: 'good', why: 'The worker was stopped.' };
    if (last_seen === 0) return BETWEEN;
    const finding = {
      title: `Worker ${worker_id} is offline`,
      description: `Nothing has been heard of worker ${worker_id} for ${duration(silent_ms)}. Check its machine and network.`,
      metric: 'silent_ms',
      value: silent_ms,
    };
    return { is: 'bad', finding, occasion: String(last_seen) };
  },
};
