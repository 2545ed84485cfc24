/**
 * The texts that people read, as the sources hold them: every call of `t` of @vscode/l10n. (Its own extraction, of
 * @vscode/l10n-dev, sees `l10n.t(...)` only, and passes over a key that is not a literal.)
 *
 *   node --import tsx test/support/l10n.ts [more folders]
 *
 * prints, as JSON, the texts that the German bundle lacks, those nobody says any more, and calls that cannot be translated.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { root } from './paths.ts';

/** Where people's texts are. */
export const SPOKEN_FOLDERS: readonly string[] = ['src', 'service/protocol', 'webview'];
export const GERMAN_BUNDLE = 'l10n/bundle.l10n.de.json';
const PACKAGE = '@vscode/l10n';

/** One call of `t`. */
export interface Text {
  key: string;
  /** `src/jobs.ts:12` */
  place: string;
  /** Why it cannot be translated; empty where it can. */
  problems: string[];
}

export type Bundle = Record<string, string>;

export function readBundle(path: string): Bundle {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as Bundle;
}

/** All texts of these folders of the repository. */
export function textsIn(folders: readonly string[]): Text[] {
  return folders
    .flatMap(sourcesIn)
    .flatMap((file) => textsOf(file, readFileSync(join(root, file), 'utf8')));
}

/** The source files of a folder of the repository, by their path in it. */
export function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(folder, name).replaceAll('\\', '/'));
}

/** The texts of one source file. */
export function textsOf(file: string, source: string): Text[] {
  if (!source.includes(PACKAGE)) return [];
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const names = importedNames(tree);
  const texts: Text[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && names.has(node.expression.getText(tree)))
      texts.push(textOf(node, tree));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return texts;
}

/** `{0}`, `{1}`: the places of a text that are filled in, each once. */
export function placeholders(text: string): string[] {
  return [...new Set(text.match(/\{\d+\}/g))].sort();
}

/** What the function is called in this file: `t`, or `l10n.t`. */
function importedNames(tree: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  for (const statement of tree.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const bindings = statement.importClause?.namedBindings;
    if ((statement.moduleSpecifier as ts.StringLiteral).text !== PACKAGE || !bindings) continue;
    if (ts.isNamespaceImport(bindings)) names.add(`${bindings.name.text}.t`);
    else
      for (const { name, propertyName } of bindings.elements)
        if ((propertyName ?? name).text === 't') names.add(name.text);
  }
  return names;
}

function textOf(call: ts.CallExpression, tree: ts.SourceFile): Text {
  const [first, ...values] = call.arguments;
  const { line } = tree.getLineAndCharacterOfPosition(call.getStart(tree));
  const place = `${tree.fileName}:${line + 1}`;
  if (!first || !ts.isStringLiteralLike(first))
    return { key: '', place, problems: ['The text is not a literal.'] };
  const key = first.text;
  const problems = countAround(call, tree)
    ? formProblems(key, call, call.parent as ts.CallExpression)
    : placeProblems(key, values);
  if (key.trim() === '') problems.push('The text is empty.');
  if (isSaidAtLoad(call)) problems.push('It is said when the module loads: too early.');
  return { key, place, problems };
}

/** True for the two forms that `count(n, one, many, ...more)` chooses from. */
function countAround(call: ts.CallExpression, tree: ts.SourceFile): boolean {
  const { parent } = call;
  if (!ts.isCallExpression(parent) || parent.expression.getText(tree) !== 'count') return false;
  return [1, 2].includes(parent.arguments.indexOf(call));
}

/** `count` fills in a form: the number, and what follows the forms. The form for one may say the number in words. */
function formProblems(key: string, form: ts.CallExpression, count: ts.CallExpression): string[] {
  if (form.arguments.length > 1) return ['count() fills in the values: give them to count().'];
  const [, , , ...more] = count.arguments;
  const isOne = count.arguments.indexOf(form) === 1;
  return placeProblems(isOne ? `${key}{0}` : key, [count, ...more]);
}

function placeProblems(key: string, values: readonly ts.Node[]): string[] {
  const places = placeholders(key);
  // How many values `...values` are is not seen here: as many as there are places, then.
  const length = values.some(ts.isSpreadElement) ? places.length : values.length;
  const wanted = Array.from({ length }, (_, index) => `{${index}}`).join(' ');
  const found = places.join(' ');
  return found === wanted ? [] : [`Its places are "${found}", its values are "${wanted}".`];
}

function isSaidAtLoad(call: ts.CallExpression): boolean {
  for (let node: ts.Node = call; !ts.isSourceFile(node); node = node.parent) {
    if (ts.isFunctionLike(node)) return false;
    const isStatic = ts.canHaveModifiers(node) && node.modifiers?.some(isStaticKeyword);
    if (ts.isPropertyDeclaration(node) && !isStatic) return false;
  }
  return true;
}

function isStaticKeyword({ kind }: ts.ModifierLike): boolean {
  return kind === ts.SyntaxKind.StaticKeyword;
}

function report(folders: readonly string[]): object {
  const texts = textsIn(folders);
  const keys = new Set(texts.map(({ key }) => key));
  const german = readBundle(GERMAN_BUNDLE);
  return {
    missing: Object.fromEntries([...keys].filter((key) => !german[key]).map((key) => [key, ''])),
    superfluous: Object.keys(german).filter((key) => !keys.has(key)),
    wrong: texts.filter(({ problems }) => problems.length > 0),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.log(
    JSON.stringify(report([...new Set([...SPOKEN_FOLDERS, ...process.argv.slice(2)])]), null, 2),
  );
