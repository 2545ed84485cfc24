import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';
import { skipWhen } from './skip.ts';

/** A folder of the recorded inputs, which lie beside the checkout and are no part of it. */
export function corpus(...path: string[]): string {
  return join(root, '..', 'shared', 'corpora', ...path);
}

/** In a `describe`: skips its tests, counted, where the recorded inputs are not at hand. */
export function needsCorpus(name: string): void {
  skipWhen(
    !existsSync(corpus(name)),
    `the recorded inputs of ${name} are not beside the checkout.`,
  );
}
