import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/paths.ts';
import { makeTempDir, removeTempDir } from '../support/tempDir.ts';

const MOST_BYTES = 900_000;
const FIRST_VIEW_BYTES = 350_000;

describe('the code of the dashboard, minified', function () {
  this.timeout(60_000);
  const out = makeTempDir('bundle');
  before(() => {
    execFileSync(process.execPath, ['esbuild.mjs', '--production', '--out', out], { cwd: root });
  });
  after(() => removeTempDir(out));

  const textOf = (name: string) => readFileSync(join(out, 'webview', name), 'utf8');
  /** A file with all it imports before it runs. */
  const withImports = (name: string, known = new Set<string>()): Set<string> => {
    if (known.has(name)) return known;
    known.add(name);
    for (const [, imported = ''] of textOf(name).matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g))
      withImports(imported, known);
    return known;
  };
  const bytes = (names: Iterable<string>) =>
    [...names].reduce((sum, name) => sum + Buffer.byteLength(textOf(name)), 0);

  it('is below 900 kB, further languages aside', () => {
    const code = readdirSync(join(out, 'webview')).filter(
      (name) => name.endsWith('.js') && !name.startsWith('bundle.l10n'),
    );
    const size = bytes(code);
    console.log(`      ${Math.round(size / 1000)} kB in ${code.length} files`);
    assert.ok(size < MOST_BYTES, `${size} bytes`);
  });

  it('has a first view below 350 kB, without charts', () => {
    const overview = readdirSync(join(out, 'webview')).filter((name) =>
      /^(overview|webview)(-\w+)?\.js$/.test(name),
    );
    assert.equal(overview.length, 2);
    const files = new Set(overview.flatMap((name) => [...withImports(name)]));
    const size = bytes(files);
    console.log(`      ${Math.round(size / 1000)} kB in ${files.size} files`);
    assert.ok(size < FIRST_VIEW_BYTES, `${size} bytes`);
    for (const name of files) assert.doesNotMatch(textOf(name), /DoughnutController/);
  });
});
