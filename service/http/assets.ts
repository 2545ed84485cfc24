/** The dashboard page and the files of its bundle, by the names found at the start: no path from outside ever reaches the file system. */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { ProductError } from '../protocol/errors.ts';
import { browserCsp, dashboardHtml } from '../protocol/page.ts';
import { Answer, type Route, param, route } from './route.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};
const PAGE_TYPE = 'text/html; charset=utf-8';
/** Files whose name holds a hash of their content never change. */
const HASHED = /-[A-Z0-9]{8}\.js$/;

/** `folder` holds the dashboard's bundle. */
export function dashboardRoutes(folder: string): Route[] {
  const names = bundleFiles(folder);
  const pages = ['/', '/enhanced-monitor'].map((path) =>
    route({
      path,
      summary:
        'The dashboard. Its token comes in the fragment of the address, from `pipescope open`.',
      openQuery: true,
      produces: ['text/html'],
      response: Type.String(),
      handle: ({ headers }) => page(headers.host ?? ''),
    }),
  );
  const file = route({
    path: '/assets/:file',
    summary: 'A file of the dashboard.',
    openQuery: true,
    produces: ['text/javascript', 'text/css'],
    response: Type.String(),
    fails: ['ROUTE_UNKNOWN'],
    handle: (request) => asset(folder, names, param(request, 'file')),
  });
  return [...pages, file];
}

function bundleFiles(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder).filter((name) => TYPES[extname(name)] !== undefined));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set();
    throw error;
  }
}

async function asset(folder: string, names: ReadonlySet<string>, name: string): Promise<Answer> {
  const type = TYPES[extname(name)];
  if (type === undefined || !names.has(name)) throw missing(name);
  const bytes = await readFile(join(folder, name)).catch((error: unknown) => {
    throw missing(name, error);
  });
  const headers = HASHED.test(name)
    ? { 'cache-control': 'public, max-age=31536000, immutable' }
    : undefined;
  return new Answer(bytes, { type, ...(headers && { headers }) });
}

function missing(name: string, cause?: unknown): ProductError {
  const detail = `The dashboard has no file ${name}. Reload the page; after an update, restart the service.`;
  return new ProductError('ROUTE_UNKNOWN', { detail, cause });
}

function page(host: string): Answer {
  const nonce = randomBytes(18).toString('base64');
  const csp = browserCsp({ nonce, wsOrigin: `ws://${host}` });
  const html = dashboardHtml({
    home: 'browser',
    scriptUri: '/assets/webview.js',
    styleUri: '/assets/webview.css',
    nonce,
    csp,
  });
  return new Answer(html, { type: PAGE_TYPE, headers: { 'content-security-policy': csp } });
}
