import type { Failures } from '../failures.ts';
import type { Mirror } from '../mirror.ts';
import type { Node } from './node.ts';

/** What the rows of the jobs tree look at. */
export interface JobsScene {
  readonly mirror: Mirror;
  readonly failures: Failures;
  readonly pinned: ReadonlySet<string>;
  now(): number;
  /** The row with this id, made once. */
  node<T extends Node>(id: string, make: () => T): T;
  /** The row wants the phases of this job. */
  want(jobId: string): void;
}
