#!/usr/bin/env node
// Makes a bare checkout ready. Every npm script that needs something calls this first.
//   node .ci/setup.mjs            the packages
//   node .ci/setup.mjs --build    and dist/
//   node .ci/setup.mjs --test     and Chromium, Prometheus and the two VS Code hosts of the tests
// Does nothing, in well under a second, when all is there; two at the same time wait for each other.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Pipescope needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer Node and run the command again.`,
  );
  process.exit(1);
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const wants = (flag) => process.argv.includes(flag);

/** The machine's share of the tests. What cannot be had here is said in one line, and its tests are skipped. */
async function prepareTests() {
  const { provideChromium } = await import('./chromium.mjs');
  const { providePrometheus } = await import('./prometheus.mjs');
  const { provideHosts } = await import('../test/support/vscode/provision.mjs');
  const missing = await Promise.all([provideChromium(), providePrometheus(), provideHosts(root)]);
  for (const line of missing.flat()) console.log(line);
}

try {
  const { installPackages } = await import('./packages.mjs');
  await installPackages(root).catch((error) => {
    throw new Error(`The packages could not be installed. npm said:\n${error.message}`);
  });
  if (wants('--build')) await (await import('./build.mjs')).buildIfStale(root);
  if (wants('--test')) await prepareTests();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
