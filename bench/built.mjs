// Runs a benchmark as what is shipped runs: bundled, without what a loader adds to each function.
//   node [--expose-gc] bench/built.mjs bench/judge.ts
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const [file, ...args] = process.argv.slice(2);
// Beside the packages, so that what cannot be bundled is found.
const folder = mkdtempSync(join(import.meta.dirname, '../node_modules/.pipescope-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const outfile = join(folder, 'bench.mjs');
await build({
  ...{ entryPoints: [file], outfile, bundle: true, platform: 'node', format: 'esm' },
  ...{ target: 'node20', packages: 'external', minify: true, logLevel: 'warning' },
  define: { PIPESCOPE_VERSION: '"0.0.0"' },
});
process.argv = [process.argv[0], file, ...args];
await import(outfile);
