import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeDurably } from '../storage/durableFile.ts';
import { dataDirOf, findService, request } from './client.ts';
import { parseOptions } from './options.ts';

export const usage = 'open [--print]';

const OPENERS: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Opens the dashboard in the browser. The token is in the fragment: it is never sent to a server. */
export async function open(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, { print: { type: 'boolean' } });
  const target = await findService(process.env, 'admin');
  await request(target, '/healthz');
  const page = `${target.url}/enhanced-monitor`;
  if (values.print) {
    console.log(`${page}#token=${target.token}`);
    return 0;
  }
  const opened = await launch(await doorTo(`${page}#token=${target.token}`));
  console.log(
    opened
      ? `Opened ${page}.`
      : `No browser could be started. "pipescope open --print" prints the address.`,
  );
  return opened ? 0 : 1;
}

/**
 * A file that only this user can read and that leads to the page: as an argument of the browser the token would be in the
 * list of processes, which everybody can read.
 */
async function doorTo(url: string): Promise<string> {
  const folder = dataDirOf(process.env);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'open.html');
  const target = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  await writeDurably(
    file,
    `<!doctype html><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${target}">`,
  );
  return pathToFileURL(file).href;
}

function launch(url: string): Promise<boolean> {
  const [command = '', ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  return new Promise((resolve) => {
    const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
