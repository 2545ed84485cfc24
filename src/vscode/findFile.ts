import { homedir } from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Frame } from '../stack/frame.ts';
import { isOwn } from '../stack/library.ts';
import { endsOf, mapped, mappingsOf, mostAlike, segmentsOf } from '../stack/mapping.ts';
import { setting } from './settings.ts';

export interface FoundFile {
  uri: vscode.Uri;
  inWorkspace: boolean;
}

/** So long an answer holds: files come and go. */
const KEPT_MS = 30_000;
const MOST_KEPT = 500;
const MOST_RESULTS = 10;
const NOT_IN = '**/{node_modules,site-packages,.git,.venv,venv,__pycache__}/**';

const kept = new Map<string, { at: number; found: Promise<FoundFile | undefined> }>();

/** Files are looked for anew: other folders, other mappings. */
export function forgetFiles(): void {
  kept.clear();
}

/** The file that a frame means; what was found is known for half a minute. */
export function findFile(frame: Frame): Promise<FoundFile | undefined> {
  const key = JSON.stringify([frame.file, frame.also, isOwn(frame)]);
  const known = kept.get(key);
  const now = Date.now();
  if (known && now - known.at < KEPT_MS) return known.found;
  kept.delete(key);
  for (const oldest of kept.keys()) {
    if (kept.size < MOST_KEPT) break;
    kept.delete(oldest);
  }
  const found = lookFor(frame);
  kept.set(key, { at: now, found });
  return found;
}

/** By the mappings of the setting, as it stands, by the end of its path under a folder, by its name in the workspace. */
async function lookFor(frame: Frame): Promise<FoundFile | undefined> {
  const file = frame.file.replace(/^~(?=[\\/])/, homedir());
  const found =
    (await inFolders(mapped(file, mappingsOf(setting('pathMappings'))))) ?? (await asItIs(file));
  if (found || !isOwn(frame) || /^[a-z-]{2,}:/.test(file)) return found ?? alsoInFolders(frame);
  return (await alsoInFolders(frame)) ?? (await inFolders(endsOf(file))) ?? byName(frame, file);
}

function alsoInFolders({ also = [] }: Frame): Promise<FoundFile | undefined> {
  return inFolders(also);
}

async function asItIs(file: string): Promise<FoundFile | undefined> {
  if (!isAbsolute(file)) return inFolders([file]);
  const uri = vscode.Uri.file(file);
  return (await isFile(uri)) ? { uri, inWorkspace: isInside(uri) } : undefined;
}

/** The first of some paths that is a file under a folder of the workspace. One that leads out of it names nothing of ours. */
async function inFolders(paths: readonly string[]): Promise<FoundFile | undefined> {
  for (const name of paths)
    for (const { uri: folder } of vscode.workspace.workspaceFolders ?? []) {
      const local = name.replaceAll('\\', '/');
      const uri = isAbsolute(name) ? vscode.Uri.file(name) : vscode.Uri.joinPath(folder, local);
      if (isInside(uri) && (await isFile(uri))) return { uri, inWorkspace: true };
    }
  return undefined;
}

/** The file in the workspace whose path ends most like the frame's. */
async function byName({ also = [] }: Frame, file: string): Promise<FoundFile | undefined> {
  const wanted = also[0] ?? file;
  const names = segmentsOf(wanted).slice(-2);
  const last = names.at(-1);
  if (last === undefined || !last.includes('.') || last.length > 200) return undefined;
  const near = names.length < 2 ? [] : await search(names.join('/'));
  const uris = near.length > 0 ? near : await search(last);
  const chosen = mostAlike(
    wanted,
    uris.map((uri) => uri.path),
  );
  const uri = uris.find((one) => one.path === chosen);
  return uri && { uri, inWorkspace: true };
}

async function search(name: string): Promise<vscode.Uri[]> {
  // What has a meaning in a pattern stands for any one character; `mostAlike` compares the names.
  const pattern = `**/${name.replace(/[*?[\]{}!]/g, '?')}`;
  return await vscode.workspace.findFiles(pattern, NOT_IN, MOST_RESULTS);
}

function isAbsolute(file: string): boolean {
  return path.isAbsolute(file) || path.win32.isAbsolute(file);
}

function isInside(uri: vscode.Uri): boolean {
  return vscode.workspace.getWorkspaceFolder(uri) !== undefined;
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type !== vscode.FileType.Directory;
  } catch {
    return false; // not there, which is what was asked
  }
}
