/** Where a pipeline that listens asks what it is to change. */
import { Type } from '@sinclair/typebox';
import type { ControlSubject } from '../../control.ts';
import type { Monitor } from '../../monitor.ts';
import { ProductError } from '../../protocol/errors.ts';
import { ControlAnswer } from '../../protocol/optimization.ts';
import { type Route, route } from '../route.ts';

/** Shorter than what proxies usually wait for an answer. */
const MAX_WAIT_MS = 25_000;
const Id = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 256, description }));

export function controlRoutes({ control }: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/control',
      summary:
        'What the pipeline of a job is asked to change and has not answered yet. Waits for the first where `wait_ms` is given. Answer each with an event optimization.answered.',
      query: Type.Object({
        job_id: Id('the job that listens'),
        action: Id('or an action that belongs to no job'),
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
      }),
      response: ControlAnswer,
      fails: ['OVERLOADED'],
      handle: ({ query, untilGone }) => {
        const { after = 0, wait_ms = 0 } = query;
        const subject = subjectOf(query);
        if (wait_ms === 0) return control.pending(subject, after);
        return control.wait(subject, { after, wait_ms, signal: untilGone() });
      },
    }),
  ];
}

function subjectOf(query: { job_id?: string; action?: string }): ControlSubject {
  const { job_id, action } = query;
  if (job_id !== undefined && action === undefined) return { job_id };
  if (action !== undefined && job_id === undefined) return { action };
  const message = 'Give "job_id", or "action" for one that belongs to no job.';
  throw new ProductError('QUERY_INVALID', {
    detail: message,
    errors: [{ path: '/job_id', message }],
  });
}
