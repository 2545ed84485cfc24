import { Type } from '@sinclair/typebox';
import { ruleKinds, ruleRecords } from '../../alerts/ruleBook.ts';
import { previewRule, recordParts, removeRule } from '../../commands/rules.ts';
import { resetRule, ruleChanges, ruleOf, setRule } from '../../commands/rules.ts';
import type { Monitor } from '../../monitor.ts';
import {
  RULE_COMMON,
  RULE_KINDS,
  RuleKindRecord,
  RulePreview,
  RuleRecord,
} from '../../protocol/rule.ts';
import { OneOf } from '../../protocol/schema.ts';
import {
  ByQuery,
  CHANGED,
  MayMatch,
  definitionRoutes,
  jsonOf,
  perhapsRevision,
  tagged,
} from '../definitions.ts';
import { PageOf, PageQuery, pageOf } from '../page.ts';
import { ChoicesOf, choicesOf } from '../query.ts';
import { type Route, param, route } from '../route.ts';

/** Any part of a rule: what is absent is as usual, or as it was. Its fields are checked by their kind. */
const RuleInput = Type.Object(
  {
    ...Type.Partial(Type.Object(RULE_COMMON)).properties,
    kind: Type.Optional(OneOf(RULE_KINDS)),
    params: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'as GET /api/v1/rules/kinds says of the kind',
      }),
    ),
  },
  { additionalProperties: true, description: 'a rule; the fields of a RuleRecord are ignored' },
);
const JSON_RULE = { 'application/json': RuleInput };

export function ruleRoutes(monitor: Monitor): Route[] {
  return [
    listRoute(monitor),
    ...readingRoutes(monitor),
    ...changingRoutes(monitor),
    resetRoute(monitor),
  ];
}

function listRoute(monitor: Monitor): Route {
  return route({
    path: '/api/v1/rules',
    summary: 'The rules of alerts: those that come with Pipescope, and those that people made.',
    query: Type.Object({
      ...PageQuery,
      kind: ChoicesOf(RULE_KINDS),
      enabled: Type.Optional(Type.Boolean({ description: 'true or false' })),
      text: Type.Optional(Type.String({ maxLength: 256, description: 'anywhere in name or id' })),
    }),
    response: PageOf('rules', RuleRecord),
    handle: ({ query }) => {
      const kinds: readonly string[] | undefined = choicesOf(query.kind, 'kind', RULE_KINDS);
      const text = query.text?.toLowerCase() ?? '';
      const rules = ruleRecords(recordParts(monitor)).filter(
        ({ kind, enabled, name, rule_id }) =>
          (kinds?.includes(kind) ?? true) &&
          enabled === (query.enabled ?? enabled) &&
          `${name}\n${rule_id}`.toLowerCase().includes(text),
      );
      const { items, ...page } = pageOf(rules, query);
      return { rules: items, ...page };
    },
  });
}

function readingRoutes(monitor: Monitor): Route[] {
  return [
    route({
      path: '/api/v1/rules/kinds',
      summary: 'The kinds of rules: their parameters, and a rule of each to begin with.',
      query: Type.Object(PageQuery),
      response: PageOf('kinds', RuleKindRecord),
      handle: ({ query }) => {
        const { items, ...page } = pageOf(ruleKinds(monitor.settings.config), query);
        return { kinds: items, ...page };
      },
    }),
    route({
      path: '/api/v1/rules/:rule_id',
      summary: 'One rule, with its revision as ETag.',
      response: RuleRecord,
      fails: ['RULE_UNKNOWN'],
      handle: (request) => tagged(ruleOf(monitor, param(request, 'rule_id'))),
    }),
    route({
      method: 'POST',
      path: '/api/v1/rules/preview',
      summary: 'How often a rule would have fired. Nothing is stored.',
      query: Type.Object({
        hours: Type.Optional(
          Type.Integer({ minimum: 1, maximum: 720, description: 'hours, 1 to 720; default 24' }),
        ),
      }),
      accepts: JSON_RULE,
      response: RulePreview,
      fails: ['RULE_INVALID'],
      handle: ({ body, query, untilGone }) =>
        previewRule(monitor, jsonOf(body), { hours: query.hours, signal: untilGone() }),
    }),
  ];
}

function changingRoutes(monitor: Monitor): Route[] {
  return [
    ...definitionRoutes({
      ...{ of: 'rule', invalid: 'RULE_INVALID', unknown: 'RULE_UNKNOWN' },
      making: 'Makes a rule. Without an id it gets one.',
      makingFails: ['RULE_EXISTS'],
      changing: 'Changes a rule. What the body leaves out stays.',
      changingFails: ['DEFINITIONS_FULL'],
      ...{ accepts: JSON_RULE, record: RuleRecord },
      set: (value, edit) => setRule(monitor, value, edit),
      changes: (rule_id) => ruleChanges(monitor, rule_id),
    }),
    route({
      method: 'DELETE',
      path: '/api/v1/rules/:rule_id',
      summary: 'Removes a rule that somebody made. Its alerts stay.',
      query: ByQuery,
      headers: MayMatch,
      response: Type.Object({ rule_id: Type.String(), removed: Type.Literal(true) }),
      fails: ['RULE_UNKNOWN', 'RULE_BUILTIN', ...CHANGED],
      handle: async (request) => {
        const rule_id = param(request, 'rule_id');
        const revision = perhapsRevision(request.headers);
        await removeRule(monitor, rule_id, { revision, by: request.query.by });
        return { rule_id, removed: true };
      },
    }),
  ];
}

function resetRoute(monitor: Monitor): Route {
  return route({
    method: 'POST',
    path: '/api/v1/rules/:rule_id/reset',
    summary: 'Makes a rule that comes with Pipescope as it came.',
    query: ByQuery,
    headers: MayMatch,
    response: RuleRecord,
    fails: ['RULE_UNKNOWN', 'RULE_NOT_BUILTIN', ...CHANGED],
    handle: async (request) => {
      const edit = { revision: perhapsRevision(request.headers), by: request.query.by };
      return tagged(await resetRule(monitor, param(request, 'rule_id'), edit));
    },
  });
}
