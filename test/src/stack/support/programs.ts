import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeTempDir, removeTempDir } from '../../../support/tempDir.ts';

/** True where this machine has a program; it is asked for its version. */
export function has(program: string, argument = '--version'): boolean {
  return spawnSync(program, [argument], { stdio: 'ignore' }).status === 0;
}

export interface Folder {
  path: string;
  /** What a command prints on both streams, in the order of its failure: stdout first. */
  run(command: string, args: readonly string[], env?: Record<string, string>): string;
  write(files: Record<string, string>): void;
}

/** In a `describe`: a folder for programs that fail, removed after its tests. */
export function useFolder(): Folder {
  let path = '';
  before(() => {
    path = makeTempDir('stack');
  });
  after(() => removeTempDir(path));
  return {
    get path() {
      return path;
    },
    run(command, args, env = {}) {
      const { stdout, stderr } = spawnSync(command, args, {
        cwd: path,
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C', ...env },
        timeout: 60_000,
      });
      return `${stdout}${stderr}`;
    },
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), text);
      }
    },
  };
}

/** The interpreters of this machine from 3.9 on, `python3` first. */
export function pythons(): string[] {
  const versions = join(homedir(), '.pyenv/versions');
  let others: string[] = [];
  try {
    others = readdirSync(versions)
      .filter((name) => /^3\.(?:9|1\d)\./.test(name))
      .map((name) => join(versions, name, 'bin/python'));
  } catch {
    others = []; // no pyenv here
  }
  return ['python3', ...others].filter((name) => has(name));
}
