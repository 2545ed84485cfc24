import assert from 'node:assert/strict';
import fc from 'fast-check';
import { idHashOf } from '../../../service/storage/entryId.ts';
import { hashAscii, hashId } from '../../../service/storage/seenIds.ts';

const payloadOf = (event: object) => Buffer.from(JSON.stringify({ received_at: 1, event }));

/** Texts that look like what the search looks for. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('"', '\\', '}', '}}', ',"id":"', '{"id":"', 'id', 'é', 'a'), {
      maxLength: 6,
    })
    .map((parts) => parts.join('')),
);
const inner = fc.oneof(text, fc.record({ id: text }), fc.record({ a: fc.record({ id: text }) }));

describe('the id of a journal entry', () => {
  it('is what parsing the entry gives, wherever it stands and whatever stands around it', () => {
    fc.assert(
      fc.property(text, inner, inner, fc.nat(2), (id, x, y, place) => {
        const event = [
          { id, x, y },
          { x, id, y },
          { x, y, id },
        ][place] as object;
        assert.equal(idHashOf(1, payloadOf(event)), hashId(id));
      }),
      { numRuns: 3000 },
    );
  });

  it('is none where the line holds no event', () => {
    for (const payload of ['1', '{}', '{"received_at":1}', '{"received_at":1,"event":{"x":{}}}'])
      assert.equal(idHashOf(1, Buffer.from(payload)), undefined);
    assert.equal(idHashOf(1, payloadOf({ x: { id: 'not its own' } })), undefined);
    assert.equal(idHashOf(1, payloadOf({ x: '","id":"not its own' })), undefined);
    assert.equal(idHashOf(1, payloadOf({ id: 7, x: ',"id":"' })), undefined);
  });

  it('has the same hash as text and as bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (id) => {
        const bytes = Buffer.from(`..${id}.`);
        assert.equal(hashAscii(bytes, 2, bytes.length - 1), hashId(id));
      }),
    );
  });
});
