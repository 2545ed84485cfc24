import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { pageBytes, pageBytesOf } from '../../../service/sampler/pageSize.ts';

/** Pairs of a type and a value, as the kernel gives them to a process. */
function auxv(...pairs: (readonly [type: bigint, value: bigint])[]): Buffer {
  const buffer = Buffer.alloc(pairs.length * 16);
  pairs.forEach(([type, value], n) => {
    buffer.writeBigUInt64LE(type, n * 16);
    buffer.writeBigUInt64LE(value, n * 16 + 8);
  });
  return buffer;
}

describe('the size of a page', () => {
  it('is what this machine says', function () {
    if (process.platform !== 'linux') this.skip();
    const told = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
    assert.equal(pageBytes(), told);
  });

  it('is found among what a process is told, and nothing where that is odd', () => {
    assert.equal(pageBytesOf(auxv([16n, 1n], [6n, 65_536n], [0n, 0n])), 65_536);
    for (const odd of [0n, 1n, 5000n, 1n << 40n, (1n << 64n) - 1n])
      assert.equal(pageBytesOf(auxv([6n, odd])), null);
    assert.equal(pageBytesOf(auxv([16n, 1n])), null);
    assert.equal(pageBytesOf(Buffer.alloc(7, 6)), null);
    assert.equal(pageBytesOf(Buffer.alloc(0)), null);
  });
});
