// Builds dist/: cli.js (the service and command line), extension.js, webview/ (the dashboard, a file a region), and the example pipeline.
//   node esbuild.mjs [--production] [--watch] [--out DIR]
import { build, context } from 'esbuild';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import ts from 'typescript';

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

/**
 * Takes the indentation out of the page's HTML and CSS templates, which no minifier looks into. A line break stays a line
 * break: to HTML and CSS it is the same white space.
 */
const templates = {
  name: 'templates',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]webview[\\/].*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
      const spans = [];
      const visit = (node) => {
        if (ts.isTaggedTemplateExpression(node) && /^(html|svg|css)$/.test(node.tag.getText()))
          spans.push(...literals(node.template));
        ts.forEachChild(node, visit);
      };
      visit(source);
      spans.sort((a, b) => b.pos - a.pos);
      const contents = spans.reduce(
        (all, { pos, end }) =>
          all.slice(0, pos) + all.slice(pos, end).replace(/\s*\n\s*/g, '\n') + all.slice(end),
        text,
      );
      return { contents, loader: 'ts' };
    });
  },
};

function literals(template) {
  const parts = ts.isNoSubstitutionTemplateLiteral(template)
    ? [template]
    : [template.head, ...template.templateSpans.map(({ literal }) => literal)];
  return parts.map((part) => ({ pos: part.getStart(), end: part.getEnd() }));
}

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
    plugins: production ? [templates] : [],
  },
];

rmSync(out, { recursive: true, force: true });
mkdirSync(`${out}/examples`, { recursive: true });
cpSync('examples/document-pipeline', `${out}/examples/document-pipeline`, { recursive: true });

if (watch) await Promise.all(bundles.map(async (options) => (await context(options)).watch()));
else await Promise.all(bundles.map((options) => build(options)));

// The bundles are CommonJS while the repository's own files are ES modules. Written last: its time dates a complete build.
writeFileSync(`${out}/package.json`, '{"type":"commonjs"}\n');
