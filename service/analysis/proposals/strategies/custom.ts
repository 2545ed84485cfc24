/** Strategies of the configuration: where their conditions hold, a parameter is changed as they say. */
import type { ParameterRecord, ParameterValue } from '../../../protocol/optimization.ts';
import type { CustomStrategy } from '../../../protocol/optimizer.ts';
import { isOpen } from '../explored.ts';
import type { Idea, Question } from '../types.ts';
import { fitted, isOffered } from '../values.ts';

/** Null where its conditions do not hold, or where the parameter cannot be changed so. */
export function customIdea(
  strategy: CustomStrategy,
  { parameter, situation, explored }: Question,
): Idea | null {
  if (parameter.parameter !== strategy.parameter) return null;
  if (!situation.conditions.has(strategy.name)) return null;
  const to = changed(parameter, strategy.change);
  if (to === null || to === parameter.value || !isOpen(explored, to)) return null;
  const { expected_gain = null, needs_person = false, costs = false } = strategy;
  return {
    to,
    sentence: `The conditions of "${strategy.name}" hold: ${strategy.when.map(inWords).join(', and ')}.`,
    ...{ expected_gain, needs_person, costs },
    confidence: 0.5,
    evidence: strategy.when.map((one) => ({ name: one.metric, value: inWords(one) })),
  };
}

function changed(
  parameter: ParameterRecord,
  { to, add = 0, multiply = 1 }: CustomStrategy['change'],
): ParameterValue | null {
  if (to !== undefined && typeof to !== 'number') return isOffered(parameter, to) ? to : null;
  if (to !== undefined) return fitted(parameter, to);
  const { value } = parameter;
  return typeof value === 'number' ? fitted(parameter, value * multiply + add) : null;
}

function inWords({ metric, above, below, for_ms }: CustomStrategy['when'][number]): string {
  const bounds = [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ].join(' and ');
  return `${metric} is ${bounds || 'there'}${for_ms === undefined ? '' : ` for ${for_ms / 1000} s`}`;
}
