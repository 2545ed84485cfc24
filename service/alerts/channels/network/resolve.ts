/** From the host of a channel to the addresses that may be connected to. */
import { lookup as dnsLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { codeOf } from '../../../storage/fileSystem.ts';
import { addressFault, hostFault, isPrivateOnly, literalOf, refusal } from '../address.ts';
import { ChannelError } from '../error.ts';

export interface ResolvedAddress {
  address: string;
  family: number;
}

/** All addresses of a name, of both families. */
export type Resolve = (host: string) => Promise<ResolvedAddress[]>;

/** As the system resolves names: hosts file, DNS, and what else it is set to. */
export const systemResolve: Resolve = (host) =>
  new Promise((resolve, reject) => {
    dnsLookup(host, { all: true, verbatim: true }, (error, addresses) => {
      if (error) reject(error);
      else resolve(addresses);
    });
  });

/**
 * The addresses of a host, every one of them allowed: a name with a forbidden one among them is refused as a whole.
 * Rejects with ChannelError.
 */
export async function allowedAddresses(
  host: string,
  allowPrivate: boolean,
  resolve: Resolve,
): Promise<ResolvedAddress[]> {
  const fault = hostFault(host, allowPrivate);
  if (fault !== null) throw new ChannelError(fault, { permanent: true });
  const literal = literalOf(host);
  if (literal !== null) return [{ address: literal, family: literal.includes(':') ? 6 : 4 }];
  const addresses = await resolved(host, resolve);
  for (const { address } of addresses) {
    const why = addressFault(address, allowPrivate);
    if (why === null) continue;
    const what = `${why} (${address})`;
    throw new ChannelError(refusal(host, what, !allowPrivate && isPrivateOnly(address)), {
      permanent: true,
    });
  }
  return addresses;
}

async function resolved(host: string, resolve: Resolve): Promise<ResolvedAddress[]> {
  let addresses: ResolvedAddress[];
  try {
    addresses = await resolve(host);
  } catch (error) {
    const code = codeOf(error);
    throw new ChannelError(
      code === 'ENOTFOUND'
        ? `There is no host ${host}. Check its name and the network.`
        : `The name ${host} could not be resolved (${code || 'no answer'}). Check the network.`,
      { cause: error },
    );
  }
  if (addresses.length > 0) return addresses;
  throw new ChannelError(`The name ${host} has no address. Check it and the network.`);
}

/** Gives the addresses that were checked to whoever connects: asked again, the name could lead elsewhere. */
export function pinned(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_, options, callback) => {
    const [first] = addresses;
    if (options.all || !first) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}
