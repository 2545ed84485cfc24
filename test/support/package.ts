// Packages the extension: node --import tsx test/support/package.ts
import { createVSIX } from '@vscode/vsce';
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './paths.ts';
import { listZip } from './zip.ts';

/** What a download may weigh, in bytes. */
const sizeLimit = 1.5 * 1024 * 1024;

/** Everything a .vsix may hold; vsce adds the first two and writes the names of the documents in its own way. */
const allowed = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(package\.json|package\.nls(\.[\w-]+)?\.json)$/,
  /^extension\/l10n\/bundle\.l10n\.[\w-]+\.json$/,
  /^extension\/(readme\.md|changelog\.md|LICENSE(\.txt|\.md)?)$/i,
  /^extension\/(dist|media)\/.*(?<!\.map)$/,
  // The README's picture.
  /^extension\/docs\/images\/pipescope\.png$/,
];

/**
 * Writes the .vsix; its size in bytes. vsce runs the production build (`vscode:prepublish`) first. Throws when the file is too large or holds a
 * file that does not belong in it.
 */
export async function packageExtension(file: string): Promise<number> {
  mkdirSync(dirname(file), { recursive: true });
  await createVSIX({
    cwd: root,
    packagePath: file,
    // Everything is bundled.
    dependencies: false,
    allowMissingRepository: true,
    // There is no public repository whose addresses could stand for the picture and the links of the read-me.
    rewriteRelativeLinks: false,
  });
  const zip = readFileSync(file);
  const strangers = unexpectedFiles(listZip(zip).map(({ name }) => name));
  if (strangers.length > 0) {
    throw new Error(`These files do not belong in the package: ${strangers.join(', ')}`);
  }
  if (zip.length > sizeLimit) {
    throw new Error(
      `The package has ${megabytes(zip.length)}; the limit is ${megabytes(sizeLimit)}.`,
    );
  }
  return zip.length;
}

export function unexpectedFiles(names: readonly string[]): string[] {
  return names.filter((name) => !allowed.some((pattern) => pattern.test(name)));
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(2)} MB`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const file = join(root, `pipescope-${version}.vsix`);
  const size = await packageExtension(file);
  console.log(`${basename(file)}: ${megabytes(size)}`);
}
