/**
 * The HTML of the dashboard in both of its homes: a VS Code webview and the service's page `/enhanced-monitor`.
 * It holds no data and no token; both come later, through the home's transport.
 */

export type Home = 'vscode' | 'browser';

export interface Page {
  home: Home;
  scriptUri: string;
  styleUri: string;
  /** Fresh for each page: at least 128 random bits as base64 or hex. */
  nonce: string;
  /** `vscodeCsp(...)` or `browserCsp(...)`. */
  csp: string;
  /** The reader's language, as the home knows it: `en`, `de`, `pt-br`. A browser page asks the browser itself. */
  language?: string;
}

/**
 * The toolkit adds two empty style elements and fills them through CSSOM. This is the hash of nothing: it allows an
 * empty style element and no other.
 */
const EMPTY_STYLE = `'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='`;

/**
 * The policy of the webview: scripts by nonce (which modules hand on to those they import), no network at all.
 * `cspSource` is `webview.cspSource`.
 */
export function vscodeCsp(options: { nonce: string; cspSource: string }): string {
  return policy([
    ...shared(options.nonce),
    `style-src ${options.cspSource} ${EMPTY_STYLE}`,
    `font-src ${options.cspSource} data:`,
    `connect-src 'none'`,
  ]);
}

/**
 * The policy of the browser page, for the response's Content-Security-Policy header (a meta element cannot forbid
 * frames). `wsOrigin` such as `ws://127.0.0.1:4780`, because older browsers do not count it as 'self'.
 */
export function browserCsp(options: { nonce: string; wsOrigin?: string }): string {
  const socket = options.wsOrigin === undefined ? '' : ` ${options.wsOrigin}`;
  return policy([
    ...shared(options.nonce),
    `style-src 'self' ${EMPTY_STYLE}`,
    `font-src 'self' data:`,
    `connect-src 'self'${socket}`,
    `frame-ancestors 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types lit-html fast-html`,
  ]);
}

/** The whole document. Every value is escaped, so no path or nonce can leave its attribute. */
export function dashboardHtml(page: Page): string {
  return `<!doctype html>
<html lang="${escapeHtml(page.language ?? 'en')}" data-home="${escapeHtml(page.home)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${escapeHtml(inMeta(page.csp))}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="referrer" content="no-referrer">
    <meta name="color-scheme" content="light dark">
    <title>Pipescope</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${escapeHtml(page.styleUri)}">
  </head>
  <body>
    <noscript>The Pipescope dashboard needs JavaScript. Allow it for this page, then reload.</noscript>
    <script type="module" nonce="${escapeHtml(page.nonce)}" src="${escapeHtml(page.scriptUri)}"></script>
  </body>
</html>
`;
}

function shared(nonce: string): string[] {
  return [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `img-src data: blob:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ];
}

function policy(directives: string[]): string {
  return directives.join('; ');
}

/** Browsers warn about `frame-ancestors` in a meta element, where it has no effect. */
function inMeta(csp: string): string {
  return csp
    .split('; ')
    .filter((directive) => !directive.startsWith('frame-ancestors'))
    .join('; ');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
