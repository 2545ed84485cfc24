import * as vscode from 'vscode';
import { messageOf } from '../../service/protocol/errors.ts';
import { type CommandName, COMMANDS, commandId } from '../contributions.ts';
import { withoutLinks } from '../markdown.ts';

/** Says a failure with the next steps as buttons; resolves when the message is gone. */
export async function sayError(error: unknown, ...next: CommandName[]): Promise<void> {
  await offer(
    vscode.window.showErrorMessage(withoutLinks(messageOf(error)), ...titles(next)),
    next,
  );
}

export async function sayInfo(message: string, ...next: CommandName[]): Promise<void> {
  await offer(vscode.window.showInformationMessage(withoutLinks(message), ...titles(next)), next);
}

/** Asks before something that cannot be taken back; true when the person says `action`. */
export async function confirm(message: string, detail: string, action: string): Promise<boolean> {
  const options = { modal: true, detail };
  return (
    (await vscode.window.showWarningMessage(withoutLinks(message), options, action)) === action
  );
}

function titles(commands: readonly CommandName[]): string[] {
  return commands.map((name) => COMMANDS[name].title);
}

async function offer(
  answer: Thenable<string | undefined>,
  commands: readonly CommandName[],
): Promise<void> {
  const title = await answer;
  const name = commands.find((command) => COMMANDS[command].title === title);
  if (name) await vscode.commands.executeCommand(commandId(name));
}
