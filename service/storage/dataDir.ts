import { randomBytes } from 'node:crypto';
import {
  access,
  chmod,
  constants,
  lstat,
  mkdir,
  readdir,
  readFile,
  stat,
  unlink,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceFile, Tokens } from '../protocol/dataDir.ts';
import { ProductError, messageOf } from '../protocol/errors.ts';
import { writeDurably } from './durableFile.ts';
import { durableAdapter } from './durableAdapter.ts';
import { codeOf, ignoreMissing } from './fileSystem.ts';
import { moveToQuarantine } from './quarantine.ts';

const FOLDERS = ['journal', 'state', 'series', 'quarantine'] as const;

/**
 * Makes a directory ready: its folders exist and only this user can enter them. Whatever stands where a folder
 * belongs goes to quarantine. Resolves to the sentences about that. Rejects with DATA_DIR_UNUSABLE.
 */
export async function prepareDataDir(path: string): Promise<string[]> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    if (!(await stat(path)).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    await chmod(path, 0o700);
    const report = await prepareFolders(path);
    // Another service that starts at the same time may tidy up its temporary files meanwhile.
    for (const name of await readdir(path)) await ignoreMissing(closeToOthers(join(path, name)));
    return report;
  } catch (error) {
    throw new ProductError('DATA_DIR_UNUSABLE', { detail: refusal(path, error), cause: error });
  }
}

async function closeToOthers(path: string): Promise<void> {
  const stats = await lstat(path);
  if (stats.isFile() && (stats.mode & 0o077) !== 0) await chmod(path, 0o600);
}

/** Quarantine first: the others need it. */
async function prepareFolders(path: string): Promise<string[]> {
  const report: string[] = [];
  for (const name of [...FOLDERS].reverse()) {
    const folder = join(path, name);
    if (!(await isFolderOrMissing(folder))) {
      // A "quarantine" that is no folder cannot hold itself: it goes into one with another name.
      const quarantine = join(path, name === 'quarantine' ? 'quarantine.old' : 'quarantine');
      const kept = await moveToQuarantine(quarantine, folder);
      report.push(`${folder} is not a folder. It was moved to ${kept}.`);
    }
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  }
  return report;
}

async function isFolderOrMissing(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    throw error;
  }
}

function refusal(path: string, error: unknown): string {
  switch (codeOf(error)) {
    case 'EEXIST':
    case 'ENOTDIR':
      return `The data directory ${path} is a file or lies below one. Choose a folder with --data-dir.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `The data directory ${path} is not writable for you. Change its owner or choose another with --data-dir.`;
    case 'ENOSPC':
      return `There is no space left for the data directory ${path}. Free some and start again.`;
    default:
      return `The data directory ${path} cannot be used: ${messageOf(error)}.`;
  }
}

/** The tokens of a data directory; null when there are none yet or they are damaged (then they are in quarantine). */
export function readTokens(
  dataDir: string,
  onDamaged: (sentence: string) => void,
): Promise<Tokens | null> {
  return tokenFile(dataDir, onDamaged).read();
}

/** The tokens of a data directory, made now if need be. A report tells of damaged ones: clients need the new ones. */
export async function createTokens(
  dataDir: string,
  onDamaged: (sentence: string) => void,
): Promise<Tokens> {
  const file = tokenFile(dataDir, (sentence) =>
    onDamaged(`${sentence} New access tokens were made; give them to your clients.`),
  );
  const existing = await file.read();
  if (existing !== null) return existing;
  const tokens: Tokens = { ingest: newToken(), admin: newToken() };
  await file.write(tokens);
  return tokens;
}

function tokenFile(dataDir: string, onDamaged: (sentence: string) => void) {
  const quarantine = join(dataDir, 'quarantine');
  return durableAdapter<Tokens>(join(dataDir, 'tokens.json'), {
    parse: parseTokens,
    quarantine,
    onDamaged,
  });
}

const newToken = (): string => randomBytes(32).toString('base64url');

function parseTokens(value: unknown): Tokens {
  const { ingest, admin } = fieldsOf(value);
  // 43 base64url characters are the 256 bits; anything shorter may have been cut.
  if (!isToken(ingest) || !isToken(admin) || ingest === admin) {
    throw new Error('it does not hold two tokens');
  }
  return { ingest, admin };
}

const isToken = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w-]{43,128}$/.test(value);

const serviceFilePath = (dataDir: string): string => join(dataDir, 'service.json');

export async function writeServiceFile(dataDir: string, service: ServiceFile): Promise<void> {
  await writeDurably(serviceFilePath(dataDir), `${JSON.stringify(service)}\n`);
}

export async function removeServiceFile(dataDir: string): Promise<void> {
  await ignoreMissing(unlink(serviceFilePath(dataDir)));
}

/** Null when no service is written down, or nothing that makes sense. Whether it still runs is for the caller to ask. */
export async function readServiceFile(dataDir: string): Promise<ServiceFile | null> {
  try {
    return parseService(JSON.parse(await readFile(serviceFilePath(dataDir), 'utf8')));
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

function parseService(value: unknown): ServiceFile | null {
  const { url, ws, pid, version, protocol } = fieldsOf(value);
  const strings = typeof url === 'string' && typeof ws === 'string' && typeof version === 'string';
  const numbers = typeof pid === 'number' && typeof protocol === 'number';
  return strings && numbers ? { url, ws, pid, version, protocol } : null;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
