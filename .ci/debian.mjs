import { existsSync } from 'node:fs';
import { run } from './command.mjs';

/** True where this process may install Debian packages. */
export function canInstall() {
  return process.platform === 'linux' && process.getuid() === 0 && existsSync('/usr/bin/apt-get');
}

let last = Promise.resolve();

/** Installs a Debian package; one after the other, because apt lets nobody else in. */
export function installDebian(name) {
  const installed = last.then(() => install(name));
  last = installed.catch(() => undefined);
  return installed;
}

async function install(name) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const patience = ['-o', 'DPkg::Lock::Timeout=300'];
  await run('apt-get', [...patience, 'update'], { env });
  await run('apt-get', [...patience, 'install', '-y', '--no-install-recommends', name], { env });
}
