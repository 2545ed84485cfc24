/** Headers that a person may set on a request. Pure. */
import { printable } from '../../protocol/parse.ts';

const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/;
const MAX_HEADERS = 32;
const MAX_VALUE = 2048;
/** What the connection and the body decide; a header of another opinion lets one request be read as two. */
const OURS = new Set([
  ...['host', 'connection', 'keep-alive', 'content-length', 'content-type', 'content-encoding'],
  ...['transfer-encoding', 'te', 'trailer', 'upgrade', 'expect', 'http2-settings', 'date', 'via'],
]);
/** Settings are part of the journal and of what is exported. */
const SECRETS = new Set([
  ...['authorization', 'cookie', 'api-key', 'apikey', 'x-api-key', 'x-auth-token', 'x-token'],
  ...['private-token', 'x-gitlab-token', 'x-access-token', 'x-amz-security-token'],
]);

/** What is wrong with each header, by its name; `''` is about all of them. */
export function headerFaults(headers: Readonly<Record<string, string>>): Map<string, string> {
  const faults = new Map<string, string>();
  const names = Object.keys(headers);
  if (names.length > MAX_HEADERS) faults.set('', `Give at most ${MAX_HEADERS} headers.`);
  const seen = new Set<string>();
  for (const name of names.slice(0, MAX_HEADERS + 1)) {
    const lower = name.toLowerCase();
    const fault = seen.has(lower)
      ? `The header "${printable(name)}" is there twice. Leave one of them out.`
      : (headerNameFault(name) ?? headerValueFault(headers[name] ?? ''));
    if (fault !== null) faults.set(name, fault);
    seen.add(lower);
  }
  return faults;
}

function headerNameFault(name: string): string | null {
  const lower = name.toLowerCase();
  if (name === '__proto__' || !TOKEN.test(name))
    return `"${printable(name)}" is no name of a header. Use letters, digits and "-".`;
  if (OURS.has(lower) || lower.startsWith('proxy-') || lower.startsWith('webhook-'))
    return `Pipescope sets the header "${name}" itself. Leave it out.`;
  if (SECRETS.has(lower))
    return `Settings are no place for secrets. Leave "${name}" out and give the channel's secret "authorization" instead.`;
  return null;
}

export function headerValueFault(value: string): string | null {
  if (value.length > MAX_VALUE) return `Give at most ${MAX_VALUE} letters.`;
  if (/[\r\n]/.test(value)) return 'Leave out line breaks: a header is one line.';
  if (!/^[\x20-\x7e\t]*$/.test(value)) return 'Use plain ASCII letters only in a header.';
  return null;
}
