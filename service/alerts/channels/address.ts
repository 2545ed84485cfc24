/**
 * Which addresses the service connects to for somebody who wrote a channel: never those of a cloud's metadata or of the
 * link, those of this machine and of private networks only where the channel allows them. Everything that is not known
 * to be a public address is refused.
 */
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

const TRANSLATED = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
const GLOBAL = ipaddr.IPv6.parseCIDR('2000::/3');
/** Answers with credentials of the machine to whoever asks: AWS, GCP and Azure, Azure's wire server, Alibaba, Oracle. */
const METADATA = new Set(
  [
    ...['169.254.169.254', '169.254.170.2', '169.254.170.23', '168.63.129.16', '100.100.100.200'],
    ...['192.0.0.192', 'fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254', 'fe80::a9fe:a9fe'],
  ].map((text) => ipaddr.parse(text).toNormalizedString()),
);
const METADATA_NAMES = new Set([
  ...['metadata', 'metadata.google.internal', 'metadata.goog', 'metadata.azure.internal'],
  ...['instance-data', 'instance-data.ec2.internal', 'metadata.tencentyun.com'],
]);
const PRIVATE: Readonly<Record<string, string>> = {
  loopback: 'an address of this machine',
  private: 'an address of a private network',
  uniqueLocal: 'an address of a private network',
  carrierGradeNat: 'an address of a provider network',
};
const NEVER: Readonly<Record<string, string>> = {
  linkLocal: 'a link-local address',
  multicast: 'a multicast address',
  unspecified: 'no address of a machine',
  broadcast: 'a broadcast address',
};

/** Why an address is refused, as the end of "…: it is "; null where it may be connected to. */
export function addressFault(text: string, allowPrivate: boolean): string | null {
  if (!ipaddr.isValid(text)) return 'no address';
  const address = innermost(ipaddr.parse(text));
  if (address === null) return 'an address that leads elsewhere';
  if (METADATA.has(address.toNormalizedString())) return 'the metadata service of a cloud';
  const range = address.range();
  const isPrivate = PRIVATE[range];
  if (isPrivate !== undefined) return allowPrivate ? null : isPrivate;
  if (range === 'unicast' && isGlobal(address)) return null;
  return NEVER[range] ?? 'a reserved address';
}

/** True where it is refused only because the channel does not allow private addresses. */
export function isPrivateOnly(text: string): boolean {
  return addressFault(text, false) !== null && addressFault(text, true) === null;
}

/** Unicast of IPv6 is given out of 2000::/3 only. */
function isGlobal(address: Address): boolean {
  return address.kind() === 'ipv4' || address.match(GLOBAL);
}

/** The IPv4 address that an IPv6 address stands for, where it does; null for tunnels whose other end is not to be seen. */
function innermost(address: Address): Address | null {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.zoneId) return null;
  const bytes = address.toByteArray();
  switch (address.range()) {
    case 'ipv4Mapped':
      return address.toIPv4Address();
    case 'rfc6145':
      return new ipaddr.IPv4(bytes.slice(12));
    case 'rfc6052':
      // A network may translate by a prefix of its own below 64:ff9b:1::/48, with the address at any place.
      return address.match(TRANSLATED) ? new ipaddr.IPv4(bytes.slice(12)) : null;
    case '6to4':
      return new ipaddr.IPv4(bytes.slice(2, 6));
    case 'teredo':
      return null;
    default:
      // ::a.b.c.d, the "compatible" form of old; ::1 is loopback and has a range of its own.
      return bytes.slice(0, 12).every((byte) => byte === 0) &&
        !['loopback', 'unspecified'].includes(address.range())
        ? new ipaddr.IPv4(bytes.slice(12))
        : address;
  }
}

/** As `addressFault`, for what a name says before anybody is asked for its addresses. */
export function nameFault(host: string, allowPrivate: boolean): string | null {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (METADATA_NAMES.has(name)) return 'the metadata service of a cloud';
  if (name === 'localhost' || name.endsWith('.localhost'))
    return allowPrivate ? null : 'an address of this machine';
  return null;
}

/** The address without brackets, where the host is one; null for a name. */
export function literalOf(host: string): string | null {
  const text = host.replace(/^\[(.*)\]$/, '$1');
  return ipaddr.isValid(text) && (text.includes(':') || ipaddr.IPv4.isValidFourPartDecimal(text))
    ? text
    : null;
}

/** The sentence about a host that is refused, with what to do. */
export function refusal(host: string, why: string, canAllow: boolean): string {
  const advice = canAllow
    ? 'Allow private addresses in the channel if you mean it.'
    : 'Give the address of another machine.';
  return `${host} is refused: it is ${why}. ${advice}`;
}

/** What is wrong with a host as it is written; null where its addresses decide. */
export function hostFault(host: string, allowPrivate: boolean): string | null {
  const literal = literalOf(host);
  const fault =
    literal === null ? nameFault(host, allowPrivate) : addressFault(literal, allowPrivate);
  if (fault === null) return null;
  const canAllow =
    !allowPrivate &&
    (literal === null ? nameFault(host, true) === null : addressFault(literal, true) === null);
  return refusal(host, fault, canAllow);
}
