import type { Strategy } from '../types.ts';
import { batchSize } from './batchSize.ts';
import { cacheSize } from './cacheSize.ts';
import { concurrencyDown } from './concurrencyDown.ts';
import { concurrencyUp } from './concurrencyUp.ts';
import { memoryLimit } from './memoryLimit.ts';
import { modelChoice } from './modelChoice.ts';
import { spreadWork } from './spreadWork.ts';

/** All that come with Pipescope. */
export const STRATEGIES: readonly Strategy[] = [
  concurrencyUp,
  concurrencyDown,
  memoryLimit,
  batchSize,
  spreadWork,
  modelChoice,
  cacheSize,
];
