import { Type } from '@sinclair/typebox';
import { allSilences, endSilence, setSilence, silenceChanges } from '../../commands/silences.ts';
import type { Monitor } from '../../monitor.ts';
import { Matcher, SILENCE_STATES, SilenceRecord } from '../../protocol/silence.ts';
import {
  ByQuery,
  CHANGED,
  MayMatch,
  definitionRoutes,
  perhapsRevision,
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
    ...definitionRoutes({
      ...{ of: 'silence', invalid: 'SILENCE_INVALID', unknown: 'SILENCE_UNKNOWN' },
      making: 'Makes a silence. It begins now unless it says when.',
      changing: 'Changes a silence that is not over. What the body leaves out stays.',
      changingFails: ['SILENCE_EXPIRED'],
      ...{ accepts: JSON_SILENCE, record: SilenceRecord },
      set: (value, edit) => setSilence(monitor, value, edit),
      changes: (silence_id) => silenceChanges(monitor, silence_id),
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
