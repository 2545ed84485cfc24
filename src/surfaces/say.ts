import * as vscode from 'vscode';
import { type CommandName, commandId } from '../contributions.ts';
import { withoutLinks } from '../markdown.ts';

/** What a button runs, with what the command is about. */
export type Button = [title: string, command: CommandName, ...about: unknown[]];

const SHOW = {
  error: vscode.window.showErrorMessage,
  warning: vscode.window.showWarningMessage,
  info: vscode.window.showInformationMessage,
};

/** Shows a notification and runs what its button says. Resolves when it is answered or gone for good. */
export async function say(
  level: keyof typeof SHOW,
  message: string,
  buttons: readonly Button[],
): Promise<void> {
  const titles = buttons.map(([title]) => title);
  const answer = await SHOW[level](withoutLinks(message), ...titles);
  const [, command, ...about] = buttons.find(([title]) => title === answer) ?? [];
  if (command) await vscode.commands.executeCommand(commandId(command), ...about);
}
