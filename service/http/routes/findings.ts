import { Type } from '@sinclair/typebox';
import type { Monitor } from '../../monitor.ts';
import { FINDING_KINDS, Finding } from '../../protocol/finding.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { ChoicesOf, choicesOf } from '../query.ts';
import { type Route, route } from '../route.ts';

export function findingRoutes({ analyst }: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/findings',
      summary:
        'What the analysis found: what is so now first, in the order of its discovery, then what ended, the newest first.',
      query: Type.Object({
        ...PageQuery,
        kind: ChoicesOf(FINDING_KINDS),
        job_id: Type.Optional(Type.String()),
        open: Type.Optional(
          Type.Boolean({ description: 'true: what is so now; false: what ended' }),
        ),
      }),
      response: PageOf('findings', Finding),
      handle: ({ query }) => {
        const kinds = choicesOf(query.kind, 'kind', FINDING_KINDS);
        const { findings } = analyst;
        const all = [
          ...(query.open === false ? [] : findings.open()),
          ...(query.open === true ? [] : findings.ended()),
        ].filter(
          ({ kind, job_id }) =>
            (kinds?.includes(kind) ?? true) &&
            (query.job_id === undefined || job_id === query.job_id),
        );
        const { items, ...page } = pageOf(all, query);
        return { findings: items, ...page };
      },
    }),
  ];
}
