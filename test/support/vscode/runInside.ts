// The process of the extension suite: bundles test/extension and runs it inside the VS Code named by PIPESCOPE_VSCODE.
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { appendFileSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale } from '../../../.ci/build.mjs';
import { findChromium } from '../chromium.ts';
import { endWithParent } from '../endWithParent.ts';
import { root } from '../paths.ts';
import type { ResultLine } from '../reporter.ts';
import { makeTempDir, removeTempDir } from '../tempDir.ts';
import { currentHostName, findHost, hostVersion } from './hosts.ts';
import { usesDesktop } from './provision.mjs';
import { endService, killServiceAtExit } from './service.ts';

endWithParent();
const name = currentHostName();
const bundle = join(root, 'out/test/extension.cjs');

if (usesDesktop || (findHost(name) && findChromium())) await run();
else skipAll(`VS Code ${hostVersion(name)} or Chromium is not installed on this machine`);

async function run(): Promise<void> {
  await buildIfStale(root);
  await bundleTests();
  const workspace = makeTempDir('workspace');
  const data = makeTempDir('data');
  killServiceAtExit(data);
  try {
    await runTests({
      ...(usesDesktop
        ? { version: hostVersion(name) }
        : { vscodeExecutablePath: fileURLToPath(new URL('./code.mjs', import.meta.url)) }),
      extensionDevelopmentPath: root,
      extensionTestsPath: bundle,
      launchArgs: [workspace],
      extensionTestsEnv: {
        ...process.env,
        PIPESCOPE_ROOT: root,
        PIPESCOPE_DATA_DIR: data,
        PIPESCOPE_TEST_VSCODE_VERSION: hostVersion(name),
        PIPESCOPE_TEST_TRACES: join(root, 'out/test/traces', `extension-${name}`),
      },
    });
  } catch (error) {
    // The failed tests stand above and in the result file; what is left to say is that it failed.
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    await endService(data);
    removeTempDir(workspace);
    removeTempDir(data);
  }
}

async function bundleTests(): Promise<void> {
  await build({
    entryPoints: [join(root, 'test/extension/index.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
    absWorkingDir: root,
    // paths.ts asks for it; PIPESCOPE_ROOT comes first.
    define: { 'import.meta.url': '"file:///"' },
  });
}

/** Counts each test of the suite as skipped, by its `it(`: nothing can be loaded without VS Code. */
function skipAll(reason: string): void {
  console.log(`Skipped: ${reason}.`);
  const folder = join(root, 'test/extension/suite');
  const lines: ResultLine[] = readdirSync(folder)
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').match(/\bit\(/g) ?? [])
    .map(() => ({ outcome: 'skipped', title: reason }));
  lines.push({ outcome: 'finished' });
  const results = process.env.PIPESCOPE_TEST_RESULTS;
  if (results) appendFileSync(results, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
