import assert from 'node:assert/strict';
import { browserCsp, dashboardHtml, vscodeCsp } from '../../../service/protocol/page.ts';

const page = {
  home: 'browser',
  scriptUri: '/assets/webview.js',
  styleUri: '/assets/webview.css',
  nonce: 'abc',
  csp: browserCsp({ nonce: 'abc', wsOrigin: 'ws://127.0.0.1:4780' }),
} as const;

describe('the page of the dashboard', () => {
  it('lets the webview of VS Code reach no network, and run no script but its own', () => {
    const csp = vscodeCsp({ nonce: 'abc', cspSource: 'https://*.vscode-cdn.net' });
    assert.match(csp, /default-src 'none'; script-src 'nonce-abc';/);
    assert.match(csp, /connect-src 'none'/);
    assert.doesNotMatch(csp, /unsafe/);
  });

  it('forbids a browser to frame it, and to speak to anybody but its service', () => {
    assert.match(page.csp, /connect-src 'self' ws:\/\/127\.0\.0\.1:4780;/);
    assert.match(page.csp, /frame-ancestors 'none'/);
    assert.match(page.csp, /form-action 'none'/);
    assert.doesNotMatch(page.csp, /unsafe/);
  });

  it('keeps every value inside its attribute', () => {
    const hostile = '"><script>alert(1)</script>';
    const html = dashboardHtml({
      ...page,
      scriptUri: hostile,
      styleUri: hostile,
      nonce: hostile,
      csp: hostile,
    });
    assert.doesNotMatch(html, /<script>alert/);
    assert.equal(html.match(/<script/g)?.length, 1);
  });
});
