import * as path from 'node:path';
import * as vscode from 'vscode';
import { choosePlace, findPlaces, type Place } from '../stack/place.ts';
import { type ErrorText, framesOfError } from '../stack/parse.ts';
import type { Frame } from '../stack/frame.ts';

export type FilePlace = Place<vscode.Uri>;

/** The frames of an error whose files exist, innermost first, and the one to look at first. */
export async function placesOf(
  error: ErrorText,
): Promise<{ places: FilePlace[]; first: FilePlace | undefined }> {
  const places = await findPlaces(framesOfError(error), findFile);
  return { places, first: choosePlace(places) };
}

/** The file that a stack trace means: as it stands, or under a folder of the workspace. */
export async function findFile(
  file: string,
): Promise<{ uri: vscode.Uri; inWorkspace: boolean } | undefined> {
  const absolute = path.isAbsolute(file) || path.win32.isAbsolute(file);
  const folders = vscode.workspace.workspaceFolders ?? [];
  const candidates = absolute
    ? [vscode.Uri.file(file)]
    : folders.map((folder) => vscode.Uri.joinPath(folder.uri, file));
  for (const uri of candidates) {
    const inWorkspace = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
    // A relative path that climbs out of its folder names nothing of ours.
    if ((absolute || inWorkspace) && (await isFile(uri))) return { uri, inWorkspace };
  }
  return undefined;
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type !== vscode.FileType.Directory;
  } catch {
    return false; // not there, which is what was asked
  }
}

/** The place in an editor: from the column to the end of its line. */
export function rangeOf({ line, column }: Pick<Frame, 'line' | 'column'>): vscode.Range {
  const row = Math.max(0, line - 1);
  return new vscode.Range(row, Math.max(0, (column ?? 1) - 1), row, 10_000);
}

export async function showFile(uri: vscode.Uri, range: vscode.Range): Promise<void> {
  const selection = new vscode.Range(range.start, range.start);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { selection, preview: true });
}
