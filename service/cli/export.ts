import { TABLES } from '../core/csv.ts';
import { bytes } from '../protocol/describe.ts';
import { findService } from './client.ts';
import { download } from './download.ts';
import { choiceOption, invalidOption, parseOptions } from './options.ts';

export const usage =
  'export JOB [--format json|csv|zip|html] [--out F] | export --all|--from T|--to T|--pipeline P|--status S [--format json|ndjson|csv|zip] [--table T] [--out F]';

const FILTERS = ['from', 'to', 'pipeline', 'status'] as const;
const text = { type: 'string' } as const;
const OPTIONS = {
  ...{ format: text, out: text, table: text, from: text, to: text, pipeline: text, status: text },
  all: { type: 'boolean' },
} as const;

/** Writes a job, or the jobs of a range, to a file or stdout. */
export async function exportJob(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS, true);
  const path = pathOf(values, positionals);
  const target = await findService(process.env, 'admin');
  const size = await download(target, path, values.out);
  if (values.out !== undefined) console.error(`Wrote ${values.out} (${bytes(size)}).`);
  return 0;
}

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

function pathOf(values: Values, positionals: readonly string[]): string {
  const [job] = positionals;
  const filters = FILTERS.filter((name) => values[name] !== undefined);
  const isRange = values.all === true || filters.length > 0;
  if (positionals.length > 1 || (job === undefined) !== isRange) {
    throw invalidOption(
      'export takes the id of one job, or --all, --from, --to, --pipeline or --status for a range of them',
    );
  }
  if (job !== undefined) {
    if (values.table !== undefined) throw invalidOption('--table is for a range of jobs');
    const format = choiceOption('format', values.format, ['json', 'csv', 'zip', 'html'] as const);
    return `/api/v1/monitoring/export/${encodeURIComponent(job)}?format=${format ?? 'json'}`;
  }
  const format = choiceOption('format', values.format, ['json', 'ndjson', 'csv', 'zip'] as const);
  const table = choiceOption('table', values.table, TABLES);
  if (table !== undefined && format !== 'csv') throw invalidOption('--table is for --format csv');
  const query = new URLSearchParams({ format: format ?? 'json' });
  if (table !== undefined) query.set('table', table);
  for (const name of filters) query.set(name, values[name] ?? '');
  return `/api/v1/export?${query.toString()}`;
}
