/** The dashboard page and its two static files, by fixed names: no path from outside ever reaches the file system. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { ProductError } from '../protocol/errors.ts';
import { browserCsp, dashboardHtml } from '../protocol/page.ts';
import { SECURITY_HEADERS } from './answer.ts';

const FILES = {
  'webview.js': 'text/javascript; charset=utf-8',
  'webview.css': 'text/css; charset=utf-8',
} as const;

export function registerDashboard(app: FastifyInstance, folder: string): void {
  for (const path of ['/', '/enhanced-monitor'])
    app.get(path, (request, reply) => page(reply, request.host));
  for (const [name, type] of Object.entries(FILES)) {
    app.get(`/assets/${name}`, async (_request, reply) =>
      reply
        .headers(SECURITY_HEADERS)
        .type(type)
        .send(await read(folder, name)),
    );
  }
}

function page(reply: FastifyReply, host: string): FastifyReply {
  const nonce = randomBytes(18).toString('base64');
  const csp = browserCsp({ nonce, wsOrigin: `ws://${host}` });
  const html = dashboardHtml({
    home: 'browser',
    scriptUri: '/assets/webview.js',
    styleUri: '/assets/webview.css',
    nonce,
    csp,
  });
  return reply
    .headers({ ...SECURITY_HEADERS, 'content-security-policy': csp })
    .type('text/html; charset=utf-8')
    .send(html);
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
