import { findChromium } from './chromium.ts';
import { findHost, currentHostName } from './vscode/hosts.ts';

const said = new Set<string>();

/** In a `describe`: skips its tests, counted, when this machine cannot run them, and says once why. */
export function skipWhen(missing: boolean, reason: string): void {
  before(function () {
    if (!missing) return;
    if (!said.has(reason)) console.log(`Skipped: ${reason}`);
    said.add(reason);
    this.skip();
  });
}

/** In a `describe` whose tests use Chromium. */
export function needsChromium(): void {
  skipWhen(!findChromium(), 'no Chromium on this machine.');
}

/** In a `describe` whose tests use a VS Code workbench. */
export function needsVscode(): void {
  needsChromium();
  const name = currentHostName();
  skipWhen(!findHost(name), `the ${name} VS Code host is not installed on this machine.`);
}
