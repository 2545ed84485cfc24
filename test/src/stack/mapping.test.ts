import assert from 'node:assert/strict';
import fc from 'fast-check';
import { endsOf, mapped, mappingsOf, mostAlike, segmentsOf } from '../../../src/stack/mapping.ts';

describe('mapping paths from elsewhere', () => {
  const map = (file: string, setting: unknown): string[] => mapped(file, mappingsOf(setting));

  it('puts the folder of the workspace for the prefix, the longest first', () => {
    const setting = { '/app': 'src', '/app/lib': 'packages/lib', '/other': 'x' };
    assert.deepEqual(map('/app/lib/a.py', setting), ['packages/lib/a.py', 'src/lib/a.py']);
    assert.deepEqual(map('/app/a.py', setting), ['src/a.py']);
    assert.deepEqual(map('/apple/a.py', setting), []);
  });

  it('takes work directories of any name, the workspace itself, and both kinds of slash', () => {
    const file = '/work/20/4f63e680b16ec29bb9898a8bed1053/bin/sum.py';
    assert.deepEqual(map(file, { '/work/*/*': '' }), ['bin/sum.py']);
    assert.deepEqual(map(file, { '/work/*/*/': '${workspaceFolder}/pipeline/' }), [
      'pipeline/bin/sum.py',
    ]);
    assert.deepEqual(map('C:\\build\\src\\a.cs', { 'C:\\build': '' }), ['src/a.cs']);
  });

  it('leaves out what is no mapping', () => {
    for (const setting of [undefined, null, 3, 'x', [], { '/app': 3 }, { '/app': null }])
      assert.deepEqual(map('/app/a.py', setting), []);
  });

  it('gives the ends of a path that may lie under a folder', () => {
    assert.deepEqual(endsOf('/usr/src/a.py'), ['usr/src/a.py', 'src/a.py']);
    assert.deepEqual(endsOf('C:\\x\\a.py'), ['x/a.py']);
    assert.deepEqual(endsOf('a.py'), []);
    assert.deepEqual(endsOf('../x/a.py'), []);
  });

  it('chooses the file that ends most like it, and none where two do', () => {
    assert.equal(mostAlike('/app/src/a.py', ['/ws/x/a.py', '/ws/src/a.py']), '/ws/src/a.py');
    assert.equal(mostAlike('/app/src/a.py', ['/ws/1/src/a.py', '/ws/2/src/a.py']), undefined);
    assert.equal(mostAlike('/app/a.py', ['/ws/deep/a.py']), '/ws/deep/a.py');
    assert.equal(mostAlike('/app/a.py', ['/ws/1/a.py', '/ws/2/a.py']), undefined);
    assert.equal(mostAlike('/app/a.py', []), undefined);
  });

  it('never leads out of where it was mapped to by names alone', () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.string()), (file, setting) => {
        map(file, setting);
        mostAlike(file, Object.keys(setting));
        for (const end of endsOf(file)) assert.ok(!end.split('/').includes('..'));
        assert.ok(segmentsOf(file).every((name) => !/[\\/]/.test(name)));
      }),
    );
  });
});
