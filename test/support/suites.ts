import { existsSync, readFileSync, readdirSync } from 'node:fs';
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
  /** It measures times that others beside it would change, so it runs when all others have ended. */
  alone?: boolean;
}

const runFiles = 'test/support/runFiles.ts';
const insideVscode = 'test/support/vscode/runInside.ts';

/** The suites in the order in which they begin: the longest first, so that the lanes end together. */
export const suites: Record<string, () => Part[]> = {
  unit: () => inNode('unit', ['service', 'src', 'webview', 'examples', 'bench', 'support']),
  browser: () => inNode('browser', ['browser']),
  faults: () => inNode('faults', ['faults']),
  // A person has the machine to themselves: beside another part they miss what is shown for seconds only.
  e2e: () =>
    onBothHosts([{ title: 'e2e', args: [runFiles, ...testFilesIn('e2e')], env: {}, alone: true }]),
  extension: () =>
    onBothHosts([{ title: 'extension', args: [insideVscode], env: {}, alone: true }]),
};

/** The tests of these folders beside others, and after them those that are run alone. */
function inNode(title: string, folders: string[]): Part[] {
  const all = folders.flatMap(testFilesIn);
  const some = all.filter((file) => readFileSync(file, 'utf8').includes('@alone'));
  const without = { title, args: [runFiles, ...all], env: { PIPESCOPE_TEST_ALONE: 'without' } };
  if (some.length === 0) return [without];
  const env = { PIPESCOPE_TEST_ALONE: 'only' };
  return [without, { title: `${title} alone`, args: [runFiles, ...some], env, alone: true }];
}

function onBothHosts(parts: Part[]): Part[] {
  return Object.entries(hosts).flatMap(([name, { vscode }]) =>
    parts.map((part) => ({
      ...part,
      title: `${part.title} ${vscode}`,
      env: { ...part.env, PIPESCOPE_VSCODE: name },
    })),
  );
}

function testFilesIn(folder: string): string[] {
  const path = join(root, 'test', folder);
  if (!existsSync(path)) return [];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  const tests = names.filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'));
  return tests.sort().map((name) => join(path, name));
}
