/** How large a page of this machine's memory is. */
import { readFileSync } from 'node:fs';

const USUAL_BYTES = 4096;
/** AT_PAGESZ of the auxiliary vector; see getauxval(3). */
const PAGE_SIZE = 6n;
const LARGEST = 1024 * 1024;
let known: number | null = null;

/** Bytes: 16 or 64 kB on some ARM and POWER machines; 4096 where nothing tells. */
export function pageBytes(): number {
  known ??= (process.platform === 'linux' ? told() : null) ?? USUAL_BYTES;
  return known;
}

function told(): number | null {
  try {
    return pageBytesOf(readFileSync('/proc/self/auxv'));
  } catch {
    // Hidden from this process: nearly all machines have the usual size.
    return null;
  }
}

/** Out of /proc/self/auxv of a 64-bit process: pairs of a type and a value. Null for what is no power of two. */
export function pageBytesOf(auxv: Buffer): number | null {
  for (let at = 0; at + 16 <= auxv.length; at += 16) {
    if (auxv.readBigUInt64LE(at) !== PAGE_SIZE) continue;
    const bytes = Number(auxv.readBigUInt64LE(at + 8));
    const isSize = bytes >= 512 && bytes <= LARGEST && Number.isInteger(Math.log2(bytes));
    return isSize ? bytes : null;
  }
  return null;
}
