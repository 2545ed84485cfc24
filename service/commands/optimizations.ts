/** What a person decides about proposals, and asks of pipelines. */
import { findOptimization } from '../core/domain/queries.ts';
import { type OptimizationState, isUnderWay, stateOf } from '../core/domain/optimization.ts';
import { deriveJob } from '../core/derive.ts';
import { ProductError } from '../protocol/errors.ts';
import type { EventOf } from '../protocol/event.ts';
import type { Command } from '../protocol/frame.ts';
import { schemaFault } from '../protocol/jsonSchema.ts';
import type { OptimizationRecord } from '../protocol/optimization.ts';
import { isEnded } from '../protocol/states.ts';
import type { Monitor } from '../monitor.ts';
import { type CommandContext, append, newId, who } from './context.ts';

type Of<N extends Command['command']> = Extract<Command, { command: N }>;
export type ControlCommand = Of<'optimization.apply' | 'optimization.dismiss' | 'action.invoke'>;

/** The record as it is now. Throws OPTIMIZATION_UNKNOWN. */
export function knownOptimization(monitor: Monitor, id: string): OptimizationRecord {
  const record = findOptimization(monitor.model.domain, id);
  if (record === null) {
    throw new ProductError('OPTIMIZATION_UNKNOWN', {
      detail: `There is no proposal "${id.slice(0, 80)}". GET /api/v1/optimizations lists them.`,
    });
  }
  return record;
}

/** Asks the pipeline to make the change. Rejects with OPTIMIZATION_UNKNOWN, _DECIDED, _BUSY. */
export function applyOptimization(
  { optimization_id, by }: Omit<Of<'optimization.apply'>, 'command'>,
  context: CommandContext,
): Promise<OptimizationRecord> {
  const { monitor, now } = context;
  return inTurn(optimization_id, context, async ({ job_id }) => {
    if (job_id !== null) throwIfEndedOrBusy(job_id, optimization_id, monitor);
    const answer_by = now + monitor.settings.config.optimizer.answer_ms;
    const decided = { ...decision(optimization_id, context, by), decision: 'apply' as const };
    await append(context, [{ ...decided, answer_by }]);
    return knownOptimization(monitor, optimization_id);
  });
}

/** It is not to be proposed again in this phase of the job. Rejects with OPTIMIZATION_UNKNOWN, _DECIDED. */
export function dismissOptimization(
  { optimization_id, by, note }: Omit<Of<'optimization.dismiss'>, 'command'>,
  context: CommandContext,
): Promise<OptimizationRecord> {
  return inTurn(optimization_id, context, async () => {
    const reason = note === undefined ? {} : { reason: note };
    const decided = { ...decision(optimization_id, context, by), decision: 'dismiss' as const };
    await append(context, [{ ...decided, ...reason }]);
    return knownOptimization(context.monitor, optimization_id);
  });
}

/** Two that decide at the same moment: the second one sees what the first one did. */
async function inTurn(
  id: string,
  context: CommandContext,
  decide: (record: OptimizationRecord) => Promise<OptimizationRecord>,
): Promise<OptimizationRecord> {
  const { job_id } = undecided(id, context);
  return context.monitor.analyst.proposals.inTurn(job_id ?? id, async () =>
    decide(undecided(id, context)),
  );
}

/** Asks the pipeline that offers the action to do it. Rejects with ACTION_UNKNOWN, ACTION_PARAMS_INVALID. */
export async function invokeAction(
  { action, params, by }: Omit<Of<'action.invoke'>, 'command'>,
  context: CommandContext,
): Promise<OptimizationRecord> {
  const { monitor, now } = context;
  const offer = monitor.model.domain.actions.get(action)?.offer;
  if (!offer) {
    throw new ProductError('ACTION_UNKNOWN', {
      detail: `No pipeline offers the action "${action.slice(0, 80)}". GET /api/v1/actions lists them.`,
    });
  }
  const optimization_id = newId('action').slice('pipescope:'.length);
  const answer_by = now + monitor.settings.config.optimizer.answer_ms;
  const { job_id, title } = offer;
  throwIfUnfit(params ?? {}, offer);
  const proposed: EventOf<'optimization.proposed'> = {
    type: 'optimization.proposed',
    id: newId('optimization'),
    time: now,
    optimization_id,
    proposal: {
      ...(job_id === undefined ? {} : { job_id }),
      ...{ title, action, params: params ?? {}, strategy: 'person', evidence: [] },
      ...{ sentence: 'A person asked for it.', expires_at: answer_by },
    },
  };
  const decided = { ...decision(optimization_id, context, by), decision: 'apply' as const };
  await append(context, [proposed, { ...decided, answer_by }]);
  return knownOptimization(monitor, optimization_id);
}

function throwIfUnfit(params: object, { params: schema = {}, title }: EventOf<'action.offered'>) {
  const fault = schemaFault(params, schema);
  if (fault === null) return;
  const path = `/params${fault.path}`;
  throw new ProductError('ACTION_PARAMS_INVALID', {
    detail: `"${path.slice(1).replaceAll('/', '.')}" of "${title.slice(0, 80)}": ${fault.message}`,
    errors: [{ path, message: fault.message }],
  });
}

function decision(optimization_id: string, { now }: CommandContext, by: string | undefined) {
  const type = 'optimization.decided' as const;
  return { type, id: newId('optimization'), time: now, optimization_id, ...who(by ?? 'a person') };
}

function undecided(id: string, { monitor, now }: CommandContext): OptimizationRecord {
  const record = knownOptimization(monitor, id);
  const isOver = record.expires_at !== null && Date.parse(record.expires_at) <= now;
  if (record.state !== 'proposed' || isOver) throw new ProductError('OPTIMIZATION_DECIDED');
  return record;
}

/** One change at a time: the effect of two could not be told apart. */
function throwIfEndedOrBusy(job_id: string, id: string, { model }: Monitor): void {
  const job = model.jobs.get(job_id);
  if (!job || isEnded(deriveJob(job).status)) {
    throw new ProductError('OPTIMIZATION_DECIDED', {
      detail: 'The job has ended: there is nothing to change any more.',
    });
  }
  for (const state of model.domain.optimizations.rows.values()) {
    const isOther = state.optimization_id !== id && state.proposed?.proposal.job_id === job_id;
    if (isOther && isChanging(state)) throw new ProductError('OPTIMIZATION_BUSY');
  }
}

/** From its being sent until it was measured, and taken back where it harmed. */
function isChanging(state: OptimizationState): boolean {
  const { rollback_of } = state.proposed?.proposal ?? {};
  return isUnderWay(state) && (stateOf(state) !== 'proposed' || rollback_of !== undefined);
}
