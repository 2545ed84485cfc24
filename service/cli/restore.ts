import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { count } from '../protocol/describe.ts';
import { ProductError, messageOf } from '../protocol/errors.ts';
import { restoreArchive } from '../storage/restore.ts';
import { dataDirOf } from './client.ts';
import { invalidOption, parseOptions } from './options.ts';

export const usage = 'restore FILE [--data-dir D] [--force]';

/** Puts a backup in the place of the data directory, which has to be empty, or is moved aside with --force. */
export async function restore(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(
    args,
    { 'data-dir': { type: 'string' }, force: { type: 'boolean' } },
    true,
  );
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw invalidOption('restore takes one file');
  await access(file).catch((error: unknown) => {
    throw invalidOption(`The file ${file} cannot be read: ${messageOf(error)}`);
  });
  const dataDir = resolve(dataDirOf(process.env, values['data-dir']));
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  const { manifest, movedTo } = await restoreArchive(file, dataDir, {
    force: values.force === true,
    stamp,
  }).catch((error: unknown) => {
    if (!(error instanceof ProductError) || error.code !== 'ARCHIVE_INVALID') throw error;
    throw invalidOption(error.message.replace('The file', `The file ${file}`));
  });
  console.log(
    `Restored ${count(manifest.files.length, '{0} file', '{0} files')} of the backup of ${manifest.created_at} to ${dataDir}.`,
  );
  if (movedTo !== null) console.log(`What was there before is in ${movedTo}.`);
  const flag = values['data-dir'] === undefined ? '' : ` --data-dir ${dataDir}`;
  console.log(`Start the service with "pipescope serve${flag}".`);
  return 0;
}
