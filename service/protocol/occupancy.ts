/** How busy workers were, in equal stretches of time. */
import { type Static, Type } from '@sinclair/typebox';
import { OrNull, Time } from './schema.ts';

const Bins = {
  tasks: Type.Integer(),
  failed: Type.Integer(),
  open: Type.Integer({ description: 'not ended so far' }),
  busy: Type.Array(Type.Number(), { description: 'a bin: how many tasks ran at once, on average' }),
  waiting: Type.Array(Type.Number(), {
    description: 'a bin: how many tasks waited for their start at once, on average',
  }),
  failures: Type.Array(Type.Integer(), { description: 'a bin: how many tasks failed in it' }),
};

export const OccupancyLane = Type.Object({
  worker_id: OrNull(Type.String({ description: 'null: tasks that no worker has taken' })),
  ...Bins,
});
export type OccupancyLane = Static<typeof OccupancyLane>;

export const Occupancy = Type.Object({
  from: Time,
  to: Time,
  bin_ms: Type.Number(),
  tasks: Type.Integer({ description: 'how many there are, filters applied' }),
  lanes: Type.Array(OccupancyLane, { description: 'one a worker, those with most tasks first' }),
  others: OrNull(Type.Object({ workers: Type.Integer({ description: 'added up here' }), ...Bins })),
});
export type Occupancy = Static<typeof Occupancy>;
