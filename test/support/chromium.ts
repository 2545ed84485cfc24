import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../.ci/chromium.mjs';

export { findChromium };

/** For a headless Chromium in a container: no sandbox, no GPU, small /dev/shm, and no request of its own. */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Starts the machine's Chromium, headless. The caller closes it. */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('No Chromium found. Install it, or set PIPESCOPE_CHROMIUM.');
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  return chromium.launch({ executablePath, args: chromiumArgs, ...signals });
}
