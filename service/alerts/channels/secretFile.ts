/** `secrets.json` of the data directory: for this user only, replaced in one step. */
import { chmod, lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../storage/durableFile.ts';
import { setAside } from '../../storage/durableAdapter.ts';
import { codeOf } from '../../storage/fileSystem.ts';

/** By channel, then by name. */
export type Held = Map<string, Map<string, string>>;

export const SECRETS_FILE = 'secrets.json';
const VERSION = 1;
const MAX_BYTES = 64 * 1024 * 1024;

/** What the file holds. A damaged one goes to quarantine; `warn` gets a sentence that says nothing of its content. */
export async function readSecrets(
  dataDir: string,
  warn: (sentence: string) => void,
): Promise<Held> {
  const path = join(dataDir, SECRETS_FILE);
  try {
    const why = await checkMode(path, warn);
    const held = why === null ? parse(await readFile(path, 'utf8')) : null;
    if (held) return held;
    warn(await damaged(dataDir, why ?? 'it does not hold secrets of channels'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return new Map();
    // Too many open files or no memory says nothing about the file.
    if (['EMFILE', 'ENFILE', 'ENOMEM'].includes(codeOf(error))) throw error;
    warn(await damaged(dataDir, codeOf(error) || 'it cannot be read'));
  }
  return new Map();
}

async function damaged(dataDir: string, why: string): Promise<string> {
  const kept = await setAside(join(dataDir, SECRETS_FILE), join(dataDir, 'quarantine'), why);
  return `${kept} Give the channels their secrets again.`;
}

/** Why the file is not to be read; null where it may be. Others lose their access to it. */
async function checkMode(path: string, warn: (sentence: string) => void): Promise<string | null> {
  const stats = await lstat(path);
  if (!stats.isFile()) return 'it is not a file';
  if (stats.size > MAX_BYTES) return 'it is too large';
  if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0) {
    await chmod(path, 0o600);
    warn(`${path} could be read by other users. It is closed now; change the secrets in it.`);
  }
  return null;
}

/** Null where it is something else. What the parser says of it would repeat parts of it. */
function parse(text: string): Held | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { version, channels } = fieldsOf(value);
  if (version !== VERSION || typeof channels !== 'object' || channels === null) return null;
  const held: Held = new Map();
  for (const [id, names] of Object.entries(channels)) {
    const secrets = Object.entries(fieldsOf(names));
    if (!secrets.every((one): one is [string, string] => typeof one[1] === 'string')) return null;
    if (secrets.length > 0) held.set(id, new Map(secrets));
  }
  return held;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Resolves when it is durable. Nothing is written where nothing changed. */
export async function writeSecrets(dataDir: string, held: Held, before: Held): Promise<void> {
  const text = toText(held);
  if (text !== toText(before)) await writeDurably(join(dataDir, SECRETS_FILE), text);
}

function toText(held: Held): string {
  const channels = Object.fromEntries(
    [...held].map(([id, names]) => [id, Object.fromEntries(names)]),
  );
  return `${JSON.stringify({ version: VERSION, channels })}\n`;
}
