/** The demo pipeline as a process of its own: it goes on when the window closes, and ends when a person stops it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import type { Endpoint } from './endpoint.ts';
import { nodeEnvironment } from './launcher.ts';

export interface DemoOptions {
  /** `main.mjs` of the document pipeline. */
  script: string;
  /** The folder whose documents it reads. */
  root: string;
  /** The phase that is to fail. */
  fail?: string;
  endpoint: Endpoint;
  /** Takes what it prints: the process does not depend on this window reading it. */
  output: string;
}

export interface Demo {
  /** Resolves with the exit code; null when it was ended by a signal or could not be started. */
  ended: Promise<number | null>;
  /** Asks it to stop in good order. */
  stop(): void;
}

export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { script, root, fail, endpoint, output } = options;
  await mkdir(dirname(output), { recursive: true });
  const file = await open(output, 'w', 0o600);
  try {
    const args = [script, '--root', root, ...(fail === undefined ? [] : ['--fail', fail])];
    const child = spawn(process.execPath, args, {
      detached: true,
      windowsHide: true,
      stdio: ['ignore', file.fd, file.fd],
      cwd: homedir(),
      env: {
        ...nodeEnvironment(process.env),
        PIPESCOPE_URL: endpoint.url,
        PIPESCOPE_TOKEN: endpoint.tokens.ingest,
      },
    });
    child.unref();
    return { ended: endOf(child), stop: () => child.kill('SIGTERM') };
  } finally {
    await file.close();
  }
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', (code) => resolve(code));
  });
}
