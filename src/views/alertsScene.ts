import type { Mirror } from '../mirror.ts';
import type { MutedRules } from '../mutedRules.ts';

/** What the rows of alerts read. */
export interface AlertsScene {
  readonly mirror: Mirror;
  readonly muted: MutedRules;
  now(): number;
}
