import type { App, Target } from '../app.ts';

/** A command: made once with the parts it works with, called with the row it is about, if any. */
export type Command = (app: App) => (target?: Target, ...more: unknown[]) => Promise<void> | void;
