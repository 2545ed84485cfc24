import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.ts';

const DOCUMENTS = 60;

/**
 * Makes `parent/handbook`, a folder as a person would open it to try Pipescope: the example pipeline of this checkout, so that its errors
 * lie in the workspace, and real documents for it to read.
 */
export function makeDemoWorkspace(parent: string): string {
  const folder = join(parent, 'handbook');
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
  const documents = join(folder, 'documents');
  mkdirSync(documents);
  for (const [name, file] of readmes()) cpSync(file, join(documents, `${name}.md`));
  return folder;
}

/** The read-me files of the first packages in node_modules, by name. */
function readmes(): [name: string, file: string][] {
  const modules = join(root, 'node_modules');
  const found: [string, string][] = [];
  for (const name of readdirSync(modules).sort()) {
    if (found.length === DOCUMENTS) break;
    if (name.startsWith('.') || name.startsWith('@')) continue;
    const readme = readdirSync(join(modules, name)).find((file) => /^readme\.md$/i.test(file));
    if (readme !== undefined) found.push([name, join(modules, name, readme)]);
  }
  return found;
}
