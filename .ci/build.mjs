import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { withLock } from './lock.mjs';

const sources = [
  'service',
  'src',
  'webview',
  'examples',
  'l10n',
  'esbuild.mjs',
  'package.json',
  'package-lock.json',
];

/** Builds dist/ when it is missing, incomplete or older than a source. */
export async function buildIfStale(root) {
  if (isCurrent(root)) return;
  await withLock(join(root, 'out', '.setup-build'), async () => {
    if (isCurrent(root)) return;
    console.log('Building (about 2 seconds)');
    await run(process.execPath, ['esbuild.mjs'], { cwd: root }).catch((error) => {
      throw new Error(`The build failed:\n${error.message}`);
    });
  });
}

function isCurrent(root) {
  // esbuild.mjs writes this file last, so it dates a complete build.
  const stamp = join(root, 'dist', 'package.json');
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  return sources.every(
    (path) => !existsSync(join(root, path)) || newest(join(root, path)) <= built,
  );
}

/** Folders count too: a removed file changes only its folder. */
function newest(path) {
  const { mtimeMs } = statSync(path);
  const files = statSync(path).isDirectory() ? readdirSync(path, { recursive: true }) : [];
  return files.reduce((time, file) => Math.max(time, statSync(join(path, file)).mtimeMs), mtimeMs);
}
