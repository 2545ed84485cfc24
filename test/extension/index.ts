// What VS Code loads: runs every test/extension/suite/*.test.ts in the extension host. Bundled to out/test/extension.cjs.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { newMocha, runMocha } from '../support/mocha.ts';
import { root } from '../support/paths.ts';

export async function run(): Promise<void> {
  const mocha = newMocha();
  // The suites lie in this bundle, so mocha has no file to load; it only lends them its globals.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  const suffix = '.test.ts';
  const files = readdirSync(join(root, 'test/extension/suite')).filter((file) =>
    file.endsWith(suffix),
  );
  for (const file of files.sort()) await import(`./suite/${file.slice(0, -suffix.length)}.test.ts`);
  const failures = await runMocha(mocha);
  if (failures > 0) throw new Error(`${failures} tests failed inside VS Code.`);
}
