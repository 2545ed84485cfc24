import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin, transformSync } from 'esbuild';
import {
  definedElements,
  elements,
  pureDefaults,
  slim as slimming,
  slimChart,
  slimCss,
  slimErrors,
  slimIcons,
  slimPath,
  slimTemplates,
} from '../../.ci/slim.mjs';
import { ICONS } from '../../webview/icons.ts';
import type { ChartSpec } from '../../webview/charts/spec.ts';
import { root } from '../support/paths.ts';
import { makeTempDir, removeTempDir } from '../support/tempDir.ts';

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

  it('leaves the codes of failures, for a page that makes none without a sentence of its own', () => {
    const text = readFileSync(join(root, 'service', 'protocol', 'errors.ts'), 'utf8');
    const slim = slimErrors(text);
    const codes = (of: string) => of.match(/^  [A-Z_]+(?=: (?:\{|0,))/gm);
    assert.deepEqual(codes(slim), codes(text));
    assert.doesNotMatch(slim, /status: \d/);
    for (const source of sources)
      for (const [made] of source.matchAll(/new ProductError\([^;]*;/g))
        assert.match(made, /detail/, made);
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

  describe('of chart.js', () => {
    const files = ['chart.js', join('chunks', 'index.js')].map((name) =>
      readFileSync(join(root, 'node_modules', 'chart.js', 'dist', name), 'utf8'),
    );
    const slim = files.map(slimChart).join('');

    it('keeps only the scales that are used', () => {
      const text = pureDefaults(files[0] ?? '');
      assert.equal([...text.matchAll(/@__PURE__ \*\/ \(\(\) => Ticks/g)].length, 3);
    });

    it('finds each part that the page has switched off', () => {
      for (const gone of ['_createAnimations(', 'new Animator(', '_detectPlatform(init'])
        assert.ok(files.join('').includes(gone) && !slim.includes(gone), gone);
      for (const less of [
        'updateControlPoints(chartArea, indexAxis) {}',
        'getHoverColor(value) { return value; }',
      ])
        assert.ok(slim.includes(less), less);
    });

    it('gives every private name one of its own', () => {
      const names = new Set(files.join('').match(/(?<![\w$])_\w{3,}/g));
      assert.ok(names.size > 300, `${names.size} names`);
      const after = new Set([...names].map(slimChart));
      assert.equal(after.size, names.size);
      // Its name is put together where it is called.
      assert.ok(after.has('_removeDatasetHoverStyle'));
    });

    it('draws every kind of chart as all of it does', async () => {
      const [all, less] = await Promise.all([elements, slimming].map(drawnWith));
      assert.equal(less?.length, SPECS.length);
      for (const [index, { kind }] of SPECS.entries()) {
        assert.ok((all?.[index]?.match(/<(?:path|rect|text)/g) ?? []).length > 1, kind);
        assert.equal(less[index], all?.[index], kind);
      }
    }).timeout(20_000);
  });
});

type Charts = typeof import('../../webview/charts/drawing.ts') &
  typeof import('../../webview/charts/svgContext.ts');
const THEME = {
  ...{ text: '#000', muted: '#777', grid: '#ccc', background: '#fff', focus: '#00f' },
  ...{ bad: '#f00', warn: '#f80', good: '#080', tint: '#eee', font: 'sans-serif', contrast: false },
};
const BLUE = ['--blue', '#3794ff'] as const;
const said = { say: (value: number | null) => `${value ?? '-'} s` };
const points = [3, 1, null, 4, 1, 5].map((y, x) => ({ x: x * 1000, y }));
const SPECS: readonly ChartSpec[] = [
  {
    ...{ ...said, kind: 'time', span: { from: 0, to: 5000 }, stacked: true },
    lines: [
      { name: 'a', color: BLUE, points },
      { name: 'b', color: BLUE, points, dash: [2, 2] },
    ],
    marks: [{ label: 'limit', value: 4 }],
    signs: [{ at: 2000, label: 'spike', tone: 'bad' }],
  },
  {
    ...{ ...said, kind: 'bars', categories: ['x', 'y'], stacked: true, horizontal: true },
    bars: [{ name: 'a', color: BLUE, values: [1, null] }],
  },
  {
    ...{ ...said, kind: 'runs', name: 'time', color: BLUE },
    runs: [1, 2, 9].map((value) => ({
      ...{ label: `#${value}`, detail: '', value, median: 2, low: 1, high: 3, jobId: null },
      status: 'outlier',
    })),
  },
  { ...said, kind: 'box', color: BLUE, groups: [{ name: 'a', values: [1, 2, 3, 4, 90] }] },
  { ...said, kind: 'violin', color: BLUE, groups: [{ name: 'a', values: [1, 2, 3, 4, 9] }] },
  { ...said, kind: 'heatmap', color: BLUE, rows: ['a'], columns: ['b', 'c'], cells: [[1, null]] },
  { ...said, kind: 'gauge', color: BLUE, value: 3, max: 5 },
];

/** Each chart as SVG, by chart.js as this plugin leaves it. */
async function drawnWith(plugin: Plugin): Promise<string[]> {
  const out = makeTempDir('slim');
  const outfile = join(out, 'charts.mjs');
  const contents = `export { drawOn } from './webview/charts/drawing.ts';
    export { SvgContext } from './webview/charts/svgContext.ts';`;
  try {
    await build({
      ...{ stdin: { contents, resolveDir: root, loader: 'ts' }, bundle: true, outfile },
      ...{ format: 'esm', target: 'es2022', tsconfig: join(root, 'webview', 'tsconfig.json') },
      ...{ minifySyntax: true, plugins: [plugin] },
      banner: { js: 'const document = { createElement: () => ({ getContext: () => null }) };' },
    });
    const { drawOn, SvgContext } = (await import(outfile)) as Charts;
    return SPECS.map((spec) => {
      const context = new SvgContext(600, 300);
      const chart = drawOn(context.canvas, spec, {
        ...{ size: { width: 600, height: 300 }, scale: 1, above: 20, recorded: true },
        theme: { ...THEME, area: ([, color]) => color, color: ([, color]) => color },
        behind: () => undefined,
      });
      const text = context.text(spec.kind);
      chart.destroy();
      return text;
    });
  } finally {
    removeTempDir(out);
  }
}

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
