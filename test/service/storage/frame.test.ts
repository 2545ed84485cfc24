import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeFrame, encodeFrame, encodeFrames } from '../../../service/storage/frame.ts';

const sequence = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const payload = fc.json({ stringUnit: 'binary' });

describe('journal frame', () => {
  it('comes back as it went in, at any offset', () => {
    fc.assert(
      fc.property(sequence, payload, fc.nat(50), (seq, text, offset) => {
        const line = Buffer.concat([
          Buffer.alloc(offset, '\n'),
          Buffer.from(encodeFrame(seq, text)),
        ]);
        const frame = decodeFrame(line, offset);
        assert.ok(typeof frame !== 'string');
        assert.equal(frame.seq, seq);
        assert.equal(
          line.toString('utf8', frame.payloadStart, frame.payloadEnd),
          Buffer.from(text).toString(),
        );
        assert.equal(frame.end, line.length);
        assert.equal(frame.endIntact, true);
      }),
    );
  });

  it('is incomplete, not damaged, when cut anywhere', () => {
    fc.assert(
      fc.property(sequence, payload, (seq, text) => {
        const line = Buffer.from(encodeFrame(seq, text));
        for (let cut = 0; cut < line.length; cut++) {
          assert.equal(decodeFrame(line.subarray(0, cut), 0), 'incomplete', `cut at ${cut}`);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('never gives another payload or number after a flipped bit', () => {
    fc.assert(
      fc.property(sequence, payload, (seq, text) => {
        const line = Buffer.from(encodeFrame(seq, text));
        for (let bit = 0; bit < line.length * 8; bit++) {
          const flipped = Buffer.from(line);
          flipped[bit >> 3]! ^= 1 << (bit & 7);
          const frame = decodeFrame(flipped, 0);
          const inLineEnd = bit >> 3 === line.length - 1;
          assert.equal(typeof frame === 'string', !inLineEnd, `bit ${bit}`);
          if (typeof frame !== 'string') assert.equal(frame.endIntact, false);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('takes neither zeros nor a payload of no bytes nor numbers with leading zeros', () => {
    for (const text of [
      '\0\0\0\0\0\0\0\0',
      encodeFrame(1, ''),
      'P1 01 1 00000000 x\n',
      'P2 1 1 0 x\n',
    ]) {
      assert.equal(decodeFrame(Buffer.from(text), 0), 'damaged', text);
    }
  });
});

describe('frames of a call', () => {
  it('are the same bytes as frames made one by one, whatever the text', () => {
    const texts = fc.array(
      fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), texts, (firstSeq, values) => {
        const bodies = values.map((value) => JSON.stringify({ value }));
        const expected = bodies
          .map((body, i) => encodeFrame(firstSeq + i, `{"at":1,"event":${body}}`))
          .join('');
        const made = encodeFrames(firstSeq, { before: '{"at":1,"event":', bodies, after: '}' });
        assert.equal(made.toString('utf8'), expected);
      }),
    );
  });
});
