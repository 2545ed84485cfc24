import assert from 'node:assert/strict';
import fc from 'fast-check';
import { escapeMarkdown, factTable, withoutLinks } from '../../src/markdown.ts';

describe('foreign text in a hover', () => {
  it('stays text: no link, image, table column, HTML or new line', () => {
    const text = '[x](command:evil) ![y](z) | <b> `c` \n# title';
    assert.equal(
      factTable('a|b', [['Name', text]])
        .split('\n')
        .at(-1),
      '| Name | \\[x\\]\\(command\\:evil\\) \\!\\[y\\]\\(z\\) \\| \\<b\\> \\`c\\` \\# title |',
    );
  });

  it('has a backslash before all punctuation', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.doesNotMatch(escapeMarkdown(text).replace(/\\[!-~]/g, ''), /[!-/:-@[-`{-~\n]/);
      }),
    );
  });

  it('makes no link of a message either', () => {
    assert.equal(withoutLinks('failed: [click](command:x)'), 'failed: [click] (command:x)');
  });
});
