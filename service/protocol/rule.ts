/**
 * Rules: when an alert is due. A rule has a kind, which says what is looked at, and parameters of that kind. All of them
 * are data: they are changed while the service runs, and the newest revision is in effect.
 */
import { type Static, type TObject, Type } from '@sinclair/typebox';
import { AGGREGATIONS } from './aggregation.ts';
import { Labels, OneOf, OrNull, Time } from './schema.ts';
import { SEVERITIES } from './states.ts';

const closed = { additionalProperties: false };
const DAY_MS = 86_400_000;
const Positive = (description: string) =>
  Type.Number({ exclusiveMinimum: 0, maximum: 1e15, description: `${description}, more than 0` });
const Percent = (description: string) =>
  Type.Number({ minimum: 0, maximum: 100, description: `${description}, 0 to 100` });
const Range = Type.Integer({
  minimum: 1000,
  maximum: 30 * DAY_MS,
  description: 'milliseconds looked at, 1000 to 2592000000 (30 days)',
});
const Least = Type.Integer({
  minimum: 1,
  maximum: 1_000_000,
  description: 'how many there must be in that time, 1 to 1000000',
});
/** How the points of a range become one value. */
export const RULE_AGGREGATIONS = AGGREGATIONS.filter((one) => one !== 'raw');
const Aggregated = Type.Union(
  RULE_AGGREGATIONS.map((one) => Type.Literal(one)),
  { description: RULE_AGGREGATIONS.join(', ') },
);
const MetricName = Type.String({
  minLength: 1,
  maxLength: 256,
  description: 'the name of a metric; GET /api/v1/series/metrics lists them',
});
const GroupBy = Type.Array(Type.String({ minLength: 1, maxLength: 128 }), {
  maxItems: 8,
  description: 'names of labels: one alert for each of their values; none for each series',
});
const Value = Type.Number({ minimum: -1e15, maximum: 1e15, description: 'a number' });

/** The parameters of each kind. Units stand in the names. */
export const RULE_PARAMS = {
  /** A phase failed. */
  phase_failed: Type.Object({}, closed),
  /** A job failed, without a phase that says so. */
  job_failed: Type.Object({}, closed),
  /** A phase takes, or took, longer than the threshold, or a phase or a whole run than so many times what is usual for it. One at least. */
  slow_phase: Type.Object(
    {
      threshold_ms: OrNull(Positive('milliseconds')),
      times_usual: OrNull(
        Type.Number({ minimum: 1.1, maximum: 1000, description: '1.1 to 1000 times' }),
      ),
      /** Phases that are over sooner are never slow against what is usual. */
      least_ms: Type.Integer({ minimum: 0, maximum: DAY_MS, description: 'milliseconds' }),
    },
    closed,
  ),
  /** A phase, or a job without phases, uses more of the machine's CPU, on average over 30 s. */
  high_cpu: Type.Object({ threshold_percent: Percent('percent of the machine') }, closed),
  /** As high_cpu, for memory. */
  high_memory: Type.Object({ threshold_mb: Positive('MB') }, closed),
  /** A phase reported so many errors. */
  error_count: Type.Object(
    { threshold: Type.Integer({ minimum: 1, maximum: 1e9, description: 'errors, 1 or more' }) },
    closed,
  ),
  /** This machine, or a worker's. */
  machine_cpu: Type.Object({ threshold_percent: Percent('percent in use') }, closed),
  machine_memory: Type.Object({ threshold_percent: Percent('percent in use') }, closed),
  machine_gpu: Type.Object({ threshold_percent: Percent('percent in use') }, closed),
  machine_disk: Type.Object({ threshold_percent: Percent('percent in use') }, closed),
  /** Requests of an endpoint that failed. */
  error_rate: Type.Object(
    { threshold_percent: Percent('percent of requests'), range_ms: Range, least: Least },
    closed,
  ),
  /** Tasks that failed. */
  task_error_rate: Type.Object(
    { threshold_percent: Percent('percent of tasks'), range_ms: Range, least: Least },
    closed,
  ),
  /** How long an endpoint takes to answer. */
  response_time: Type.Object(
    {
      threshold_ms: Positive('milliseconds'),
      aggregation: Type.Union(
        (['avg', 'max', 'p50', 'p95', 'p99'] as const).map((one) => Type.Literal(one)),
        { description: 'avg, max, p50, p95 or p99' },
      ),
      range_ms: Range,
      least: Least,
    },
    closed,
  ),
  /** A model's mean absolute error against its baseline. */
  model_accuracy: Type.Object(
    { degradation_percent: Positive('percent worse than its baseline') },
    closed,
  ),
  /** Hits of a cache, below the threshold. */
  cache_hit_rate: Type.Object(
    { threshold_percent: Percent('percent of lookups'), range_ms: Range, least: Least },
    closed,
  ),
  queue_size: Type.Object({ threshold: Positive('tasks that wait') }, closed),
  /** The oldest task that waits. */
  queue_wait: Type.Object({ threshold_ms: Positive('milliseconds') }, closed),
  /** No sign of life for `worker_offline_ms` of the configuration. */
  worker_offline: Type.Object({}, closed),
  /** No sign of life for `stale_after_ms` of the configuration. */
  silent_job: Type.Object({}, closed),
  /** No run of the pipeline in `scope` began when one was due. */
  missed_schedule: Type.Object(
    {
      schedule: Type.String({
        minLength: 9,
        maxLength: 128,
        description: 'minute, hour, day of the month, month, day of the week: "0 6 * * 1-5"',
      }),
      timezone: OrNull(
        Type.String({ minLength: 1, maxLength: 64, description: 'a name like Europe/Berlin' }),
      ),
      grace_ms: Type.Integer({ minimum: 0, maximum: 7 * DAY_MS, description: 'milliseconds' }),
    },
    closed,
  ),
  /** A target of the configuration is missed, or beyond its critical value. */
  target_breached: Type.Object(
    {
      level: Type.Union([Type.Literal('WARNING'), Type.Literal('CRITICAL')], {
        description: 'WARNING or CRITICAL',
      }),
      target_id: OrNull(Type.String({ minLength: 1, maxLength: 64, description: 'null for all' })),
    },
    closed,
  ),
  /** Any series over or under a bound. */
  threshold: Type.Object(
    {
      metric: MetricName,
      labels: Labels,
      group_by: GroupBy,
      aggregation: Aggregated,
      range_ms: Range,
      direction: Type.Union([Type.Literal('above'), Type.Literal('below')], {
        description: 'above or below',
      }),
      value: Value,
    },
    closed,
  ),
  /** Any series that changes much: the last `range_ms` against the same time before it. */
  rate_of_change: Type.Object(
    {
      metric: MetricName,
      labels: Labels,
      group_by: GroupBy,
      aggregation: Aggregated,
      range_ms: Range,
      direction: Type.Union([Type.Literal('up'), Type.Literal('down'), Type.Literal('any')], {
        description: 'up, down or any',
      }),
      change: Positive('how much it may change'),
      unit: Type.Union([Type.Literal('percent'), Type.Literal('value')], {
        description: 'percent (of what it was) or value (in the unit of the metric)',
      }),
    },
    closed,
  ),
  /** Something is used up, or waits, and holds a run back. */
  bottleneck: Type.Object(
    {
      least_impact_percent: Percent(
        'percent of the run or its throughput; 0: also where it is not known',
      ),
    },
    closed,
  ),
  /** A phase or job has become slower, larger or faultier from one run on. */
  trend_changed: Type.Object({ least_percent: Positive('percent worse than before') }, closed),
  /** A series does what it never does. */
  anomaly: Type.Object({ least_score_percent: Percent('percent, 100 is the strangest') }, closed),
  /** A series is on its way to its limit. */
  limit_predicted: Type.Object(
    {
      within_ms: Type.Integer({
        minimum: 1000,
        maximum: 30 * DAY_MS,
        description: 'milliseconds, 1000 to 2592000000 (30 days)',
      }),
      least_confidence_percent: Percent('percent sure'),
    },
    closed,
  ),
} satisfies Record<string, TObject>;

export type RuleKind = keyof typeof RULE_PARAMS;
export const RULE_KINDS = Object.keys(RULE_PARAMS) as RuleKind[];
export type RuleParams<K extends RuleKind> = Static<(typeof RULE_PARAMS)[K]>;

/** A name, or a pattern in which `*` stands for any text. */
const Pattern = (what: string) =>
  Type.String({ minLength: 1, maxLength: 256, description: `${what}; * stands for any text` });

/** What a rule looks at; what is absent is not looked at. All that is there must fit. */
export const RuleScope = Type.Object(
  {
    pipeline: Type.Optional(Pattern('a pipeline')),
    phase: Type.Optional(Pattern('the id of a phase')),
    worker: Type.Optional(Pattern('the id of a worker')),
    /** The name of an endpoint, queue, model or cache. */
    subject: Type.Optional(Pattern('the name of an endpoint, queue, model or cache')),
    /** Labels of the job, or of the series. */
    labels: Type.Optional(Labels),
  },
  closed,
);
export type RuleScope = Static<typeof RuleScope>;

export const RuleId = Type.String({
  pattern: '^[a-z0-9][a-z0-9_-]{0,63}$',
  description: 'lower-case letters, digits, "_" and "-", at most 64',
});

/** All of a rule but its kind and parameters. */
export const RULE_COMMON = {
  rule_id: RuleId,
  name: Type.String({ minLength: 1, maxLength: 128, description: 'shown; at most 128 letters' }),
  enabled: Type.Boolean({ description: 'true or false' }),
  severity: Type.Union(
    SEVERITIES.map((one) => Type.Literal(one)),
    { description: SEVERITIES.join(', ') },
  ),
  scope: RuleScope,
  /** How long it must hold before the alert is raised. */
  for_ms: Type.Integer({
    minimum: 0,
    maximum: 7 * DAY_MS,
    description: 'milliseconds, 0 to 604800000 (7 days)',
  }),
  /** The value from which on the alert resolves, on the good side of the threshold; null for the kind's own. */
  recovery: OrNull(Value),
  /** Between two notifications of the same subject; null for that of the configuration. */
  cooldown_ms: OrNull(
    Type.Integer({ minimum: 0, maximum: 7 * DAY_MS, description: 'milliseconds' }),
  ),
  /** Ids of the channels it tells; null for every channel that takes it. */
  channels: OrNull(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 50 })),
  /** The text of its alerts, with placeholders like {{value}}; null for the kind's own. */
  message: OrNull(Type.String({ minLength: 1, maxLength: 2000 })),
};
type RuleCommon = Static<TObject<typeof RULE_COMMON>>;

/** A whole rule, told apart by `kind`. */
export type RuleOf<K extends RuleKind> = RuleCommon & { kind: K; params: RuleParams<K> };
export type Rule = { [K in RuleKind]: RuleOf<K> }[RuleKind];

/** What may stand between {{ and }} in a message; `label.NAME` is a label of the subject. */
export const MESSAGE_FIELDS = [
  ...(['rule', 'severity', 'subject', 'title', 'value', 'threshold', 'unit'] as const),
  ...(['job', 'pipeline', 'phase', 'worker', 'error', 'for'] as const),
] as const;

/** A rule with what is known of it. */
export const RuleRecord = Type.Object({
  ...RULE_COMMON,
  kind: OneOf(RULE_KINDS),
  params: Type.Record(Type.String(), Type.Unknown()),
  builtin: Type.Boolean({ description: 'comes with Pipescope: can be switched off, not removed' }),
  edited: Type.Boolean({ description: 'not as it came, or made by somebody' }),
  revision: Type.Integer({ description: '0 until somebody changes it' }),
  changed_at: OrNull(Time),
  changed_by: OrNull(Type.String()),
  sentence: Type.String({ description: 'what it does, in words' }),
  firing: Type.Integer({ description: 'active alerts of it' }),
  pending: Type.Integer({ description: 'subjects that would fire if it goes on' }),
  last_fired_at: OrNull(Time),
  problem: OrNull(
    Type.String({ description: 'why it cannot be judged in full, and what to do; null mostly' }),
  ),
});
export type RuleRecord = Static<typeof RuleRecord>;

/** One kind, as a form needs it: the schema of its parameters and a rule to begin with. */
export const RuleKindRecord = Type.Object({
  kind: OneOf(RULE_KINDS),
  params: Type.Record(Type.String(), Type.Unknown(), { description: 'a JSON Schema' }),
  defaults: Type.Record(Type.String(), Type.Unknown(), { description: 'a rule of this kind' }),
  unit: OrNull(Type.String({ description: 'of its threshold and of `recovery`' })),
  scope: Type.Array(Type.String(), { description: 'the fields of `scope` that mean something' }),
});
export type RuleKindRecord = Static<typeof RuleKindRecord>;

/** Once that a rule would have fired. */
export const RuleOccasion = Type.Object({
  time: Time,
  until: OrNull(Time),
  subject: Type.String(),
  value: OrNull(Type.Number()),
  job_id: OrNull(Type.String()),
});

export type RuleOccasion = Static<typeof RuleOccasion>;

/** How often a rule would have fired. */
export const RulePreview = Type.Object({
  from: Time,
  to: Time,
  count: Type.Integer(),
  sentence: Type.String({ description: '"Would have fired 3 times in the last 24 h."' }),
  /** The newest of them. */
  occasions: Type.Array(RuleOccasion),
  /** What could not be looked at; null when all could. */
  limits: OrNull(Type.String()),
});
export type RulePreview = Static<typeof RulePreview>;
