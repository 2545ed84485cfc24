import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageExtension } from '../package.ts';
import { root } from '../paths.ts';

let built: Promise<string> | undefined;

/** The extension of this checkout as a .vsix, packaged once in a process; PIPESCOPE_VSIX names a finished one instead. */
export function builtVsix(): Promise<string> {
  built ??= process.env.PIPESCOPE_VSIX
    ? Promise.resolve(process.env.PIPESCOPE_VSIX)
    : packageInOut();
  return built;
}

async function packageInOut(): Promise<string> {
  const folder = join(root, 'out/test');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'pipescope.vsix');
  await packageExtension(file);
  return file;
}
