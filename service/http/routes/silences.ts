import { Type } from '@sinclair/typebox';
import { allSilences, endSilence, setSilence } from '../../commands/silences.ts';
import type { Monitor } from '../../monitor.ts';
import { Matcher, SILENCE_STATES, SilenceRecord } from '../../protocol/silence.ts';
import {
  ByQuery,
  IfMatch,
  MayMatch,
  jsonOf,
  named,
  perhapsRevision,
  revisionOf,
  tagged,
} from '../definitions.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { ChoicesOf, choicesOf } from '../query.ts';
import { type Route, param, route } from '../route.ts';

const Instant = Type.Union([Type.String({ maxLength: 64 }), Type.Number()], {
  description: 'an RFC 3339 time or epoch milliseconds',
});
/** Checked where it is understood. */
const SilenceInput = Type.Object(
  {
    matchers: Type.Optional(
      Type.Array(Matcher, { description: '1 to 20; all of them must match' }),
    ),
    starts_at: Type.Optional(Instant),
    ends_at: Type.Optional(Instant),
    for_ms: Type.Optional(Type.Integer({ description: 'in place of `ends_at`; a year at most' })),
    comment: Type.Optional(Type.String({ description: 'why, at most 2000 letters' })),
  },
  {
    additionalProperties: true,
    description: 'a silence; the fields of a SilenceRecord are ignored',
  },
);
const JSON_SILENCE = { 'application/json': SilenceInput };
const SILENCE = { field: 'silence_id', code: 'SILENCE_INVALID' } as const;
const CHANGED = ['DEFINITION_CHANGED', 'DEFINITION_REVISION_MISSING'] as const;

export function silenceRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/silences',
      summary: 'Silences: those in effect first, then those to come, then those that are over.',
      query: Type.Object({ ...PageQuery, state: ChoicesOf(SILENCE_STATES) }),
      response: PageOf('silences', SilenceRecord),
      handle: ({ query }) => {
        const states = choicesOf(query.state, 'state', SILENCE_STATES);
        const silences = allSilences(monitor).filter(
          ({ state }) => states?.includes(state) ?? true,
        );
        const { items, ...page } = pageOf(silences, query);
        return { silences: items, ...page };
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/silences',
      summary: 'Makes a silence. It begins now unless it says when.',
      query: ByQuery,
      accepts: JSON_SILENCE,
      response: SilenceRecord,
      status: 201,
      fails: ['SILENCE_INVALID', 'DEFINITIONS_FULL'],
      handle: async ({ body, query }) =>
        tagged(await setSilence(monitor, jsonOf(body), { mode: 'create', by: query.by }), 201),
    }),
    route({
      method: 'PUT',
      path: '/api/v1/silences/:silence_id',
      summary: 'Changes a silence that is not over. What the body leaves out stays.',
      query: ByQuery,
      headers: IfMatch,
      accepts: JSON_SILENCE,
      response: SilenceRecord,
      fails: ['SILENCE_INVALID', 'SILENCE_UNKNOWN', 'SILENCE_EXPIRED', ...CHANGED],
      handle: async (request) => {
        const revision = revisionOf(request.headers);
        const id = param(request, 'silence_id');
        const value = named(jsonOf(request.body), { ...SILENCE, id });
        const edit = { mode: 'change', revision, by: request.query.by } as const;
        return tagged(await setSilence(monitor, value, edit));
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/silences/:silence_id',
      summary: 'Ends a silence. It stays in the list as one that is over.',
      query: ByQuery,
      headers: MayMatch,
      response: SilenceRecord,
      fails: ['SILENCE_UNKNOWN', ...CHANGED],
      handle: async (request) => {
        const edit = { revision: perhapsRevision(request.headers), by: request.query.by };
        return tagged(await endSilence(monitor, param(request, 'silence_id'), edit));
      },
    }),
  ];
}
