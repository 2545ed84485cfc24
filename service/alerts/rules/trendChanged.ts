import { ON_FINDINGS, judgeFound } from './found.ts';
import { type KindPart, beginning } from './kind.ts';

/** A phase or job has become worse from one run on: told once for each change. */
export const trendChanged: KindPart<'trend_changed'> = {
  ...ON_FINDINGS,
  watches: 'finding',
  kind: 'trend_changed',
  scope: ['pipeline', 'phase', 'subject', 'labels'],
  begin: () =>
    beginning('trend_changed', { name: 'Worse than before', params: { least_percent: 10 } }),
  judge: (found, { params }) => judgeFound(found, 'change', found.measure >= params.least_percent),
};
