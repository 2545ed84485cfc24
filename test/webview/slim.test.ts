import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import {
  definedElements,
  pureDefaults,
  slimCss,
  slimIcons,
  slimPath,
  slimTemplates,
} from '../../.ci/slim.mjs';
import { ICONS } from '../../webview/icons.ts';
import { root } from '../support/paths.ts';

const sources = readdirSync(join(root, 'webview'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(root, 'webview', name), 'utf8'));

describe('the slimming of the page', () => {
  it('leaves every style sheet what it was, as esbuild reads it', () => {
    const sheets = sources.flatMap((text) => [...text.matchAll(/\bcss`([^`$]*)`/g)]);
    assert.ok(sheets.length > 40, `${sheets.length} style sheets`);
    // It leaves white space in what it does not look into: conditions, and what stands in for a variable.
    const read = (css: string) =>
      transformSync(css, { loader: 'css', minify: true }).code.replace(/([,:]) /g, '$1');
    for (const [, css = ''] of sheets) {
      assert.equal(read(slimCss(css)), read(css));
      assert.ok(slimCss(css).length < css.length);
    }
  });

  it('keeps what stands in quotes, and lets an apostrophe in a comment be one', () => {
    const css = `/* VS Code's own */ a::after { content: ' ;  {: } '; color: red; }`;
    assert.equal(slimCss(css), ` a::after{content:' ;  {: } ';color:red}`);
  });

  it('changes nothing but white space in HTML templates, and nothing outside of templates', () => {
    const text = "const a = '\\n  x';\nhtml`<p>\n    ${css`a { b: c; }`} d\n  </p>`;";
    assert.equal(slimTemplates(text), "const a = '\\n  x';\nhtml`<p>\n${css`a{b:c}`} d\n</p>`;");
  });

  it('draws every icon through the same points to a hundredth of a pixel', () => {
    let before = 0;
    let after = 0;
    for (const path of Object.values(ICONS)) {
      const slim = slimPath(path);
      before += path.length;
      after += slim.length;
      const [points, slimPoints] = [pointsOf(path), pointsOf(slim)];
      assert.equal(slimPoints.length, points.length, slim);
      for (const [i, value] of points.entries())
        assert.ok(Math.abs(value - (slimPoints[i] ?? NaN)) < 0.0051, slim);
    }
    assert.ok(after < before * 0.7, `${after} of ${before} characters`);
    assert.match(slimIcons("eye: 'M8 1.50001L8.123456 2Z',"), /^eye: 'M8 1.5[lL][^']*z',$/);
  });

  it('defines every element without a decorator of its class, on the lines where it was', () => {
    const text =
      "@customElement('a-b')\nexport class A extends B {\n  @state() x = 1;\n}\n\nconst y = 2;";
    assert.equal(
      definedElements(text),
      "\nexport class A extends B {\n  @state() x = 1;\n} customElements.define('a-b', A);\n\nconst y = 2;",
    );
    const all = sources.filter((one) => one.includes('@customElement('));
    for (const one of all) {
      const defined = definedElements(one);
      assert.ok(!defined.includes('@customElement('));
      assert.equal(defined.split('\n').length, one.split('\n').length);
    }
  });

  it('leaves a path with arcs as it is', () => {
    assert.equal(slimPath('M1 1A2.12345 2 0 0 1 3 3Z'), 'M1 1A2.12345 2 0 0 1 3 3Z');
  });

  it('has chart.js keep only the scales that are used', () => {
    const path = join(root, 'node_modules', 'chart.js', 'dist', 'chart.js');
    const text = pureDefaults(readFileSync(path, 'utf8'));
    assert.equal([...text.matchAll(/@__PURE__ \*\/ \(\(\) => Ticks/g)].length, 3);
  });
});

/** Every coordinate that a path names, absolute. */
function pointsOf(path: string): number[] {
  const axes: Record<string, string> = { M: '01', L: '01', H: '0', V: '1', C: '010101', Z: '' };
  const points: number[] = [];
  let at = [0, 0];
  let start = at;
  for (const [, letter = '', rest = ''] of path.matchAll(/([a-df-zA-Z])([^a-df-zA-Z]*)/g)) {
    const numbers = (rest.match(/-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?/g) ?? []).map(Number);
    const own = axes[letter.toUpperCase()] ?? assert.fail(letter);
    if (own === '') at = start;
    for (let i = 0; i < numbers.length; i += own.length) {
      const absolute = numbers
        .slice(i, i + own.length)
        .map((value, n) => value + (letter > 'Z' ? (at[Number(own[n])] ?? 0) : 0));
      points.push(...absolute);
      const next = [...at];
      absolute.forEach((value, n) => (next[Number(own[n])] = value));
      at = next;
      if (letter.toUpperCase() === 'M') start = at;
    }
  }
  return points;
}
