import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './command.mjs';
import { withLock } from './lock.mjs';

/** Installs the packages of package-lock.json, unless exactly those are installed. */
export async function installPackages(root) {
  if (areInstalled(root)) return;
  await withLock(join(root, 'out', '.setup-packages'), async () => {
    if (areInstalled(root)) return;
    console.log('Installing packages (about 30 seconds)');
    // No package of ours needs its install script, and some of those scripts download or compile.
    const options = ['--ignore-scripts', '--no-save'];
    try {
      await npm(['ci', ...options], { cwd: root });
    } catch (error) {
      if (!error.message.includes('EUSAGE')) throw error;
      // `ci` refuses a lock file that lacks a package of another platform; `install` takes the same versions without it.
      await npm(['install', ...options], { cwd: root });
    }
  });
}

/** npm writes the hidden lock file last, so a broken installation has none. */
function areInstalled(root) {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = packagesOf(hidden);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    // Packages for other platforms are never installed here.
    return found
      ? found.version === wanted.version
      : (wanted.optional ?? wanted.devOptional ?? false);
  });
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}
