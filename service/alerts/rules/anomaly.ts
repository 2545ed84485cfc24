import { judgeFound } from './found.ts';
import { type KindPart, beginning } from './kind.ts';

/** A series does what it never does. The analysis says from which score on that is so. */
export const anomaly: KindPart<'anomaly'> = {
  kind: 'anomaly',
  watches: 'finding',
  unit: () => null,
  bound: null,
  scope: ['pipeline', 'phase', 'worker', 'subject', 'labels'],
  builtin: true,
  begin: () =>
    beginning('anomaly', { name: 'Unusual values', params: { least_score_percent: 90 } }),
  judge: (found, { params }) =>
    judgeFound(found, 'anomaly', found.measure >= params.least_score_percent),
};
