import type { Command } from './command.ts';
import { ready } from './ready.ts';

export const startService: Command = (app) => async () => {
  await ready(app);
};
