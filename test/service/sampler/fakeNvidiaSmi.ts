import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What nvidia-smi knows of one GPU, by the names of its query. Texts are printed as they are: `[N/A]`. */
export type FakeGpu = Record<string, string | number>;

export const H200: FakeGpu = {
  index: 0,
  'utilization.gpu': 87,
  'memory.used': 71234,
  'memory.total': 143771,
  'temperature.gpu': 61,
  'power.draw': '512.34',
  name: 'NVIDIA H200',
};

const UNITS = {
  'utilization.gpu': '%',
  'memory.used': 'MiB',
  'memory.total': 'MiB',
  'power.draw': 'W',
};

/**
 * Puts a program `nvidia-smi` into the folder that answers the documented query as the real one does: the columns that
 * were asked for, in their order, without header and units only where asked to, an error for a field it has not.
 */
export function fakeNvidiaSmi(folder: string, gpus: readonly FakeGpu[]): void {
  install(
    folder,
    `const args = Object.fromEntries(process.argv.slice(2).map((arg) => arg.split('=')));
const gpus = ${JSON.stringify(gpus)};
const units = ${JSON.stringify(UNITS)};
const format = (args['--format'] ?? '').split(',');
if (format[0] !== 'csv') { console.log('+---- the table for people ----+'); process.exit(0); }
const fields = (args['--query-gpu'] ?? '').split(',');
const wrong = fields.find((field) => !(field in ${JSON.stringify(H200)}));
if (wrong !== undefined) { console.log('Field "' + wrong + '" is not a valid field to query.'); process.exit(2); }
if (!format.includes('noheader')) console.log(fields.join(', '));
for (const gpu of gpus)
  console.log(fields.map((field) => gpu[field] + (format.includes('nounits') || !units[field] ? '' : ' ' + units[field])).join(', '));`,
  );
}

/** One that runs this script instead. */
export function install(folder: string, script: string): void {
  const file = join(folder, 'nvidia-smi');
  writeFileSync(file, `#!${process.execPath}\n${script}\n`);
  chmodSync(file, 0o755);
}

/** One that writes the file `asked`, never answers, and ends by no SIGTERM; the result is that file. */
export function hangingNvidiaSmi(folder: string): string {
  const asked = join(folder, 'asked');
  install(
    folder,
    `require('fs').writeFileSync(${JSON.stringify(asked)}, 'x');
process.on('SIGTERM', () => {});
setInterval(() => {}, 1000);`,
  );
  return asked;
}

/** The search path with that folder first. */
export function pathWith(folder: string): string {
  return [folder, process.env['PATH'] ?? ''].join(delimiter);
}

/** In a `describe`: sets the search path of this process, and back after each test. */
export function useSearchPath(): (path: string) => void {
  const before = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = before;
  });
  return (path) => {
    process.env['PATH'] = path;
  };
}
