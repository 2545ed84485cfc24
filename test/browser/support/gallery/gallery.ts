/** Builds the page of charts and serves it with the policy of the dashboard, on a free port. */
import { build } from 'esbuild';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { browserCsp } from '../../../../service/protocol/page.ts';
import { root } from '../../../support/paths.ts';

export class Gallery {
  #files = new Map<string, Uint8Array>();
  #http: Server = createServer();
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  async start(): Promise<this> {
    const { outputFiles } = await build({
      entryPoints: { gallery: join(import.meta.dirname, 'page.ts') },
      bundle: true,
      ...{ format: 'esm', splitting: true, target: 'es2022', write: false, outdir: 'out' },
      tsconfig: join(root, 'webview', 'tsconfig.json'),
      logLevel: 'warning',
    });
    this.#files = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
    this.#http = createServer((request, response) => {
      const name = basename(request.url ?? '');
      const file = this.#files.get(name);
      if (request.url === '/') {
        const nonce = randomBytes(16).toString('base64');
        response.setHeader(
          'content-security-policy',
          browserCsp({ nonce, wsOrigin: `ws://127.0.0.1:${this.#port}` }),
        );
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(pageOf(nonce));
      } else if (file === undefined) response.writeHead(404).end();
      else {
        response.setHeader('content-type', name.endsWith('.css') ? 'text/css' : 'text/javascript');
        response.end(file);
      }
    });
    this.#http.listen(0, '127.0.0.1');
    await once(this.#http, 'listening');
    this.#port = (this.#http.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}

function pageOf(nonce: string): string {
  return `<!doctype html><html lang="en" data-home="browser"><head><meta charset="utf-8"><title>Charts</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/gallery.css"></head>
<body><script type="module" nonce="${nonce}" src="/gallery.js"></script></body></html>`;
}
