import assert from 'node:assert/strict';
import { unexpectedFiles } from './package.ts';
import { listZip } from './zip.ts';

/** `zip -0` of a.txt holding "hello", without extra fields. */
const zip = Buffer.from(
  'UEsDBAoAAAAAAAAAIQCGphA2BQAAAAUAAAAFAAAAYS50eHRoZWxsb1BLAQIUAAoAAAAAAAAAIQCGphA2BQAAAAUAAAAFAAAAAAAAAAAAAAAAAAAAAABhLnR4dFBLBQYAAAAAAQABADMAAAAoAAAAAAA=',
  'base64',
);

describe('the check of the package', () => {
  it('lists a zip file with sizes', () => {
    assert.deepEqual(listZip(zip), [{ name: 'a.txt', size: 5 }]);
  });

  it('refuses what is no zip file', () => {
    assert.throws(() => listZip(Buffer.from('not a zip')), /Not a zip file/);
  });

  it('lets in the bundles, the media, the manifest and the documents', () => {
    const files = [
      '[Content_Types].xml',
      'extension.vsixmanifest',
      'extension/package.json',
      'extension/package.nls.json',
      'extension/package.nls.de.json',
      'extension/readme.md',
      'extension/LICENSE.txt',
      'extension/dist/cli.js',
      'extension/media/icon.svg',
    ];
    assert.deepEqual(unexpectedFiles(files), []);
  });

  it('keeps out sources, source maps, tests and credentials', () => {
    const files = [
      'extension/dist/cli.js.map',
      'extension/src/extension.ts',
      'extension/.env',
      'extension/test/run.ts',
      'extension/node_modules/ws/index.js',
    ];
    assert.deepEqual(unexpectedFiles(files), files);
  });
});
