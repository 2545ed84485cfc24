import type { Command } from './command.ts';
import { copySnippet } from './copySnippet.ts';
import { agentSnippet } from './snippets.ts';

export const copyAgentLine: Command = (app) => () => copySnippet(app, agentSnippet());
