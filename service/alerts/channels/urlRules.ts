/** Addresses that a channel posts to. Pure. The sentences never repeat the address: of some channels it is the secret. */
import { hostFault, literalOf } from './address.ts';

export interface UrlRules {
  allowPrivate: boolean;
  /** The address is a secret: it goes over TLS only, but for machines of one's own. */
  secure?: boolean;
}

const MAX_URL = 2048;

/** What is wrong with an address as somebody wrote it, and what to write instead; null for a good one. */
export function urlFault(text: string, { allowPrivate, secure = false }: UrlRules): string | null {
  const spelling = spellingFault(text);
  if (spelling !== null) return spelling;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null)
    return 'Give an address like https://example.com/path, with a port up to 65535.';
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return 'Give an address that begins with https:// or http://.';
  if (url.username !== '' || url.password !== '')
    return 'Leave out user and password before the host; give them as a secret.';
  if (url.port === '0') return 'Give a port from 1 to 65535.';
  if (url.hash !== '') return 'Leave out "#" and what follows: it is never sent.';
  const host = writtenHost(text);
  const fault = writtenHostFault(host, url.hostname) ?? hostFault(url.hostname, allowPrivate);
  if (fault !== null) return fault;
  if (secure && url.protocol === 'http:' && !allowPrivate)
    return 'Give an address that begins with https://: this one is a secret.';
  return null;
}

function spellingFault(text: string): string | null {
  if (text.length > MAX_URL) return `Give at most ${MAX_URL} letters.`;
  if (/[\0-\x20\x7f-\xa0\u2028\u2029]/.test(text))
    return 'Leave out spaces, line breaks and control characters.';
  if (text.includes('\\')) return 'Write "/" instead of "\\".';
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text))
    return 'Give an address that begins with https:// or http://.';
  return null;
}

/** The host as it stands in the text, without user, brackets and port. */
function writtenHost(text: string): string {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : host.replace(/:\d*$/, '');
}

/** One host has many spellings; only the usual one is taken, so that a person sees what is meant. */
function writtenHostFault(written: string, host: string): string | null {
  if (host === '') return 'Give the name of a host.';
  if (host.endsWith('.')) return 'Leave out the dot after the host.';
  if (/[^a-z0-9._-]/i.test(host) && !host.startsWith('['))
    return 'Give a host of letters, digits, "-" and ".".';
  const literal = literalOf(host);
  if (literal !== null && !literal.includes(':') && written !== host)
    return `Write the address as ${host}.`;
  const isAscii = /^[\x21-\x7e]*$/.test(written);
  if (written.includes('%')) return 'Write the host without "%".';
  if (!isAscii && !host.includes('xn--')) return `Write the host in plain letters: ${host}`;
  return null;
}
