// What no minifier looks into: the templates of the page, the paths of its icons, what the service says of failures, and what of
// chart.js nobody uses.
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import ts from 'typescript';

/** For every build of the page. */
export const elements = {
  name: 'elements',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]webview[\\/].*\.ts$/ }, ({ path }) => ({
      contents: definedElements(readFileSync(path, 'utf8')),
      loader: 'ts',
    }));
  },
};

/** For the page's production build, in place of `elements`. Nothing that is seen or done differs. */
export const slim = {
  name: 'slim',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]webview[\\/].*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = slimTemplates(definedElements(text));
      const icons = /[\\/]webview[\\/]icons\.ts$/.test(path);
      return { contents: icons ? slimIcons(contents) : contents, loader: 'ts' };
    });
    onLoad({ filter: /[\\/]protocol[\\/]errors\.ts$/ }, ({ path }) => ({
      contents: slimErrors(readFileSync(path, 'utf8')),
      loader: 'ts',
    }));
    onLoad({ filter: /[\\/]webview-ui-toolkit[\\/]dist[\\/]design-tokens\.js$/ }, ({ path }) => ({
      contents: slimTokens(readFileSync(path, 'utf8')),
      loader: 'js',
    }));
    onLoad({ filter: /[\\/]fast-web-utilities[\\/]dist[\\/]key-codes\.js$/ }, ({ path }) => ({
      contents: slimKeys(readFileSync(path, 'utf8')),
      loader: 'js',
    }));
    onLoad({ filter: /[\\/]chart\.js[\\/]dist[\\/](?:chunks[\\/])?\w+\.js$/ }, ({ path }) => ({
      contents: slimChart(readFileSync(path, 'utf8')),
      loader: 'js',
    }));
  },
};

/**
 * Does what `@customElement` does without a decorator of the class: esbuild makes a WeakMap of every private member of a
 * class that has one, which takes 18 kB of the page, and time with every access. Lines stay where they are.
 */
export function definedElements(text) {
  if (!text.includes('@customElement(')) return text;
  const source = ts.createSourceFile('part.ts', text, ts.ScriptTarget.Latest, true);
  const classes = source.statements.filter(ts.isClassDeclaration);
  return classes.reverse().reduce((all, node) => {
    const decorator = (ts.getDecorators(node) ?? []).find(({ expression }) =>
      expression.getText().startsWith('customElement('),
    );
    if (decorator === undefined) return all;
    const tag = decorator.expression.arguments[0].getText();
    const define = ` customElements.define(${tag}, ${node.name.text});`;
    const rest = all.slice(decorator.end, node.end) + define + all.slice(node.end);
    return all.slice(0, decorator.getStart()) + rest;
  }, text);
}

/** Takes the indentation out of html`` and svg``, where a line break is the same white space, and all that css`` needs not. */
export function slimTemplates(text) {
  const source = ts.createSourceFile('part.ts', text, ts.ScriptTarget.Latest, true);
  const changes = [];
  const visit = (node) => {
    if (ts.isTaggedTemplateExpression(node)) changes.push(...changesOf(node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  changes.sort((a, b) => b.pos - a.pos);
  return changes.reduce(
    (all, { pos, end, slim }) => all.slice(0, pos) + slim(all.slice(pos, end)) + all.slice(end),
    text,
  );
}

const unindented = (text) => text.replace(/\s*\n\s*/g, '\n');

function changesOf({ tag, template }) {
  const slim = { html: unindented, svg: unindented, css: slimCss }[tag.getText()];
  if (slim === undefined) return [];
  const parts = ts.isNoSubstitutionTemplateLiteral(template)
    ? [template]
    : [template.head, ...template.templateSpans.map(({ literal }) => literal)];
  return parts.map((part) => ({ pos: part.getStart(), end: part.getEnd(), slim }));
}

/** A part of a style sheet, without comments and needless white space. What stands in quotes stays as it is. */
export function slimCss(css) {
  return css
    .split(/(\/\*[^]*?\*\/|"[^"]*"|'[^']*')/)
    .map((part, index) => (index % 2 === 0 ? slimPart(part) : part.startsWith('/*') ? '' : part))
    .join('');
}

function slimPart(css) {
  return css
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/;}/g, '}');
}

/** Every path that an icon is drawn by, shorter. */
export function slimIcons(text) {
  return text.replace(/'(M[\d.]+[^']*Z)'/g, (_, path) => `'${slimPath(path)}'`);
}

/** The table of failures without status and sentence: a page knows the codes, and says what the service says. */
export function slimErrors(text) {
  return text.replace(/\{\s*status: \d+,\s*title:\s*(?:'[^'\n]*'|"[^"\n]*"),?\s*\}/g, '0');
}

/** How many numbers a command takes, and which of them are horizontal (0) or vertical (1). */
const AXES = { M: '01', L: '01', H: '0', V: '1', C: '010101', S: '0101', Q: '0101', T: '01' };

/**
 * The same path to a hundredth of its unit, each command absolute or relative, whatever is shorter. Paths with arcs or
 * relative commands stay as they are.
 */
export function slimPath(path) {
  if (/[^MLHVCSQTZe\d\s.,-]/.test(path)) return path;
  let at = [0, 0];
  let start = at;
  let before = '';
  let slim = '';
  const add = (letter, numbers) => {
    slim = joined(letter === before ? slim : slim + letter, numbers);
    before = letter;
  };
  for (const [, letter, numbers] of path.matchAll(/([A-Z])([^A-Z]*)/g)) {
    if (letter === 'Z') {
      add('z', []);
      at = start;
      continue;
    }
    const all = (numbers.match(/-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?/g) ?? []).map((one) =>
      Math.round(one * 100),
    );
    const axes = AXES[letter];
    for (let i = 0; i < all.length; i += axes.length) {
      const own = all.slice(i, i + axes.length);
      const relative = own.map((value, n) => value - at[axes[n]]);
      const shorter = joined('', relative).length < joined('', own).length;
      add(shorter ? letter.toLowerCase() : letter, shorter ? relative : own);
      at = [...at];
      own.slice(-2).forEach((value, n, last) => (at[axes.at(n - last.length)] = value));
      if (letter === 'M') start = at;
    }
  }
  return slim;
}

/** Hundredths behind a text, with no more between them than has to be. */
function joined(before, hundredths) {
  return hundredths.reduce((text, value) => {
    const number = String(value / 100).replace(/^(-?)0\./, '$1.');
    const apart = /^-/.test(number) || (/^\./.test(number) && /\.\d+$/.test(text));
    return apart || !/\d$/.test(text) ? text + number : `${text} ${number}`;
  }, before);
}

/**
 * Reading a property may do something, to a bundler: it keeps each class whose defaults do so, used or not. In chart.js
 * it does nothing.
 */
export function pureDefaults(text) {
  return text
    .replace(/(callback: )(Ticks\.formatters\.\w+)/g, '$1/* @__PURE__ */ (() => $2)()')
    .replace(/(static defaults = )(\w+\.defaults)/g, '$1/* @__PURE__ */ (() => $2)()');
}

/**
 * Of chart.js, what the page has switched off for all its charts (`animation: false`, `events: []`, no tension, a platform
 * of its own; see webview/charts/pictures/picture.ts), by what stands there: as little as answers the same.
 */
const SWITCHED_OFF = [
  [
    /(?<=^class Animations )\{.*?^\}(?=\nfunction scaleClip)/ms,
    '{ update(target, values) { Object.assign(target, values); } }',
  ],
  [
    /(?<=^var animator = ).*?;$/m,
    '{ listen() {}, stop() {}, start() {}, remove() {}, running: () => false, has: () => false };',
  ],
  [/(?<=config\.platform \|\| )_detectPlatform\(initialCanvas\)/, 'BasicPlatform'],
  [/(?<= {4}updateControlPoints\(chartArea, indexAxis\) )\{.*?^ {4}\}/ms, '{}'],
  [/(?<=^function getHoverColor\(value\) )\{.*?^\}/ms, '{ return value; }'],
];

/** A file of chart.js without what is switched off, and with short names of what is private to it. */
export function slimChart(text) {
  const less = SWITCHED_OFF.reduce((all, [from, to]) => all.replace(from, to), text);
  return shortNames(pureDefaults(less));
}

/**
 * `_cachedMeta` is private to chart.js in its two files, and a bundler cannot know. The same name gets the same short one
 * in both, with the underscore by which chart.js itself tells such keys apart. Names it makes by adding texts stay.
 */
function shortNames(text) {
  return text.replace(/(?<![\w$])_(?!\w*HoverStyle)[a-z]\w{3,}/gi, (name) => `_${hashOf(name)}`);
}

/** Three characters for every name; a test holds that no two are the same. */
function hashOf(name) {
  let hash = 0;
  for (const char of name) hash = (hash * 31 + char.charCodeAt(0)) >>> 0;
  return (hash % 46656).toString(36).padStart(3, '0');
}

/** Colours and sizes of the toolkit's other elements: a bundler cannot know that making one does nothing else. */
export function slimTokens(text) {
  return text.replace(/(?<= = )(create\([^;]*)(?=;)/g, '/* @__PURE__ */ (() => $1)()');
}

/** The names of keys by their old numbers, which nothing asks for. */
export function slimKeys(text) {
  return text.replace(/^export var KeyCodes;\n\(function[^]*?\n\}\)\(KeyCodes[^\n]*\n/m, '');
}

/** The files of which several parts are made are named by the thousand in the others: by what tells them apart, then. */
export function shortChunks(folder) {
  const short = (text) => text.replace(/\bchunk-([A-Z0-9]{8}\.js)/g, '$1');
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.js')) continue;
    const file = `${folder}/${name}`;
    writeFileSync(file, short(readFileSync(file, 'utf8')));
    renameSync(file, `${folder}/${short(name)}`);
  }
}
