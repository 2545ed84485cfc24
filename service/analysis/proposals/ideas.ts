/** All that strategies say of all parameters: the idea that promises most, and is new. */
import type { ParameterRecord } from '../../protocol/optimization.ts';
import { exploredOf, isOpen } from './explored.ts';
import { customIdea } from './strategies/custom.ts';
import { STRATEGIES } from './strategies/index.ts';
import type { TunerInput } from './tunerInput.ts';
import type { Idea, Question } from './types.ts';
import { isOffered } from './values.ts';

export interface Candidate {
  parameter: ParameterRecord;
  idea: Idea;
  strategy: string;
}

/** Null where nothing speaks for a change, or not enough. */
export function bestIdea(input: TunerInput, phase_id: string | undefined): Candidate | null {
  const candidates = input.parameters
    .filter((one) => one.phase_id === null || one.phase_id === phase_id)
    .flatMap((parameter) => ideasFor(input, parameter, phase_id))
    .filter(({ parameter, idea }) => isOffered(parameter, idea.to))
    .filter(
      ({ idea }) => idea.expected_gain === null || idea.expected_gain >= input.settings.min_gain,
    );
  candidates.sort((a, b) => worthOf(b) - worthOf(a));
  return candidates[0] ?? null;
}

function ideasFor(
  input: TunerInput,
  parameter: ParameterRecord,
  phase_id: string | undefined,
): Candidate[] {
  const explored = exploredOf(input.optimizations, parameter, phase_id);
  const question: Question = { parameter, situation: input.situation, explored };
  const found: Candidate[] = [];
  const add = (strategy: string, idea: Idea | null | undefined) => {
    if (idea && idea.to !== parameter.value && isOpen(explored, idea.to))
      found.push({ parameter, idea, strategy });
  };
  for (const strategy of STRATEGIES)
    if (strategy.kind === parameter.kind) add(strategy.name, strategy.propose(question));
  for (const strategy of input.settings.strategies)
    add(strategy.name, customIdea(strategy, question));
  const own = input.ownIdeas?.get(parameter.parameter);
  if (own) {
    const { strategy, ...idea } = own;
    add(strategy, idea);
  }
  return found;
}

/** What frees something at no cost comes after all that promises more. */
function worthOf({ idea }: Candidate): number {
  return (idea.expected_gain ?? 0) * idea.confidence;
}
