import type { App } from '../app.ts';
import type { Target } from '../target.ts';

/** A command: made once with the parts it works with, called with the row it is about, if any. */
export type Command = (app: App) => (target?: Target, ...more: unknown[]) => Promise<void> | void;
