/** Takes secrets out of what others say: pages of errors repeat the address that was asked, servers repeat passwords. */

/** Shorter parts of an address are words that stand anywhere. */
const LEAST_PART = 8;

export function redacted(text: string, secrets: readonly string[]): string {
  const parts = [...new Set(secrets.flatMap(spellings))].sort((a, b) => b.length - a.length);
  return parts.reduce((held, part) => held.replaceAll(part, '[secret]'), text);
}

function spellings(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  return [secret, encodeURIComponent(secret), base64, ...addressParts(secret)].filter(
    (part) => part.length > 0,
  );
}

/** Path and query of an address, and what they are made of. */
function addressParts(secret: string): string[] {
  // "Bearer TOKEN"
  if (!URL.canParse(secret)) return /^[\w-]{1,20} (\S{8,})$/.exec(secret)?.slice(1) ?? [];
  const { pathname, search } = new URL(secret);
  const parts = `${pathname}${search}`.split(/[/?&=]/);
  const all = [`${pathname}${search}`, pathname, search, ...parts];
  return all.flatMap((part) => (part.length >= LEAST_PART ? [part, decoded(part)] : []));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // No encoding of anything: it stands as it is.
    return part;
  }
}
