/** The way of a browser page to its token: whoever has the token asks for a code, the page trades it. */
import { Type } from '@sinclair/typebox';
import { job } from '../../protocol/eventParts.ts';
import { ProductError } from '../../protocol/errors.ts';
import { OrNull } from '../../protocol/schema.ts';
import { type AccessCodes, CODE_LIFE_MS } from '../accessCodes.ts';
import { TRADE_PATH, tokenOf } from '../guard.ts';
import { ownerOf } from '../peer.ts';
import { Answer, type Route, route } from '../route.ts';

export interface AccessSources {
  codes: AccessCodes;
  /** What a code is traded for. */
  token: string;
}

const CODE_WRONG =
  'The access code is not right: it was used before, it is too old, or another user asked for it. Open the page again.';

export function accessCodeRoutes({ codes, token }: AccessSources): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/access-codes',
      summary:
        'A code that opens the dashboard once, as /enhanced-monitor#code=<code>; for programs of the same user only.',
      body: Type.Object(
        { job_id: Type.Optional(job.job_id) },
        { additionalProperties: false, description: '`job_id`: the job to show' },
      ),
      status: 201,
      response: Type.Object({
        code: Type.String(),
        expires_in_ms: Type.Integer({ description: 'how long it can be used' }),
      }),
      handle: async ({ input, peer }) => {
        const code = codes.make({ owner: await ownerOf(peer), jobId: input.job_id ?? null });
        return new Answer({ code, expires_in_ms: CODE_LIFE_MS }, { status: 201 });
      },
    }),
    route({
      method: 'POST',
      path: TRADE_PATH,
      summary: 'Trades a code, sent in the place of the token, for the token. Once.',
      response: Type.Object({ token: Type.String(), job_id: OrNull(Type.String()) }),
      handle: async ({ headers, peer }) => {
        const grant = codes.take(tokenOf(headers.authorization ?? ''), await ownerOf(peer));
        if (grant === undefined) throw new ProductError('TOKEN_WRONG', { detail: CODE_WRONG });
        return { token, job_id: grant.jobId };
      },
    }),
  ];
}
