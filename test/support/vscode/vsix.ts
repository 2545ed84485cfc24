import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfStale } from '../../../.ci/build.mjs';
import { withLock } from '../../../.ci/lock.mjs';
import { packageExtension } from '../package.ts';
import { root } from '../paths.ts';

const file = join(root, 'out/test/pipescope.vsix');

/** The extension of this checkout as a .vsix, packaged again when a source has changed; PIPESCOPE_VSIX names a finished one instead. */
export async function builtVsix(): Promise<string> {
  if (process.env.PIPESCOPE_VSIX) return process.env.PIPESCOPE_VSIX;
  await withLock(join(root, 'out/.setup-vsix'), async () => {
    await buildIfStale(root);
    if (!isCurrent()) await packageExtension(file);
  });
  return file;
}

/** Packaging builds first, so a package is always younger than the build in it. */
function isCurrent(): boolean {
  const build = statSync(join(root, 'dist/package.json'));
  return existsSync(file) && statSync(file).mtimeMs > build.mtimeMs;
}
