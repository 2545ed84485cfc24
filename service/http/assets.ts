/** The dashboard page and its two static files, by fixed names: no path from outside ever reaches the file system. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { ProductError } from '../protocol/errors.ts';
import { browserCsp, dashboardHtml } from '../protocol/page.ts';
import { Answer, type Route, route } from './route.ts';

const FILES = {
  'webview.js': 'text/javascript; charset=utf-8',
  'webview.css': 'text/css; charset=utf-8',
} as const;

const PAGE_TYPE = 'text/html; charset=utf-8';

/** `folder` holds the dashboard's bundle. */
export function dashboardRoutes(folder: string): Route[] {
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
  const files = Object.entries(FILES).map(([name, type]) =>
    route({
      path: `/assets/${name}`,
      summary: `A file of the dashboard: ${name}.`,
      openQuery: true,
      produces: [type.split(';', 1)[0] ?? type],
      response: Type.String(),
      fails: ['ROUTE_UNKNOWN'],
      handle: async () => new Answer(await read(folder, name), { type }),
    }),
  );
  return [...pages, ...files];
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

async function read(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    throw new ProductError('ROUTE_UNKNOWN', {
      detail: `The dashboard is not built: ${name} is missing.`,
      cause: error,
    });
  }
}
