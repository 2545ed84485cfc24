import * as vscode from 'vscode';
import { messageOf } from '../../service/protocol/errors.ts';
import { commandId } from '../contributions.ts';
import { withoutLinks } from '../markdown.ts';
import { NEXT_STEPS, type NextStep } from '../nextSteps.ts';

/** Says a failure with the next steps as buttons; resolves when the message is gone. */
export async function sayError(error: unknown, ...next: NextStep[]): Promise<void> {
  await offer(
    vscode.window.showErrorMessage(withoutLinks(messageOf(error)), ...titles(next)),
    next,
  );
}

export async function sayInfo(message: string, ...next: NextStep[]): Promise<void> {
  await offer(vscode.window.showInformationMessage(withoutLinks(message), ...titles(next)), next);
}

/** Asks before something that cannot be taken back; true when the person says `action`. */
export async function confirm(message: string, detail: string, action: string): Promise<boolean> {
  const options = { modal: true, detail };
  return (
    (await vscode.window.showWarningMessage(withoutLinks(message), options, action)) === action
  );
}

function titles(next: readonly NextStep[]): string[] {
  return next.map((name) => NEXT_STEPS[name]());
}

async function offer(
  answer: Thenable<string | undefined>,
  next: readonly NextStep[],
): Promise<void> {
  const title = await answer;
  const name = next.find((step) => NEXT_STEPS[step]() === title);
  if (name) await vscode.commands.executeCommand(commandId(name));
}
