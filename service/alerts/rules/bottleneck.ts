import { ON_FINDINGS, judgeFound } from './found.ts';
import { type KindPart, beginning } from './kind.ts';

/** Something is used up, or waits, and holds a run back. */
export const bottleneck: KindPart<'bottleneck'> = {
  ...ON_FINDINGS,
  watches: 'finding',
  kind: 'bottleneck',
  // What costs less than half of the run is seen on the dashboard, and wakes nobody.
  begin: () =>
    beginning('bottleneck', {
      name: 'Bottleneck',
      for_ms: 30_000,
      params: { least_impact_percent: 50 },
    }),
  judge: (found, { params }) =>
    judgeFound(found, 'bottleneck', found.measure >= params.least_impact_percent),
};
