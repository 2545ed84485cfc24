import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';
import hosts from './vscode/hosts.json' with { type: 'json' };

/** One child process of the test run. */
export interface Part {
  /** What the summary calls it: the suite, and the VS Code version where there are two. */
  title: string;
  /** Arguments of `node --import tsx`. */
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Shows none of its output. */
  quiet?: boolean;
}

const runFiles = 'test/support/runFiles.ts';
const insideVscode = 'test/support/vscode/runInside.ts';

/** The suites in the order of `npm test`: the quickest answer first. */
export const suites: Record<string, () => Part[]> = {
  unit: () => [files('unit', ['service', 'src', 'webview', 'examples', 'support'])],
  faults: () => [files('faults', ['faults'])],
  browser: () => [files('browser', ['browser'])],
  extension: () => onBothHosts('extension', [insideVscode]),
  e2e: () => onBothHosts('e2e', files('e2e', ['e2e']).args),
};

function files(title: string, folders: string[]): Part {
  return { title, args: [runFiles, ...folders.flatMap(testFilesIn)], env: {} };
}

function onBothHosts(title: string, args: string[]): Part[] {
  return Object.entries(hosts).map(([name, { vscode }]) => ({
    title: `${title} ${vscode}`,
    args,
    env: { PIPESCOPE_VSCODE: name },
  }));
}

function testFilesIn(folder: string): string[] {
  const path = join(root, 'test', folder);
  if (!existsSync(path)) return [];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  const tests = names.filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'));
  return tests.sort().map((name) => join(path, name));
}
