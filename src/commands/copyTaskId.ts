import * as vscode from 'vscode';
import type { Command } from './command.ts';

export const copyTaskId: Command = () => async (target) => {
  if (target?.taskId !== undefined) await vscode.env.clipboard.writeText(target.taskId);
};
