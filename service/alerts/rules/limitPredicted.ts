import { ON_FINDINGS, judgeFound } from './found.ts';
import { type KindPart, beginning } from './kind.ts';

/** A series is on its way to its limit, and will be there soon. Taken back when the trend breaks. */
export const limitPredicted: KindPart<'limit_predicted'> = {
  ...ON_FINDINGS,
  watches: 'finding',
  kind: 'limit_predicted',
  begin: () =>
    beginning('limit_predicted', {
      name: 'Limit ahead',
      params: { within_ms: 1_800_000, least_confidence_percent: 80 },
    }),
  judge: (found, { params }) =>
    judgeFound(
      found,
      'prediction',
      found.measure <= params.within_ms &&
        found.confidence * 100 >= params.least_confidence_percent,
    ),
};
