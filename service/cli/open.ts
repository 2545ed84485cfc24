import { spawn } from 'node:child_process';
import { type Target, findService, request } from './client.ts';
import { parseOptions } from './options.ts';

export const usage = 'open [--print]';

const OPENERS: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Opens the dashboard in the browser. What gives access is in the fragment: it is sent to no server. */
export async function open(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, { print: { type: 'boolean' } });
  const target = await findService(process.env, 'admin');
  const page = `${target.url}/enhanced-monitor`;
  if (values.print) {
    await request(target, '/healthz');
    console.log(`${page}#token=${target.token}`);
    return 0;
  }
  const opened = await launch(await doorTo(target, page));
  console.log(
    opened
      ? `Opened ${page}.`
      : `No browser could be started. "pipescope open --print" prints the address.`,
  );
  return opened ? 0 : 1;
}

/**
 * The page's address with a code that the page trades for the token, once and soon: as an argument of the browser it can be read
 * by everybody in the list of processes.
 */
async function doorTo(target: Target, page: string): Promise<string> {
  const response = await request(target, '/api/v1/access-codes', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const { code } = (await response.json()) as { code: string };
  return `${page}#code=${code}`;
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
