import assert from 'node:assert/strict';
import fc from 'fast-check';
import { escaped, isolated } from '../../../service/protocol/htmlText.ts';

const ENTITIES: Record<string, string> = {
  ...{ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" },
};
const read = (html: string): string =>
  html.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? '');

describe('a text of others in HTML', () => {
  it('opens no tag and no attribute, and reads as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), (text) => {
        const html = escaped(text);
        assert.doesNotMatch(html, /[<>"']/);
        if (!/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]/.test(text))
          assert.equal(read(html), text);
      }),
    );
  });

  it('shows a sign for what no text may hold, and keeps lines, emoji and accents', () => {
    assert.equal(escaped('a\u0000\u001bb\ud83d\u0085'), 'a\ufffd\ufffdb\ufffd\ufffd');
    assert.equal(escaped('a\n\t\ud83d\ude00 é'), 'a\n\t\ud83d\ude00 é');
  });

  it('is cut where nobody would read on', () => {
    assert.equal(escaped('x'.repeat(20_000)).length, 10_001);
  });

  it('keeps its direction to itself', () => {
    assert.equal(isolated('\u202eabc <'), '<bdi>\u202eabc &lt;</bdi>');
  });
});
