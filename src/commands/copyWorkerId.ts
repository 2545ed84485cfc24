import * as vscode from 'vscode';
import type { Command } from './command.ts';

export const copyWorkerId: Command = () => async (target) => {
  if (target?.workerId !== undefined) await vscode.env.clipboard.writeText(target.workerId);
};
