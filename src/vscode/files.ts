import * as vscode from 'vscode';
import { choosePlace, findPlaces, type Place } from '../stack/place.ts';
import { type ErrorText, framesOfError } from '../stack/parse.ts';
import type { Frame } from '../stack/frame.ts';
import { findFile } from './findFile.ts';

export type FilePlace = Place<vscode.Uri>;

/** The frames of an error whose files exist, innermost first, and the one to look at first. */
export async function placesOf(
  error: ErrorText,
): Promise<{ places: FilePlace[]; first: FilePlace | undefined }> {
  const places = await findPlaces(framesOfError(error), findFile);
  return { places, first: choosePlace(places) };
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
