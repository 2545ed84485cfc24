/** Mail addresses and mail servers of a channel. Pure. */
import { domainToASCII } from 'node:url';
import { hostFault, literalOf } from './address.ts';

const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?$/i;

/** What is wrong with one mail address; null for a good one. */
export function mailAddressFault(text: string): string | null {
  if (/[\r\n]/.test(text)) return 'Leave out line breaks: give one mail address.';
  if (/[\0-\x1f\x7f-\x9f]/.test(text)) return 'Leave out control characters.';
  if (/[,;]/.test(text)) return 'Give one mail address here, and others in places of their own.';
  if (/[<>"()\s:[\]\\]/.test(text)) return 'Give the mail address alone, like ops@example.com.';
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(0, at));
  const domain = text.slice(at + 1);
  if (at < 1 || local.length > 64 || !LOCAL.test(local) || !isName(domain))
    return 'Give a mail address like ops@example.com.';
  return null;
}

/** The host of a mail server as somebody wrote it. */
export function mailHostFault(text: string, allowPrivate: boolean): string | null {
  const literal = literalOf(text);
  if (literal === null && !isName(text))
    return 'Give the name of the mail server alone, like mail.example.com.';
  if (literal === null && /^[\d.]+$|^0x/i.test(text.split('.').at(-1) ?? ''))
    return 'Write an address with four numbers, like 192.0.2.1, or give a name.';
  return hostFault(text, allowPrivate);
}

/** A name of the DNS, as it is written or in the letters of another alphabet. */
function isName(text: string): boolean {
  if (/[\0-\x20\x7f%]/.test(text) || text.endsWith('.')) return false;
  const isAscii = /^[\x21-\x7e]*$/.test(text);
  const ascii = isAscii ? text : domainToASCII(text);
  // Full-width letters and the like are another spelling of a plain name.
  if (!isAscii && !ascii.includes('xn--')) return false;
  return (
    ascii.length > 0 && ascii.length <= 253 && ascii.split('.').every((one) => LABEL.test(one))
  );
}
