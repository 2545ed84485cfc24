import { errorCount } from './errorCount.ts';
import { highCpu } from './highCpu.ts';
import { highMemory } from './highMemory.ts';
import { jobFailed } from './jobFailed.ts';
import { phaseFailed } from './phaseFailed.ts';
import type { Rule } from './rule.ts';
import { slowPhase } from './slowPhase.ts';

export const RULES: readonly Rule[] = [
  phaseFailed,
  jobFailed,
  slowPhase,
  highMemory,
  highCpu,
  errorCount,
];
