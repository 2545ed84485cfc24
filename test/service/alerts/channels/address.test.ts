import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addressFault, isPrivateOnly } from '../../../../service/alerts/channels/address.ts';

/** Every IPv4 address in the given range, which is four numbers and the bits that stay. */
function within([a, b, c, d, bits]: readonly number[]): fc.Arbitrary<number> {
  const start = (((a ?? 0) << 24) | ((b ?? 0) << 16) | ((c ?? 0) << 8) | (d ?? 0)) >>> 0;
  return fc.integer({ min: start, max: start + 2 ** (32 - (bits ?? 32)) - 1 });
}
const dotted = (ip: number) => [24, 16, 8, 0].map((shift) => (ip >>> shift) & 255).join('.');
const groups = (ip: number) => `${(ip >>> 16).toString(16)}:${(ip & 0xffff).toString(16)}`;

/** All spellings of an IPv4 address in IPv6 that lead to it. */
const spellings = (ip: number): string[] => [
  dotted(ip),
  `::ffff:${dotted(ip)}`,
  `::ffff:${groups(ip)}`,
  `0:0:0:0:0:ffff:${groups(ip)}`,
  `64:ff9b::${groups(ip)}`,
  `2002:${groups(ip)}::`,
  `::${dotted(ip)}`,
];

const NEVER = [
  ...[
    [169, 254, 0, 0, 16],
    [0, 0, 0, 0, 8],
    [224, 0, 0, 0, 4],
    [240, 0, 0, 0, 4],
  ],
  ...[
    [192, 0, 2, 0, 24],
    [198, 51, 100, 0, 24],
    [203, 0, 113, 0, 24],
    [198, 18, 0, 0, 15],
  ],
  ...[
    [168, 63, 129, 16, 32],
    [100, 100, 100, 200, 32],
  ],
];
const PRIVATE = [
  ...[
    [127, 0, 0, 0, 8],
    [10, 0, 0, 0, 8],
    [172, 16, 0, 0, 12],
    [192, 168, 0, 0, 16],
  ],
];

describe('an address', () => {
  it('of a range that nobody may be sent to is refused in every spelling, allowed or not', () =>
    fc.assert(
      fc.property(fc.oneof(...NEVER.map(within)), (ip) => {
        for (const text of spellings(ip))
          for (const isAllowed of [false, true])
            assert.notEqual(addressFault(text, isAllowed), null, text);
      }),
    ));

  it('of this machine or a private network is refused in every spelling unless that is allowed', () =>
    fc.assert(
      fc.property(fc.oneof(...PRIVATE.map(within)), (ip) => {
        for (const text of spellings(ip)) {
          assert.notEqual(addressFault(text, false), null, text);
          if (ip !== 0x7f000001) assert.equal(isPrivateOnly(text), true, text);
        }
      }),
    ));

  it('of IPv6 is taken out of what is given out only', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }),
        (parts) => {
          const text = parts.map((part) => part.toString(16)).join(':');
          const isGlobal = ((parts[0] ?? 0) & 0xe000) === 0x2000;
          if (addressFault(text, false) === null) assert.ok(isGlobal, text);
        },
      ),
      { numRuns: 1000 },
    ));

  it('of another machine is taken', () => {
    for (const text of ['1.1.1.1', '93.184.215.14', '2606:4700:4700::1111', '::ffff:1.1.1.1'])
      assert.equal(addressFault(text, false), null, text);
  });

  it('that is none, or of one interface only, is refused', () => {
    for (const text of [
      '',
      'x',
      '1.1.1.1/8',
      'fe80::1%eth0',
      '2606:4700::1111%1',
      '2001:0:1::1',
      '64:ff9b:1::101:101',
    ])
      assert.notEqual(addressFault(text, true), null, text);
  });
});
