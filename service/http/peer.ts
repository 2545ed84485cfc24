/** Who is at the other end of a connection on this machine. */
import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { codeOf } from '../storage/fileSystem.ts';

/** The ends of a connection, as a socket of Node names them; `remote` is the client. */
export interface Peer {
  remoteAddress?: string | undefined;
  remotePort?: number | undefined;
  localAddress?: string | undefined;
  localPort?: number | undefined;
}

/** Linux: every IPv4 connection, with the user that holds this end of it (proc_net_tcp in the kernel's documentation). */
const TABLE = '/proc/net/tcp';

/**
 * The user (uid) of the program at the other end; undefined where the system does not say: not Linux, a program on another
 * machine, IPv6.
 */
export async function ownerOf(peer: Peer, table = TABLE): Promise<number | undefined> {
  const client = endOf(peer.remoteAddress, peer.remotePort);
  const service = endOf(peer.localAddress, peer.localPort);
  if (client === undefined || service === undefined) return undefined;
  const text = await readTable(table);
  for (const line of text.split('\n')) {
    const [, local, remote, , , , , uid] = line.trim().split(/\s+/);
    // As the client sees it, its own end is the local one.
    if (local === client && remote === service && uid !== undefined) return Number(uid);
  }
  return undefined;
}

/** `127.0.0.1`, 4780 -> `0100007F:12AC`: the address is a number in the machine's own order of bytes. */
function endOf(address = '', port = 0): string | undefined {
  const match = /^(?:::ffff:)?(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  if (match === null) return undefined;
  const bytes = match.slice(1).map((part) => hex(Number(part), 2));
  if (endianness() === 'LE') bytes.reverse();
  return `${bytes.join('')}:${hex(port, 4)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    // Another system, or one that hides it.
    if (['ENOENT', 'EACCES', 'EPERM'].includes(codeOf(error))) return '';
    throw error;
  }
}
