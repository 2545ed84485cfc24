import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './command.mjs';
import { canInstall, installDebian } from './debian.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The path of Chromium or Chrome: `PIPESCOPE_CHROMIUM`, else one from the PATH; undefined when there is none. */
export function findChromium(env = process.env) {
  if (env.PIPESCOPE_CHROMIUM) return env.PIPESCOPE_CHROMIUM;
  const folders = [...(env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/bin'];
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...applications].find(isExecutable);
}

/** Installs Chromium where that is possible. Returns what to say about it when there is none. */
export async function provideChromium() {
  if (findChromium()) return [];
  if (!canInstall()) {
    return [
      'No Chromium found: tests in a browser are skipped. Install it, or set PIPESCOPE_CHROMIUM to its path.',
    ];
  }
  console.log('Installing Chromium (about 1 minute)');
  try {
    await installDebian('chromium');
    // Ubuntu's package of that name is only a pointer to a snap, which containers cannot run.
    await run(findChromium() ?? 'chromium', ['--version']);
    return [];
  } catch (error) {
    const reason = error.message.split('\n')[0];
    return [`Chromium could not be installed (${reason}): tests in a browser are skipped.`];
  }
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
