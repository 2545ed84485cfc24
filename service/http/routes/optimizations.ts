/** Proposals and what people do with them, the parameters that pipelines listen for, and the actions that they offer. */
import { Type } from '@sinclair/typebox';
import { contextOf } from '../../commands/context.ts';
import {
  applyOptimization,
  dismissOptimization,
  invokeAction,
  knownOptimization,
} from '../../commands/optimizations.ts';
import { optimizationRecords, parameterRecords } from '../../core/domain/queries.ts';
import type { Monitor } from '../../monitor.ts';
import {
  OPTIMIZATION_STATES,
  OptimizationRecord,
  OptimizerRecord,
  ParameterRecord,
} from '../../protocol/optimization.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { ChoicesOf, choicesOf } from '../query.ts';
import { Answer, type Route, param, route } from '../route.ts';

const closed = { additionalProperties: false };
const By = {
  by: Type.Optional(Type.String({ maxLength: 200, description: 'who, at most 200 letters' })),
};
const JobId = {
  job_id: Type.Optional(Type.String({ maxLength: 256, description: 'of this job' })),
};
const ONE = '/api/v1/optimizations/:optimization_id';

export function optimizationRoutes(monitor: Monitor): Route[] {
  const idOf = (request: Parameters<typeof param>[0]) => param(request, 'optimization_id');
  return [
    optimizationList('/api/v1/optimizations', monitor),
    route({
      path: ONE,
      summary: 'A proposal: why it was made, what became of it, and its effect as measured.',
      response: OptimizationRecord,
      fails: ['OPTIMIZATION_UNKNOWN'],
      handle: (request) => knownOptimization(monitor, idOf(request)),
    }),
    route({
      method: 'POST',
      path: `${ONE}/apply`,
      summary: 'Asks the pipeline to make the proposed change.',
      body: Type.Object(By, closed),
      response: OptimizationRecord,
      fails: ['OPTIMIZATION_UNKNOWN', 'OPTIMIZATION_DECIDED', 'OPTIMIZATION_BUSY'],
      handle: (request) =>
        applyOptimization({ optimization_id: idOf(request), ...request.input }, contextOf(monitor)),
    }),
    route({
      method: 'POST',
      path: `${ONE}/dismiss`,
      summary: 'Leaves it: it is not proposed again in this phase of the job.',
      body: Type.Object(
        {
          ...By,
          note: Type.Optional(
            Type.String({ maxLength: 2000, description: 'why, at most 2000 letters' }),
          ),
        },
        closed,
      ),
      response: OptimizationRecord,
      fails: ['OPTIMIZATION_UNKNOWN', 'OPTIMIZATION_DECIDED'],
      handle: (request) =>
        dismissOptimization(
          { optimization_id: idOf(request), ...request.input },
          contextOf(monitor),
        ),
    }),
    parameterList(monitor),
    statusList(monitor),
    invokeRoute(monitor),
  ];
}

/** At our own address and at that of the reference document. */
export function optimizationList(path: string, { model: { domain } }: Monitor): Route {
  return route({
    path,
    summary: 'Proposals with what became of them; what something was said of last comes first.',
    query: Type.Object({ ...PageQuery, ...JobId, state: ChoicesOf(OPTIMIZATION_STATES) }),
    response: PageOf('optimizations', OptimizationRecord),
    handle: ({ query }) => {
      const state = choicesOf(query.state, 'state', OPTIMIZATION_STATES);
      const found = optimizationRecords(domain, { job_id: query.job_id, state });
      const { items, ...page } = pageOf(found, query);
      return { optimizations: items, ...page };
    },
  });
}

function parameterList({ model: { domain } }: Monitor): Route {
  return route({
    path: '/api/v1/parameters',
    summary: 'Parameters that pipelines listen for, with their ranges and values.',
    query: Type.Object({ ...PageQuery, ...JobId }),
    response: PageOf('parameters', ParameterRecord),
    handle: ({ query }) => {
      const { items, ...page } = pageOf(parameterRecords(domain, query.job_id), query);
      return { parameters: items, ...page };
    },
  });
}

function statusList(monitor: Monitor): Route {
  return route({
    path: '/api/v1/optimizer',
    summary:
      'What is done for each job that listens: whether enough is known, and what is waited for.',
    query: Type.Object({ ...PageQuery, ...JobId }),
    response: PageOf('jobs', OptimizerRecord, {
      auto: Type.Boolean({ description: 'true where proposals are applied without a person' }),
    }),
    handle: ({ query }) => {
      const { job_id } = query;
      const all = monitor.analyst.proposals.statuses();
      const wanted = all.filter((one) => job_id === undefined || one.job_id === job_id);
      const { items, ...page } = pageOf(wanted, query);
      return { auto: monitor.settings.config.optimizer.auto, jobs: items, ...page };
    },
  });
}

function invokeRoute(monitor: Monitor): Route {
  return route({
    method: 'POST',
    path: '/api/v1/actions/:action/invoke',
    summary:
      'Asks the pipeline that offers the action to do it; its answer comes as a record, which expires without one.',
    body: Type.Object(
      {
        ...By,
        params: Type.Optional(
          Type.Record(Type.String(), Type.Unknown(), { description: 'an object' }),
        ),
      },
      closed,
    ),
    response: OptimizationRecord,
    status: 202,
    fails: ['ACTION_UNKNOWN', 'ACTION_PARAMS_INVALID'],
    handle: async (request) => {
      const { input } = request;
      const action = param(request, 'action');
      return new Answer(await invokeAction({ action, ...input }, contextOf(monitor)), {
        status: 202,
      });
    },
  });
}
