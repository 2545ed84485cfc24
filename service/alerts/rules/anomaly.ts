import { ON_FINDINGS, judgeFound } from './found.ts';
import { type KindPart, beginning } from './kind.ts';

/** A series does what it never does. The analysis says from which score on that is so. */
export const anomaly: KindPart<'anomaly'> = {
  ...ON_FINDINGS,
  watches: 'finding',
  kind: 'anomaly',
  begin: () =>
    // Twice as surprising as what is unusual: of a hundred series one is unusual every few minutes.
    beginning('anomaly', {
      name: 'Unusual values',
      severity: 'INFO',
      params: { least_score_percent: 99 },
    }),
  judge: (found, { params }) =>
    judgeFound(found, 'anomaly', found.measure >= params.least_score_percent),
};
