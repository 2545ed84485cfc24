// Builds dist/: cli.js (the service and command line), extension.js, webview/ (the dashboard, a file a region), and the example pipeline.
//   node esbuild.mjs [--production] [--watch] [--out DIR]
import { build, context } from 'esbuild';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { elements, shortChunks, slim } from './.ci/slim.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const outAt = process.argv.indexOf('--out');
const out = outAt < 0 ? 'dist' : process.argv[outAt + 1];
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  define: { PIPESCOPE_VERSION: JSON.stringify(version) },
};
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  define: { ...common.define, 'import.meta.dirname': '__dirname' },
};

const bundles = [
  {
    ...node,
    entryPoints: { cli: 'service/main.ts' },
    outdir: out,
    banner: { js: '#!/usr/bin/env node' },
  },
  { ...node, entryPoints: { extension: 'src/extension.ts' }, outdir: out, external: ['vscode'] },
  {
    ...common,
    entryPoints: { webview: 'webview/main.ts' },
    outdir: `${out}/webview`,
    platform: 'browser',
    // Modules, so that a region's code is fetched when the region comes into view.
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    target: 'es2022',
    loader: { '.ttf': 'dataurl' },
    tsconfig: 'webview/tsconfig.json',
    plugins: [production ? slim : elements],
  },
];

rmSync(out, { recursive: true, force: true });
mkdirSync(`${out}/examples`, { recursive: true });
cpSync('examples/document-pipeline', `${out}/examples/document-pipeline`, { recursive: true });

if (watch) await Promise.all(bundles.map(async (options) => (await context(options)).watch()));
else await Promise.all(bundles.map((options) => build(options)));
if (production) shortChunks(`${out}/webview`);

// The bundles are CommonJS while the repository's own files are ES modules. Written last: its time dates a complete build.
writeFileSync(`${out}/package.json`, '{"type":"commonjs"}\n');
