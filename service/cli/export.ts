import { messageOf } from '../protocol/errors.ts';
import { writeDurably } from '../storage/durableFile.ts';
import { findService, request } from './client.ts';
import { choiceOption, invalidOption, parseOptions } from './options.ts';

export const usage = 'export JOB [--format json|csv] [--out F]';

export async function exportJob(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(
    args,
    { format: { type: 'string' }, out: { type: 'string' } },
    true,
  );
  const [job] = positionals;
  if (job === undefined || positionals.length > 1)
    throw invalidOption('export takes the id of one job');
  const format = choiceOption('format', values.format, ['json', 'csv'] as const) ?? 'json';
  const target = await findService(process.env, 'admin');
  const response = await request(
    target,
    `/api/v1/monitoring/export/${encodeURIComponent(job)}?format=${format}`,
  );
  const text = await response.text();
  if (values.out === undefined) process.stdout.write(text);
  else {
    await write(values.out, text);
    console.error(`Wrote ${values.out}.`);
  }
  return 0;
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeDurably(file, text);
  } catch (error) {
    throw invalidOption(`The file ${file} cannot be written: ${messageOf(error)}`);
  }
}
