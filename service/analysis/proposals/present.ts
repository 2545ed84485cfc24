/** Parameters with the values that are in effect: a pipeline need not tell again what it was asked and has applied. */
import { type OptimizationState } from '../../core/domain/optimization.ts';
import type { ParameterRecord } from '../../protocol/optimization.ts';

export function presentOf(
  parameters: readonly ParameterRecord[],
  optimizations: readonly OptimizationState[],
): ParameterRecord[] {
  return parameters.map((parameter) => {
    let newest = { time: Date.parse(parameter.offered_at), value: parameter.value };
    for (const { proposed, answer } of optimizations) {
      const { parameter: name, to } = proposed?.proposal ?? {};
      if (name !== parameter.parameter || to === undefined || answer?.outcome !== 'applied')
        continue;
      if (answer.time > newest.time) newest = { time: answer.time, value: to };
    }
    return { ...parameter, value: newest.value };
  });
}
