/** What the documents that cannot be edited have in common: their addresses, and links to the files they name. */
import * as vscode from 'vscode';
import { frameInLine } from '../stack/parse.ts';
import { findFile } from '../vscode/findFile.ts';

const LONGEST_LINE = 2000;
/** Different files looked for in one document. */
const MOST_FILES = 500;
const LONGEST_NAME = 100;

/** What a tab may be called after a name that another program gave; empty where nothing of it is left. */
export function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N} ._#-]+/gu, '_').slice(0, LONGEST_NAME);
}

export function documentUri(scheme: string, id: string, file: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${encodeURIComponent(id)}/${file}` });
}

/** The id in an address of `documentUri`. */
export function idOf(uri: vscode.Uri): string {
  const [, first = ''] = uri.path.split('/');
  try {
    return decodeURIComponent(first);
  } catch {
    return first; // an address that nobody here made
  }
}

/** Links for the stack frames in a text whose files are there. */
export async function frameLinks(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
  const files = new Map<string, ReturnType<typeof findFile>>();
  const links: vscode.DocumentLink[] = [];
  for (let row = 0; row < document.lineCount && files.size < MOST_FILES; row += 1) {
    const { text } = document.lineAt(row);
    const found = text.length > LONGEST_LINE ? undefined : frameInLine(text);
    if (!found) continue;
    const { file, line, column } = found.frame;
    const looking = files.get(file) ?? findFile(found.frame);
    files.set(file, looking);
    const there = await looking;
    if (!there) continue;
    const fragment = column === null ? `L${line}` : `L${line},${column}`;
    const range = new vscode.Range(row, found.start, row, found.end);
    links.push(new vscode.DocumentLink(range, there.uri.with({ fragment })));
  }
  return links;
}
