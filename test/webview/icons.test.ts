import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../support/paths.ts';
import { ICONS } from '../../webview/icons.ts';

const codicons = dirname(fileURLToPath(import.meta.resolve('@vscode/codicons/package.json')));

describe('the icons', () => {
  it('are the drawings of the codicons they are named after', () => {
    const source = readFileSync(join(root, 'webview', 'icons.ts'), 'utf8');
    const names = [...source.matchAll(/\/\*\* ([\w-]+) \*\/\s+(\w+):/g)];
    assert.equal(names.length, Object.keys(ICONS).length);
    for (const [, file, key] of names) {
      const svg = readFileSync(join(codicons, 'src', 'icons', `${file}.svg`), 'utf8');
      const drawing = [...svg.matchAll(/ d="([^"]*)"/g)].map(([, path]) => path).join(' ');
      assert.equal(ICONS[key as keyof typeof ICONS], drawing, file);
    }
  });
});
