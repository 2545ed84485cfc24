import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../support/paths.ts';
import { useFolder } from './support/programs.ts';
import { told } from './support/told.ts';

describe('errors of Node', () => {
  const folder = useFolder();
  before(() =>
    folder.write({
      'cause.mjs': `function inner() { null.x }
try { inner() } catch (cause) { throw new Error('outer fails', { cause }) }
`,
      'bad.cjs': 'const a = 1;\nconst = 2;\n',
      'requires.cjs': 'require("./bad.cjs");\n',
      'any.mjs':
        'await Promise.any([Promise.reject(new TypeError("first")), Promise.reject(new Error("second"))]);\n',
      'named.mjs': `class Boom extends Error { get name() { return 'Boom'; } }
console.error(new Boom('over\\nand over').stack);
`,
    }),
  );
  const says = (file: string): string => told(folder.run(process.execPath, [file]));

  it('have the cause that they were given', () => {
    const at = `${folder.path}/cause.mjs`;
    assert.equal(
      says('cause.mjs'),
      `javascript Error: outer fails @ ${at}:2:39 < javascript TypeError: Cannot read properties of null (reading 'x') @ ${at}:1:25`,
    );
  });

  it('of the syntax lead to the file that is wrong, not to the one that asked for it', () => {
    const wanted = `javascript SyntaxError: Unexpected token '=' @ ${folder.path}/bad.cjs:2:7`;
    assert.equal(says('requires.cjs'), wanted);
    assert.equal(says('bad.cjs'), wanted);
  });

  it('of many promises are the first of them', () => {
    assert.equal(says('any.mjs'), `javascript TypeError: first @ ${folder.path}/any.mjs:1:35`);
  });

  it('need not be called errors', () => {
    const text = 'Boom: over\n    at go (/app/a.js:1:2)';
    assert.equal(told(text), 'javascript Boom: over @ /app/a.js:1:2');
  });

  it('lead past packages and Node itself', () => {
    const text = `TypeError: no
    at a (/app/node_modules/x/i.js:1:1)
    at b (node:internal/x:1:1)
    at async c (file:///app/src/own%20code.ts:7:9)`;
    assert.equal(told(text), 'javascript TypeError: no @ /app/src/own code.ts:7:9');
  });
});

describe('errors of TypeScript and bundlers', function () {
  this.timeout(60_000);
  const folder = useFolder();
  before(() => folder.write({ 'src/a.ts': 'const a = 1;\nconst b: string = 2;\n' }));

  for (const pretty of ['true', 'false'])
    it(`are read as tsc prints them, pretty ${pretty}`, () => {
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      const args = [tsc, '--noEmit', '--pretty', pretty, 'src/a.ts'];
      const { stdout } = spawnSync(process.execPath, args, { cwd: folder.path, encoding: 'utf8' });
      assert.equal(
        told(stdout),
        "typescript TS2322: Type 'number' is not assignable to type 'string'. @ src/a.ts:2:7",
      );
    });

  it('are read as esbuild prints them', () => {
    const text = '✘ [ERROR] Could not resolve "x"\n\n    src/a.ts:1:7:\n      1 │ import "x"';
    assert.equal(told(text), 'typescript -: Could not resolve "x" @ src/a.ts:1:7');
  });
});
