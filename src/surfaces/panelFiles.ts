/** Files that a dashboard page writes or reads: the person chooses where, the page only says what. */
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { t } from '@vscode/l10n';
import { bytes } from '../../service/protocol/describe.ts';
import type { HostRequest } from '../../service/protocol/frame.ts';

type Save = Extract<HostRequest, { action: 'save_file' }>;
type Pick = Extract<HostRequest, { action: 'pick_file' }>;

/** More is no layout. */
const LARGEST_PICKED = 1024 * 1024;

/** Writes the file where the person says; a sentence about it, or null when they chose no place. */
export async function savePanelFile({ name, base64 }: Save): Promise<string | null> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const defaultUri = vscode.Uri.joinPath(folder, name);
  const file = await vscode.window.showSaveDialog({ defaultUri, saveLabel: t('Save') });
  if (!file) return null;
  const content = Buffer.from(base64, 'base64');
  await vscode.workspace.fs.writeFile(file, content);
  return t('Saved {0} ({1}).', file.fsPath, bytes(content.length));
}

/** The text of the file that the person picks; null when they pick none. Fails where it is too large. */
export async function pickPanelFile({ title, extension }: Pick): Promise<string | null> {
  const filters = { [extension.toUpperCase()]: [extension] };
  const [file] = (await vscode.window.showOpenDialog({ title, filters })) ?? [];
  if (!file) return null;
  const { size } = await vscode.workspace.fs.stat(file);
  if (size > LARGEST_PICKED)
    throw new Error(
      t('{0} is too large: {1}. Pick a file of at most 1 MB.', file.fsPath, bytes(size)),
    );
  return Buffer.from(await vscode.workspace.fs.readFile(file)).toString('utf8');
}
