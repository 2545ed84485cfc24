/** Where a pipeline that listens asks what it is to change. */
import { Type } from '@sinclair/typebox';
import type { ControlSubject } from '../../control.ts';
import type { Monitor } from '../../monitor.ts';
import { ControlAnswer } from '../../protocol/optimization.ts';
import { type Route, type RouteRequest, route } from '../route.ts';

/** Shorter than what proxies usually wait for an answer. */
const MAX_WAIT_MS = 25_000;
const Waiting = {
  after: Type.Optional(
    Type.Integer({ minimum: 0, description: '`seq` of the answer before: only what is new' }),
  ),
  wait_ms: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: MAX_WAIT_MS,
      description: `milliseconds to wait for a request, at most ${MAX_WAIT_MS}; default 0`,
    }),
  ),
};
const Id = (description: string) => Type.String({ minLength: 1, maxLength: 256, description });
const HOW = 'Waits up to `wait_ms` for the first. Answer each with an event optimization.answered.';

export function controlRoutes({ control }: Monitor): Route[] {
  const answer = (
    subject: ControlSubject,
    {
      query,
      untilGone,
    }: Pick<RouteRequest<{ after?: number; wait_ms?: number }>, 'query' | 'untilGone'>,
  ) => {
    const { after = 0, wait_ms = 0 } = query;
    if (wait_ms === 0) return control.pending(subject, after);
    return control.wait(subject, { after, wait_ms, signal: untilGone() });
  };
  return [
    route({
      path: '/api/v1/control',
      summary: `What the pipeline of a job is asked to change or to do, and has not answered. ${HOW}`,
      query: Type.Object({ job_id: Id('the job that listens'), ...Waiting }),
      response: ControlAnswer,
      fails: ['OVERLOADED'],
      handle: (request) => answer({ job_id: request.query.job_id }, request),
    }),
    route({
      path: '/api/v1/control/actions',
      summary: `What the program that offers an action without a job is asked to do. ${HOW}`,
      query: Type.Object({ action: Id('the action'), ...Waiting }),
      response: ControlAnswer,
      fails: ['OVERLOADED'],
      handle: (request) => answer({ action: request.query.action }, request),
    }),
  ];
}
