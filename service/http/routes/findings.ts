import { type Static, Type } from '@sinclair/typebox';
import type { Findings } from '../../analysis/findings.ts';
import { urgentOf } from '../../analysis/urgent.ts';
import type { Monitor } from '../../monitor.ts';
import { FINDING_KINDS, Finding } from '../../protocol/finding.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { ChoicesOf, choicesOf, labelsOf, namesOf } from '../query.ts';
import { type Route, route } from '../route.ts';

const Query = Type.Object({
  ...PageQuery,
  kind: ChoicesOf(FINDING_KINDS),
  job_id: Type.Optional(Type.String()),
  metric: Type.Optional(
    Type.String({
      description: 'one or more metrics, with commas; label.<name>=<value> picks by labels besides',
    }),
  ),
  open: Type.Optional(Type.Boolean({ description: 'true: what is so now; false: what ended' })),
  urgent: Type.Optional(
    Type.Boolean({
      description:
        'true: only what needs attention now, the most urgent first; no improvements, and no changes older than seven days',
    }),
  ),
});
type Query = Static<typeof Query>;

export function findingRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/findings',
      summary:
        'What the analysis found: what is so now first, in the order of its discovery, then what ended, the newest first.',
      query: Query,
      openQuery: true,
      response: PageOf('findings', Finding),
      handle: ({ query }) => {
        const fits = filterOf(query);
        const wanted = listed(monitor.analyst.findings, query).filter(fits);
        const { items, ...page } = pageOf(
          query.urgent === true ? urgentOf(wanted, monitor.now()) : wanted,
          query,
        );
        return { findings: items, ...page };
      },
    }),
  ];
}

function listed(findings: Findings, { open }: Query): Finding[] {
  return [...(open === false ? [] : findings.open()), ...(open === true ? [] : findings.ended())];
}

function filterOf(query: Query): (finding: Finding) => boolean {
  const kinds = choicesOf(query.kind, 'kind', FINDING_KINDS);
  const metrics = namesOf(query.metric, 'metric');
  const labels = labelsOf(query, Query) ?? [];
  return ({ kind, job_id, metric, labels: has }) =>
    (kinds?.includes(kind) ?? true) &&
    (query.job_id === undefined || job_id === query.job_id) &&
    (metrics === undefined || (metric !== null && metrics.includes(metric))) &&
    labels.every(([name, value]) => has[name] === value);
}
