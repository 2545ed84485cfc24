/** What a person decides about proposals, and asks of pipelines. */
import { findOptimization } from '../core/domain/queries.ts';
import { stateOf } from '../core/domain/optimization.ts';
import { deriveJob } from '../core/derive.ts';
import { ProductError } from '../protocol/errors.ts';
import type { EventOf } from '../protocol/event.ts';
import type { Command } from '../protocol/frame.ts';
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

/** Asks the pipeline to make the change. Throws OPTIMIZATION_UNKNOWN, _DECIDED, _BUSY. */
export async function applyOptimization(
  { optimization_id, by }: Omit<Of<'optimization.apply'>, 'command'>,
  context: CommandContext,
): Promise<OptimizationRecord> {
  const { monitor } = context;
  const record = undecided(optimization_id, context);
  if (record.job_id !== null) {
    const job = monitor.model.jobs.get(record.job_id);
    if (!job || isEnded(deriveJob(job).status)) {
      throw new ProductError('OPTIMIZATION_DECIDED', {
        detail: 'The job has ended: there is nothing to change any more.',
      });
    }
    throwIfBusy(monitor, record.job_id);
  }
  await append(context, [
    {
      ...decision(optimization_id, context, by),
      decision: 'apply',
      answer_by: context.now + monitor.settings.config.optimizer.answer_ms,
    },
  ]);
  return knownOptimization(monitor, optimization_id);
}

/** It is not to be proposed again in this phase of the job. Throws OPTIMIZATION_UNKNOWN, _DECIDED. */
export async function dismissOptimization(
  { optimization_id, by, note }: Omit<Of<'optimization.dismiss'>, 'command'>,
  context: CommandContext,
): Promise<OptimizationRecord> {
  undecided(optimization_id, context);
  const reason = note === undefined ? {} : { reason: note };
  await append(context, [
    { ...decision(optimization_id, context, by), decision: 'dismiss', ...reason },
  ]);
  return knownOptimization(context.monitor, optimization_id);
}

/** Asks the pipeline that offers the action to do it. Throws ACTION_UNKNOWN. */
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
function throwIfBusy(monitor: Monitor, job_id: string): void {
  for (const state of monitor.model.domain.optimizations.rows.values()) {
    const { job_id: of, measure } = state.proposed?.proposal ?? {};
    const now = stateOf(state);
    const isBusy = now === 'sent' || (now === 'applied' && measure !== undefined);
    if (of === job_id && isBusy) throw new ProductError('OPTIMIZATION_BUSY');
  }
}
