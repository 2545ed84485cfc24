import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { canInstall, installDebian } from './debian.mjs';

const programs = ['prometheus', 'promtool'];

/** Installs Prometheus where that is possible. Returns what to say about it when there is none. */
export async function providePrometheus(env = process.env) {
  const folders = [...(env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/bin'];
  const found = (name) => folders.some((folder) => existsSync(join(folder, name)));
  if (programs.every(found)) return [];
  const skipped = 'the tests that are scraped by it are skipped.';
  if (!canInstall()) return [`No Prometheus found: ${skipped}`];
  console.log('Installing Prometheus (about half a minute)');
  try {
    await installDebian('prometheus');
    return [];
  } catch (error) {
    return [`Prometheus could not be installed (${error.message.split('\n')[0]}): ${skipped}`];
  }
}
