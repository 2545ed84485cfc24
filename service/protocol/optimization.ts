/**
 * Proposals to change a parameter of a running pipeline: what pipelines offer, what is proposed, what became of it. The
 * whole life of a proposal is events; only `parameter.offered` and `optimization.answered` come from pipelines.
 */
import { type Static, Type } from '@sinclair/typebox';
import { event, Fraction, Id, job, literals, Text, Values } from './eventParts.ts';
import { OneOf, OrNull, Time } from './schema.ts';

/** What a parameter does: strategies look for these. `other` is for strategies of one's own. */
export const PARAMETER_KINDS = [
  'concurrency',
  'batch_size',
  'memory_limit',
  'cache_size',
  'spread',
  'model',
  'other',
] as const;
export type ParameterKind = (typeof PARAMETER_KINDS)[number];

const ParameterValue = Type.Union(
  [Type.Number(), Type.String({ maxLength: 256 }), Type.Boolean()],
  { description: 'a number, a text of at most 256 letters, true or false' },
);
export type ParameterValue = Static<typeof ParameterValue>;

/** Most choices of one parameter. */
const MAX_CHOICES = 100;

/** A pipeline listens: it says which parameter of a job can be changed while it runs, and how far. */
export const ParameterOffered = event('parameter.offered', {
  ...job,
  parameter: Id('the name by which the pipeline will hear of it'),
  value: ParameterValue,
  kind: Type.Optional(literals(PARAMETER_KINDS, PARAMETER_KINDS.join(', '))),
  title: Type.Optional(Text('its name for people')),
  unit: Type.Optional(Text('its unit')),
  minimum: Type.Optional(Type.Number({ description: 'the least it may be' })),
  maximum: Type.Optional(Type.Number({ description: 'the most it may be' })),
  step: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, description: 'values differ by multiples of it, above 0' }),
  ),
  values: Type.Optional(
    Type.Array(ParameterValue, {
      minItems: 1,
      maxItems: MAX_CHOICES,
      description: 'the choices in their order, 1 to 100; of models: the faster ones later',
    }),
  ),
  phase_id: Type.Optional(Id('the phase in which it has an effect; all of them when absent')),
  subject: Type.Optional(Id('the worker, cache, model or queue that it is about')),
});

/** How the throughput of a job is measured: by what its phases, its tasks or its progress say. */
export const MEASURES = ['items', 'tasks', 'progress'] as const;

const Measure = Type.Object({
  source: literals(MEASURES, MEASURES.join(', ')),
  phase_id: Type.Optional(Id('the phase')),
});
export type Measure = Static<typeof Measure>;

/** Rates of throughput in a stretch of time: `rates` are its samples a second, oldest first, at most 60. */
const Window = Type.Object({
  from: Type.Number(),
  to: Type.Number(),
  median: Type.Number(),
  rates: Type.Array(Type.Number(), { maxItems: 60 }),
});
export type RateWindow = Static<typeof Window>;

const Evidence = Type.Object({
  name: Type.String({ maxLength: 256 }),
  value: Type.Union([Type.Number(), Type.String({ maxLength: 1000 })]),
  unit: Type.Optional(Type.String({ maxLength: 64 })),
});
export type ProposalEvidence = Static<typeof Evidence>;

/** All that is said of a proposal when it is made. Times are epoch milliseconds. */
export const Proposal = Type.Object({
  /** Absent for an action that belongs to no job. */
  job_id: Type.Optional(Id('the job')),
  title: Text('the change, in a few words'),
  sentence: Text('why, as a sentence'),
  strategy: Id('which one made it'),
  expires_at: Type.Number(),
  confidence: Type.Optional(Fraction),
  phase_id: Type.Optional(Id('the phase')),
  parameter: Type.Optional(Id('what is to be changed')),
  unit: Type.Optional(Text('its unit')),
  from: Type.Optional(ParameterValue),
  to: Type.Optional(ParameterValue),
  /** In place of a parameter: something that the pipeline offered to do. */
  action: Type.Optional(Id('what is to be done')),
  params: Type.Optional(Values),
  /** Of the throughput: 0.5 is half as much again. Absent where only resources are freed, or nobody knows. */
  expected_gain: Type.Optional(Type.Number()),
  evidence: Type.Array(Evidence, { maxItems: 32 }),
  finding_id: Type.Optional(Type.String({ maxLength: 1024 })),
  /** It takes this one back. */
  rollback_of: Type.Optional(Id('the proposal')),
  /** It changes what comes out, so a person decides, whatever the settings say. */
  needs_person: Type.Optional(Type.Boolean()),
  /** The change needs more of something: without a gain it is taken back. */
  costs: Type.Optional(Type.Boolean()),
  measure: Type.Optional(Measure),
  before: Type.Optional(Window),
});
export type Proposal = Static<typeof Proposal>;

export const DECISIONS = ['apply', 'dismiss', 'expire'] as const;

/**
 * `kept`: it brought something, or freed something at no cost. `worse`, `no_gain`: it did not, and is to be taken back.
 * `rolled_back`: it was. `not_taken_back`: it could not be. `unmeasured`: nobody can say, because the work changed or
 * ended meanwhile.
 */
export const VERDICTS = [
  'kept',
  'worse',
  'no_gain',
  'rolled_back',
  'not_taken_back',
  'unmeasured',
] as const;
export type Verdict = (typeof VERDICTS)[number];

const optimization = { optimization_id: Id('the proposal') };

/** What the service says of proposals. */
export const OPTIMIZATION_EVENTS = {
  'optimization.proposed': event('optimization.proposed', { ...optimization, proposal: Proposal }),
  'optimization.decided': event('optimization.decided', {
    ...optimization,
    decision: literals(DECISIONS, DECISIONS.join(', ')),
    /** `auto` is the service by itself. */
    by: Type.Optional(Text('who')),
    reason: Type.Optional(Text('why')),
    /** Epoch milliseconds until which the pipeline may answer. */
    answer_by: Type.Optional(Type.Number()),
  }),
  'optimization.measured': event('optimization.measured', {
    ...optimization,
    verdict: literals(VERDICTS, VERDICTS.join(', ')),
    reason: Text('what was found, as a sentence'),
    gain: Type.Optional(Type.Number()),
    /** Chance that two windows of the same throughput differ so much, 0-1. */
    p_value: Type.Optional(Fraction),
    after: Type.Optional(Window),
  }),
};

/** The states of a proposal, in about the order in which it goes through them. */
export const OPTIMIZATION_STATES = [
  'proposed',
  'sent',
  'applied',
  'refused',
  'dismissed',
  'expired',
  ...VERDICTS,
] as const;
export type OptimizationStateName = (typeof OPTIMIZATION_STATES)[number];

const Value = OrNull(ParameterValue);
const MaybeText = OrNull(Type.String());

const WindowRecord = Type.Object({
  from: Time,
  to: Time,
  samples: Type.Integer(),
  median_per_s: Type.Number(),
  low_per_s: Type.Number({ description: 'a quarter of the samples is below' }),
  high_per_s: Type.Number({ description: 'a quarter of the samples is above' }),
});
export type WindowRecord = Static<typeof WindowRecord>;

/** A proposal and what became of it. One that only a pipeline told of has nothing but its answer. */
export const OptimizationRecord = Type.Object({
  optimization_id: Type.String(),
  state: OneOf(OPTIMIZATION_STATES),
  job_id: MaybeText,
  phase_id: MaybeText,
  strategy: MaybeText,
  title: MaybeText,
  sentence: OrNull(Type.String({ description: 'why it is proposed' })),
  parameter: MaybeText,
  unit: MaybeText,
  from: Value,
  to: Value,
  action: OrNull(Type.String({ description: 'in place of a parameter: what is to be done' })),
  params: OrNull(Values),
  expected_gain: OrNull(
    Type.Number({ description: 'of the throughput, 0.5 is half as much again' }),
  ),
  confidence: OrNull(Type.Number({ description: '0-1' })),
  evidence: Type.Array(Evidence),
  finding_id: MaybeText,
  rollback_of: OrNull(Type.String({ description: 'the proposal that it takes back' })),
  needs_person: Type.Boolean({ description: 'never applied without a person' }),
  decided_by: OrNull(Type.String({ description: 'who; "auto" is the service by itself' })),
  outcome: OrNull(OneOf(['applied', 'refused'] as const)),
  detail: OrNull(Type.String({ description: 'what the pipeline said to it' })),
  reason: OrNull(
    Type.String({ description: 'why it is in its state; what the pipeline said is `detail`' }),
  ),
  measured_gain: OrNull(Type.Number({ description: 'of the throughput, as it was measured' })),
  measured_by: OrNull(OneOf(MEASURES)),
  p_value: OrNull(Type.Number({ description: 'of the difference (Mann-Whitney), 0-1' })),
  before: OrNull(WindowRecord),
  after: OrNull(WindowRecord),
  proposed_at: OrNull(Time),
  expires_at: OrNull(Time),
  decided_at: OrNull(Time),
  answer_by: OrNull(Time),
  answered_at: OrNull(Time),
  measured_at: OrNull(Time),
  seq: Type.Integer(),
});
export type OptimizationRecord = Static<typeof OptimizationRecord>;

/** A parameter that a pipeline listens for, with its value as last told or applied. */
export const ParameterRecord = Type.Object({
  job_id: Type.String(),
  parameter: Type.String(),
  kind: OneOf(PARAMETER_KINDS),
  title: Type.String(),
  unit: MaybeText,
  value: ParameterValue,
  minimum: OrNull(Type.Number()),
  maximum: OrNull(Type.Number()),
  step: OrNull(Type.Number()),
  values: Type.Array(ParameterValue),
  phase_id: MaybeText,
  subject: MaybeText,
  offered_at: Time,
  seq: Type.Integer(),
});
export type ParameterRecord = Static<typeof ParameterRecord>;

/** What a pipeline is asked: to set a parameter to `value`, or to do an action. It answers with optimization.answered. */
export const ControlRequest = Type.Object({
  optimization_id: Type.String(),
  job_id: MaybeText,
  parameter: MaybeText,
  value: Value,
  action: MaybeText,
  params: OrNull(Values),
  rollback: Type.Boolean({ description: 'it takes an earlier change back' }),
  answer_by: OrNull(Time),
});
export type ControlRequest = Static<typeof ControlRequest>;

export const ControlAnswer = Type.Object({
  requests: Type.Array(ControlRequest, { description: 'what is not answered yet, oldest first' }),
  seq: Type.Integer({ description: 'send it as `after` to get only what is new' }),
});
export type ControlAnswer = Static<typeof ControlAnswer>;

/** What the service does for a job that listens: one sentence, and how much of the data it needs is there. */
export const OPTIMIZER_STATES = [
  'waiting_for_data',
  'watching',
  'cooling_down',
  'waiting_for_person',
  'waiting_for_answer',
  'measuring',
] as const;
export const OptimizerRecord = Type.Object({
  job_id: Type.String(),
  state: OneOf(OPTIMIZER_STATES),
  sentence: Type.String(),
  samples: Type.Integer({ description: 'samples of the throughput that are there' }),
  samples_needed: Type.Integer(),
  measured_by: OrNull(OneOf(MEASURES)),
  throughput_per_s: OrNull(Type.Number({ description: 'median of the latest samples' })),
  optimization_id: OrNull(Type.String({ description: 'the one that is under way' })),
  title: OrNull(Type.String({ description: 'of that one: what is tried or waited for' })),
  /** When what is waited for is over: the rest after a change, the time to answer or to decide. */
  until: OrNull(Time),
});
export type OptimizerRecord = Static<typeof OptimizerRecord>;
